/** Static ranges: nothing ever leaves them, and adversarial spikes reach them. */
import {
  type DerivedLayer,
  derive,
  type Layer,
  listLifs,
  type QuantizedNetwork,
  type Range,
  rangeOf,
  runNetwork,
  type Spikes,
  signedBits,
} from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startSums, transposeAll } from '../../golden-model/src/arithmetic/gated-sums.js';
import { integerArithmetic } from '../../golden-model/src/arithmetic/integer.js';
import { newIntegers } from '../../golden-model/src/arithmetic/numbers.js';
import { anyConfig, randomImage, randomQuantized, smallConfig } from '../support/random-network.js';
import { loadPixels, loadQuant } from '../support/references.js';

function assertInside(values: ArrayLike<number>, { min, max }: Range, message: string): void {
  const seen = rangeOf(Array.from(values));
  assert.ok(seen.min >= min && seen.max <= max, `${message}: ${seen.min}..${seen.max} leaves ${min}..${max}`);
}

/** Runs one image and holds everything that the layers hand on against the ranges. */
function assertRunInside(network: QuantizedNetwork, image: Uint8Array): void {
  const derived = new Map(derive(network).layers.map((layer) => [layer.layer.name, layer]));
  let observed = 0;
  const { logits } = runNetwork(network, image, {
    observe: ({ name }, current, fired) => {
      observed++;
      assertInside(current, derived.get(name)!.current, `current of ${name}`);
      if (fired !== null) assertInside(fired.membranes, derived.get(name)!.membrane, `membrane of ${name}`);
    },
  });
  assert.is(observed, derived.size - 1);
  assertInside(logits, derived.get('mlp_head')!.aligned, 'logits');
}

/** Spikes into a layer, each given by its flat index. The patch embedding reads 8 bit planes, the others T timesteps. */
function spikesInto(layer: Layer, timesteps: number, indices: readonly number[]): Spikes {
  const { channels, height, width } = layer.input;
  const rounds = layer.kind === 'patch-embedding' ? 8 : timesteps;
  const data = new Uint8Array(rounds * height * width * channels);
  for (const index of indices) data[index] = 1;
  return { rounds, channels, height, width, data };
}

/**
 * What the worst spikes do to one layer: for every output, the spikes whose weights are positive, and those whose are
 * negative. Which weights reach an output is found by trying every spike alone.
 */
function attack(
  network: QuantizedNetwork,
  layer: Layer,
): Pick<DerivedLayer, 'accumulator' | 'aligned' | 'product' | 'current'> {
  const { timesteps } = network.config;
  const gated = startSums(network.config, transposeAll(network.layers, newIntegers), newIntegers);
  const arithmetic = integerArithmetic(network, gated);
  const length = spikesInto(layer, timesteps, []).data.length;
  const single = Array.from({ length }, (_, index) => gated.sums(layer, spikesInto(layer, timesteps, [index])));
  const found = {
    accumulator: [] as number[],
    aligned: [] as number[],
    product: [] as number[],
    current: [] as number[],
  };
  const scale = network.secondLinearTokens.get(layer.name)?.scale;
  for (let output = 0; output < single[0]!.length; output++) {
    for (const sign of [1, -1]) {
      const worst = single.flatMap((sums, index) => (sums[output]! * sign > 0 ? [index] : []));
      const spikes = spikesInto(layer, timesteps, worst);
      const aligned = layer.kind === 'head' ? arithmetic.score(layer, spikes) : arithmetic.affine(layer, spikes);
      const current = layer.kind === 'fc1' ? arithmetic.firstLinear(layer, aligned) : aligned;
      const token = Math.floor(output / layer.output.channels) % (layer.output.height * layer.output.width);
      found.accumulator.push(gated.sums(layer, spikes)[output]!);
      found.aligned.push(aligned[output]!);
      found.product.push(aligned[output]! * (scale === undefined ? 1 : scale[token]!));
      found.current.push(current[output]!);
    }
  }
  const { accumulator, aligned, product, current } = found;
  return {
    accumulator: rangeOf(accumulator),
    aligned: rangeOf(aligned),
    product: rangeOf(product),
    current: rangeOf(current),
  };
}

/** Layers whose current holds no other layer's. */
const ALONE = new Set(['patch-embedding', 'patch-step', 'identity', 'axial-h', 'axial-w', 'fc1']);

for (const spe of [true, false]) {
  for (const weightBits of [2, 4, 8]) {
    test(`worst spikes reach the bounds exactly: ${spe ? 'with' : 'without'} SPE, ${weightBits} bits`, () => {
      const config = smallConfig({ spe, depths: [1, 1], timesteps: 2, imageHeight: 6, imageWidth: 9, inChannels: 1 });
      const network = randomQuantized(config, weightBits, { weightBits });
      for (const derived of derive(network).layers) {
        const { layer, accumulator, aligned, product, current } = derived;
        const found = attack(network, layer);
        assert.equal(accumulator, found.accumulator, `accumulator of ${layer.name}`);
        assert.equal(aligned, found.aligned, `aligned of ${layer.name}`);
        assert.equal(product, found.product, `product of ${layer.name}`);
        if (ALONE.has(layer.kind)) assert.equal(current, found.current, `current of ${layer.name}`);
      }
    });
  }
}

