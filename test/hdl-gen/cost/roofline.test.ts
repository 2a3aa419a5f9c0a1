/** The cycles that each part would need alone are those of the passes, and no layer takes fewer. */
import { derive } from '@spikemill/golden-model';
import { plan, type RooflinePart, rooflineOf, utilisationOf } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyConfig, randomQuantized } from '../../support/random-network.js';
import { anyOptions } from '../../support/random-plan.js';
import { loadQuant } from '../../support/references.js';

test('no layer is faster than its roof', () => {
  fc.assert(
    fc.property(anyConfig, fc.integer(), anyOptions, fc.boolean(), (config, seed, options, isTree) => {
      const network = randomQuantized(config, seed);
      const planned = plan(network, isTree ? options : { ...options, lane: 'table', loopOrder: 'group' });
      for (const { cycles, demands, binding } of rooflineOf(network, planned, utilisationOf(planned).layers)) {
        const { external: _, ...inside } = demands;
        for (const [part, needed] of Object.entries(inside))
          assert.ok(needed <= cycles, `${part}: ${needed} of ${cycles}`);
        assert.is(demands[binding], Math.max(...Object.values(demands)));
        // padding only adds, and no weight serves twice
        if (isTree) assert.ok(demands.lanes <= demands['weight port']);
      }
    }),
    { numRuns: 60 },
  );
});

test('every digit of a weight of planes on the spike array takes an addition', () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  const choice = { lanes: 4, inputs: 2, neurons: 2, tokenBlock: 16 };
  const [own, shared] = (['own', 'shared'] as const).map((planes) => {
    const planned = plan(network, { ...choice, planes });
    const layers = rooflineOf(network, planned, utilisationOf(planned).layers);
    return (name: string) => layers.find((each) => each.name === name)!.demands.lanes;
  });
  const digits = plan(network, { ...choice, planes: 'shared' }).passes.map((pass) => pass.digits);
  for (const [name, count] of [
    ['to_patch_embedding.0', digits[0]!],
    ['mlp_head', digits.at(-1)!],
  ] as const) {
    assert.ok(count >= 2);
    assert.is(shared!(name), count * own!(name));
  }
});

test('figures of a small network, by hand', () => {
  const network = loadQuant('digits-tiny', 'w4-ptqbc');
  // 12 channels, T 4, 64 tokens of 8 x 8, 10 classes
  const planned = plan(network, { lanes: 4, inputs: 2, neurons: 2, tokenBlock: 16 });
  const layers = rooflineOf(network, planned, utilisationOf(planned).layers);
  const layer = (name: string): Record<RooflinePart, number> => layers.find((each) => each.name === name)!.demands;
  // 3 words of 4 channels a token, 8 taps of an axis; 2 groups of neurons
  const tiles = 64 * 3;
  const steps = 2 * 4;
  assert.equal(layer('token_mix.0.proj_h'), {
    lanes: (64 * 12 * 8 * 4) / (4 * 4),
    'weight port': tiles * 8,
    'spike port': tiles * 8,
    'neuron unit': tiles * steps,
    'residual port': 0,
    external: 0,
  });
  // three maps of 12 channels, two a cycle; h of stage 0 is constant in time, h + tok is not
  const fuse = layer('token_mix.0.fuse');
  assert.is(fuse['spike port'], tiles * 18);
  assert.is(fuse['residual port'], tiles * steps);
  assert.is(layer('to_patch_embedding.0').external, 256);
  assert.is(layer('to_patch_embedding.0')['residual port'], tiles * 2);
  assert.is(layer('mlp_head').external, 22);
  assert.is(layer('mlp_head')['neuron unit'], 3 * 4);
  assert.is(layers.length, derive(network).layers.length);
});

test.run();
