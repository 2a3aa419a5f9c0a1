import {
  foldNetwork,
  listLifs,
  type QuantizedNetwork,
  runNetwork,
  startStatistics,
  tokenCount,
} from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomCheckpoint, randomImage, randomQuantized, smallConfig } from '../support/random-network.js';
import { loadLabels, loadPixels, loadQuant } from '../support/references.js';

/** Runs everything and returns the summary. */
function summarize(network: QuantizedNetwork, images: readonly Uint8Array[], labels?: ArrayLike<number>) {
  const run = startStatistics(network);
  images.forEach((image, i) => void run.run(image, labels?.[i]));
  return run.summary();
}

test('operations of the reference networks per image, dense and effective', () => {
  const digits = loadQuant('digits-tiny', 'w4-ptq');
  const all = summarize(digits, loadPixels('digits-tiny', digits.config, 'test'), loadLabels('digits-tiny'));
  assert.is(all.denseOperations, 857_088);
  assert.is(Math.round(all.effectiveOperations / 1000), 141);
  assert.is(all.top1, 354 / 360);
  assert.is(all.images, 360);
  const mnist = loadQuant('mnist-small', 'w4-ptq');
  const some = summarize(mnist, loadPixels('mnist-small', mnist.config, 'test').slice(0, 200));
  assert.is(some.denseOperations, 3_962_880);
  assert.is(Math.round(some.effectiveOperations / 1000), 385);
  assert.is(some.top1, null);
});

test('firing rates and membrane extremes are those of the traces', () => {
  for (const spe of [true, false]) {
    const network = randomQuantized(smallConfig({ spe }), 3);
    const images = [1, 2, 3].map((seed) => randomImage(network.config, seed));
    const { lifs, meanFiringRate } = summarize(network, images);
    const runs = images.map((image) => runNetwork(network, image, { spikes: true, membranes: true }));
    const all = listLifs(network.config).map((lif) => {
      const spikes = runs.flatMap((run) => [...run.spikes.get(lif.name)!]);
      const membranes = runs.flatMap((run) => [...run.membranes.get(lif.name)!]);
      const { firingRate, membrane } = lifs.find(({ name }) => name === lif.name)!;
      const sum = spikes.reduce((a, b) => a + b, 0);
      assert.is(spikes.length, 3 * 3 * tokenCount(lif) * lif.channels);
      assert.is(firingRate, sum / spikes.length);
      assert.equal(membrane, { min: Math.min(0, ...membranes), max: Math.max(0, ...membranes) });
      return { sum, length: spikes.length };
    });
    const total = all.reduce((a, { sum, length }) => ({ sum: a.sum + sum, length: a.length + length }));
    assert.is(meanFiringRate, total.sum / total.length);
  }
});

test('effective operations: spikes times what each reaches', () => {
  const network = randomQuantized(smallConfig({ spe: false, depths: [1] }), 3);
  const { config } = network;
  const images = [1, 2].map((seed) => randomImage(config, seed));
  const { layers } = summarize(network, images);
  const spikesOf = (lif: string): number => {
    const runs = images.map((image) => runNetwork(network, image, { spikes: true }).spikes.get(lif)!);
    return runs.reduce((sum, spikes) => sum + spikes.reduce((a, b) => a + b, 0), 0) / images.length;
  };
  const of = (name: string): number => layers.find(({ layer }) => layer.name === name)!.effectiveOperations;
  const stage = spikesOf('to_patch_embedding_lif.0');
  assert.is(of('token_mix.0.BN'), stage);
  assert.is(of('token_mix.0.proj_h'), stage * 4);
  assert.is(of('token_mix.0.proj_w'), stage * 7);
  const joined = ['activation', 'proj_h.3', 'proj_w.3'].map((name) => spikesOf(`token_mix.0.${name}`));
  assert.is(of('token_mix.0.fuse'), 3 * joined.reduce((a, b) => a + b, 0));
  assert.is(of('channel_mix.0.1.net.0'), 6 * spikesOf('token_mix_lif.0'));
  assert.is(of('channel_mix.0.1.net.3'), 3 * spikesOf('channel_mix.0.1.net.2'));
  assert.is(of('mlp_head'), 4 * spikesOf('channel_mix_lif.0'));
  const bits = images.map((image) => {
    const read = image.filter((_, i) => Math.floor(i / config.imageWidth) % config.imageHeight < 8);
    return read.reduce((sum, pixel) => sum + pixel.toString(2).replaceAll('0', '').length, 0);
  });
  assert.is(of('to_patch_embedding.0'), (3 * (bits[0]! + bits[1]!)) / 2);
});

test('it works on the float network, with membranes as real numbers', () => {
  const network = foldNetwork(randomCheckpoint(smallConfig(), 3));
  const run = startStatistics(network);
  run.run(randomImage(network.config, 1), 2);
  const { top1, lifs } = run.summary();
  assert.ok(top1 === 0 || top1 === 1);
  assert.ok(lifs.some(({ membrane }) => !Number.isInteger(membrane.min)));
  assert.ok(lifs.every(({ membrane }) => membrane.max < 1));
});

test.run();