test('taps that always lie on the padding count for nothing', () => {
  const config = smallConfig({ imageHeight: 4, imageWidth: 6, depths: [1, 1, 1] });
  const network = randomQuantized(config, 11);
  const cell = derive(network).layers.filter(({ layer }) => layer.kind === 'spe' && layer.stage === 2);
  for (const { layer, accumulator } of cell) {
    assert.equal([layer.output.height, layer.output.width], [1, 1]);
    assert.equal(accumulator, attack(network, layer).accumulator, layer.name);
    const { weight } = network.layers.get(layer.name)!;
    const fanIn = weight.length / layer.weightShape[0]!;
    const blind = Array.from({ length: layer.weightShape[0]! }, (_, o) => {
      return weight.subarray(o * fanIn, (o + 1) * fanIn).reduce((sum, q) => sum + Math.max(0, q), 0);
    });
    assert.ok(accumulator.max < Math.max(...blind), layer.name);
  }
});

test('nothing leaves the ranges in any network of the family, on random and extreme images', () => {
  const options = fc.record({
    weightBits: fc.integer({ min: 2, max: 8 }),
    fractionBits: fc.integer({ min: 3, max: 11 }),
  });
  fc.assert(
    fc.property(anyConfig, fc.integer(), options, (config, seed, bits) => {
      const network = randomQuantized(config, seed, bits);
      const random = randomImage(config, seed);
      for (const image of [
        random,
        random.map(() => 0),
        random.map(() => 255),
        random.map((x) => (x < 128 ? 0 : 255)),
      ]) {
        assertRunInside(network, image);
      }
    }),
    { numRuns: 40 },
  );
});

test('nothing leaves the ranges in the reference networks', () => {
  for (const model of ['stress-spe', 'stress-nospe', 'digits-tiny'] as const) {
    for (const name of ['w4-ptq', 'w8-ptq']) {
      const network = loadQuant(model, name);
      for (const image of loadPixels(model, network.config, 'test').slice(0, 8)) assertRunInside(network, image);
    }
  }
});

test('the current of each convolution of an SPE cell holds the summands so far', () => {
  const network = randomQuantized(smallConfig(), 4);
  const of = (suffix: string): DerivedLayer => {
    return derive(network).layers.find(({ layer }) => layer.name === `to_patch_embedding.1.${suffix}`)!;
  };
  assert.equal(of('cell2node.1').current, of('cell2node.1').aligned);
  assert.equal(of('cell2node.1').membrane, { min: 0, max: 0 });
  const separately = (a: Range, b: Range): Range => ({ min: a.min + b.min, max: a.max + b.max });
  const widths = ({ min, max }: Range): number => max - min;
  const c12 = separately(of('cell2node.1').aligned, of('node1_node2').aligned);
  const sum = of('node1_node2').current;
  assert.ok(widths(sum) <= widths(c12) && widths(sum) > widths(of('node1_node2').aligned));
  assert.ok(widths(of('node2_node3').current) > widths(of('cell2node.2').current));
});

test('shifts are F - e, and 0 for the head', () => {
  const network = loadQuant('stress-spe', 'w4-ptq');
  for (const { layer, shift } of derive(network).layers) {
    const { exponent } = network.layers.get(layer.name)!;
    const expected = { min: 8 - Math.max(...exponent), max: 8 - Math.min(...exponent) };
    assert.equal(shift, layer.kind === 'head' ? { min: 0, max: 0 } : expected, layer.name);
  }
});

test('operations, neuron updates and weight bits of the reference networks', () => {
  const totals = (model: 'mnist-small' | 'digits-tiny'): number[] => {
    const { layers, weightBits } = derive(loadQuant(model, 'w4-ptq'));
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    return [
      sum(layers.map(({ denseOperations }) => denseOperations)),
      sum(layers.map(({ lifUpdates }) => lifUpdates)),
      sum([...weightBits.values()]),
    ];
  };
  assert.equal(totals('mnist-small').slice(0, 2), [3962880, 73728]);
  assert.equal(totals('digits-tiny').slice(0, 2), [857088, 32256]);
  const [spe, axial, fuse, channel] = [9 * 16 * (3 * 24 + 2 * 16), 2 * (64 + 16), 3 * (576 + 2304), 6 * (576 + 2304)];
  assert.is(totals('mnist-small')[2], 8 * (24 * 16 + 10 * 48) + 4 * (spe + axial + fuse + channel));
});

test('populations and the largest threshold', () => {
  const network = loadQuant('stress-spe', 'w4-ptq');
  const { lifs, maxTheta2 } = derive(network);
  assert.equal(lifs, listLifs(network.config));
  assert.is(maxTheta2, Math.max(...[...network.firstLinearTokens.values()].flatMap(({ theta2 }) => [...theta2])));
  const quiet = randomQuantized(smallConfig(), 4);
  const small = new Map(
    [...quiet.firstLinearTokens].map(([name, t]) => [name, { ...t, theta2: t.theta2.map(() => 5) }]),
  );
  assert.is(derive({ ...quiet, firstLinearTokens: small }).maxTheta2, 512);
});

test('what could leave int32 is refused with the name of the layer', () => {
  const network = randomQuantized(smallConfig(), 4);
  const spoil = (name: string, e: number): QuantizedNetwork => {
    const layers = new Map(network.layers);
    const weights = layers.get(name)!;
    layers.set(name, { ...weights, exponent: weights.exponent.map(() => e) });
    return { ...network, layers };
  };
  assert.throws(
    () => derive(spoil('token_mix.0.proj_h', -30)),
    /shifted value of token_mix\.0\.proj_h can leave int32/,
  );
  assert.throws(() => derive(spoil('channel_mix.0.1.net.3', -16)), /of channel_mix\.0\.1\.net\.3 can leave int32/);
});

test('bits of a range', () => {
  const cases = [
    [0, 0, 1],
    [-1, 0, 1],
    [0, 1, 2],
    [-8, 7, 4],
    [-9, 7, 5],
    [-8, 8, 5],
  ] as const;
  for (const [min, max, bits] of cases) assert.is(signedBits({ min, max }), bits);
});

test.run();
