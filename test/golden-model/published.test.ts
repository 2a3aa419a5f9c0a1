/**
 * Any network of the family in binary64 equals the published computation without folding. The reference files are
 * square; here height is not width, sizes are odd, stages and depths vary: a swapped axis cannot hide.
 */
import { foldNetwork, listLifs, resolveLif, runNetwork } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runPublished } from '../support/published-network.js';
import { anyConfig, randomCheckpoint, randomImage, smallConfig } from '../support/random-network.js';

/** Spikes of one LIF in the order of this project. */
function flatten(maps: readonly number[][][][]): number[] {
  return maps.flatMap((map) => {
    const [height, width] = [map[0]!.length, map[0]![0]!.length];
    const tokens = Array.from({ length: height * width }, (_, l) => [Math.floor(l / width), l % width] as const);
    return tokens.flatMap(([y, x]) => map.map((channel) => channel[y]![x]!));
  });
}

function assertEqualsPublished(config: ReturnType<typeof smallConfig>, seed: number): number {
  const checkpoint = randomCheckpoint(config, seed);
  const image = randomImage(config, seed + 1);
  const published = runPublished(checkpoint, image);
  const run = runNetwork(foldNetwork(checkpoint), image, { spikes: true });
  let fired = 0;
  for (const [name, maps] of published.spikes) {
    const { lif, firstChannel, channels } = resolveLif(config, name)!;
    const all = listLifs(config).find((shape) => shape.name === lif)!.channels;
    const own = run.spikes.get(lif)!.filter((_, i) => i % all >= firstChannel && i % all < firstChannel + channels);
    const expected = flatten(maps);
    assert.equal([...own], expected, name);
    fired += expected.reduce((sum, spike) => sum + spike, 0) / expected.length;
  }
  published.logits.forEach((logit, k) => {
    assert.ok(Math.abs(logit - run.logits[k]!) < 1e-9, `class ${k}: ${logit}, ${run.logits[k]}`);
  });
  return fired / published.spikes.size;
}

test('both variants on a map that is not square, and neither silent nor always firing', () => {
  for (const spe of [true, false]) {
    const rate = assertEqualsPublished(smallConfig({ spe, dim: 6, imageHeight: 13, imageWidth: 22 }), 3);
    assert.ok(rate > 0.02 && rate < 0.9, `mean rate ${rate}`);
  }
});

test('any network of the family', () => {
  fc.assert(
    fc.property(anyConfig, fc.integer({ min: 0, max: 2 ** 31 }), (config, seed) => {
      assertEqualsPublished(config, seed);
    }),
    { numRuns: 60 },
  );
});

test.run();
