import { foldNetwork, listLifs, type QuantizedNetwork, runNetwork, tokenCount } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { argmax } from '../../golden-model/src/run.js';
import { anyConfig, randomCheckpoint, randomImage, randomQuantized, smallConfig } from '../support/random-network.js';

const network = randomQuantized(smallConfig(), 5);
const image = randomImage(network.config, 6);

test('traces are kept only if asked for, one for each LIF, [T, token, channel]', () => {
  const bare = runNetwork(network, image);
  assert.is(bare.spikes.size + bare.currents.size + bare.membranes.size, 0);
  const run = runNetwork(network, image, { spikes: true, currents: true, membranes: true });
  for (const lif of listLifs(network.config)) {
    const length = network.config.timesteps * tokenCount(lif) * lif.channels;
    for (const trace of [run.spikes, run.currents, run.membranes]) assert.is(trace.get(lif.name)!.length, length);
  }
  assert.equal(run.logits, bare.logits);
});

test('integers stay integers, and floats floats', () => {
  assert.instance(runNetwork(network, image).logits, Int32Array);
  const folded = foldNetwork(randomCheckpoint(network.config, 5));
  assert.instance(runNetwork(folded, image).logits, Float64Array);
});

test('the traces obey the neuron: spikes and membranes follow from the currents', () => {
  const { spikes, currents, membranes } = runNetwork(network, image, { spikes: true, currents: true, membranes: true });
  for (const { name, channels, height, width } of listLifs(network.config)) {
    if (name.endsWith('net.2')) continue;
    const size = channels * height * width;
    currents.get(name)!.forEach((current, i) => {
      const acc = current + (i < size ? 0 : membranes.get(name)![i - size]!);
      assert.is(spikes.get(name)![i], acc >= 512 ? 1 : 0);
      assert.is(membranes.get(name)![i], acc >= 512 ? 0 : Math.max(acc >> 1, -512));
    });
  }
});

test('an image leaves nothing behind: the same image gives the same result after another one', () => {
  fc.assert(
    fc.property(anyConfig, fc.integer(), (config, seed) => {
      const quantized = randomQuantized(config, seed);
      const first = runNetwork(quantized, randomImage(config, seed), { spikes: true, membranes: true });
      runNetwork(quantized, randomImage(config, seed + 1));
      const again = runNetwork(quantized, randomImage(config, seed), { spikes: true, membranes: true });
      assert.equal(first.logits, again.logits);
      assert.equal([...first.membranes], [...again.membranes]);
      assert.equal([...first.additions], [...again.additions]);
    }),
    { numRuns: 20 },
  );
});

test('the lowest index wins ties', () => {
  assert.is(argmax([3, 7, 7, -1]), 1);
  assert.is(argmax([-2, -2]), 0);
  assert.is(argmax([-3, -2, -1]), 2);
});

test('an image of the wrong size is refused', () => {
  assert.throws(
    () => runNetwork(network, image.subarray(1)),
    ({ code, details }: { code: string; details: { expected: string; actual: string } }) =>
      code === 'INVALID_IMAGES' && details.expected.startsWith('252 bytes') && details.actual === '251 bytes',
  );
});

test('a quantized network whose sums could leave int32 is refused before it runs', () => {
  const layers = new Map(network.layers);
  const fuse = layers.get('token_mix.1.fuse')!;
  layers.set('token_mix.1.fuse', { ...fuse, exponent: fuse.exponent.map(() => -40) });
  const broken: QuantizedNetwork = { ...network, layers };
  assert.throws(
    () => runNetwork(broken, image),
    ({ code, details }: { code: string; details: { where: string } }) =>
      code === 'INVALID_TENSOR' && details.where === 'token_mix.1.fuse',
  );
});

test('pixels beyond the last whole patch are not read', () => {
  const { inChannels, imageHeight, imageWidth } = network.config;
  assert.equal([imageHeight, imageWidth], [9, 14]);
  const changed = image.map((pixel, i) => (Math.floor(i / imageWidth) % imageHeight === 8 ? 255 - pixel : pixel));
  assert.is(changed.filter((pixel, i) => pixel !== image[i]).length, inChannels * imageWidth);
  assert.equal(runNetwork(network, changed, { spikes: true }), runNetwork(network, image, { spikes: true }));
});

test.run();
