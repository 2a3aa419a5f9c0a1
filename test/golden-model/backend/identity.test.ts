/** Laws: whatever the weights, exponents, biases, shapes and densities, the fast back-end equals the specification. */
import {
  derive,
  type LayerKind,
  type NetworkConfig,
  openBackend,
  type QuantizedNetwork,
  type QuantizedWeights,
} from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram } from '../../../golden-model/src/backend/wasm/load-program.js';
import { anyConfig, randomGenerator, randomImage, randomQuantized, smallConfig } from '../../support/random-network.js';
import { assertSameRun } from '../../support/same-run.js';

/** How the weights of a layer are filled. */
const FILLS = ['keep', 'random', 'largest', 'smallest', 'alternating', 'small', 'zero'] as const;
type Fill = (typeof FILLS)[number];
/** What the biases do to the neurons behind: leave them, silence them all, make them all fire. */
const BIASES = ['keep', 'silent', 'firing'] as const;
type Bias = (typeof BIASES)[number];

const LOUD = 1_000_000;

function fillWeights(weight: Int8Array, fill: Fill, random: () => number): Int8Array {
  return weight.map((q, i) => {
    if (fill === 'keep') return q;
    if (fill === 'random') return Math.floor(random() * 256) - 128;
    if (fill === 'largest') return 127;
    if (fill === 'smallest') return -128;
    if (fill === 'alternating') return i % 2 === 0 ? 127 : -128;
    return fill === 'small' ? Math.floor(random() * 15) - 7 : 0;
  });
}

interface Change {
  readonly fill: Fill;
  readonly bias: Bias;
  /** Added to each exponent, in turn. */
  readonly exponents: readonly number[];
}

function changeLayer(weights: QuantizedWeights, { fill, bias, exponents }: Change, seed: number): QuantizedWeights {
  const weight = fillWeights(weights.weight, fill, randomGenerator(seed));
  const exponent = weights.exponent.map((e, i) => Math.max(-128, Math.min(127, e + exponents[i % exponents.length]!)));
  const loud = bias === 'keep' ? null : bias === 'firing' ? LOUD : -LOUD;
  return { ...weights, weight, exponent, bias: loud === null ? weights.bias : weights.bias.map(() => loud) };
}

function changed(network: QuantizedNetwork, change: (name: string, index: number) => Change): QuantizedNetwork {
  const layers = [...network.layers].map(([name, weights], i) => {
    const isHead = name === 'mlp_head';
    return [name, isHead ? weights : changeLayer(weights, change(name, i), i)] as const;
  });
  return { ...network, layers: new Map(layers) };
}

/** Whether every value stays within int32: else no back-end runs it. */
function isRunnable(network: QuantizedNetwork): boolean {
  try {
    derive(network);
    return true;
  } catch {
    return false;
  }
}

const anyChange: fc.Arbitrary<Change> = fc.record({
  fill: fc.constantFrom(...FILLS),
  bias: fc.constantFrom(...BIASES),
  exponents: fc.oneof(fc.constant([0]), fc.array(fc.integer({ min: -4, max: 9 }), { minLength: 1, maxLength: 5 })),
});

test('random networks of any shape, as the quantizer makes them', () => {
  fc.assert(
    fc.property(anyConfig, fc.nat(), fc.integer({ min: 2, max: 8 }), (config, seed, weightBits) => {
      const network = randomQuantized(config, seed, { weightBits });
      assertSameRun(network, [randomImage(config, seed)]);
    }),
    { numRuns: 60 },
  );
});

test('extreme weights, exponents and biases', () => {
  let run = 0;
  const changes = fc.array(anyChange, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(anyConfig, fc.nat(), changes, fc.integer({ min: 1, max: 12 }), (config, seed, all, fractionBits) => {
      const base = randomQuantized(config, seed, { fractionBits });
      const network = changed(base, (_, i) => all[i % all.length]!);
      fc.pre(isRunnable(network));
      run += 1;
      assertSameRun(network, [randomImage(config, seed)]);
    }),
    { numRuns: 100 },
  );
  assert.ok(run >= 100);
});

test('every number of timesteps, 1 to 16', () => {
  for (let timesteps = 1; timesteps <= 16; timesteps++) {
    for (const spe of [true, false]) {
      const config = smallConfig({ timesteps, spe, dim: 6 });
      assertSameRun(randomQuantized(config, timesteps), [randomImage(config, timesteps)]);
    }
  }
});

/** One block on few tokens: fan-ins of fuse and fc2 as wanted. */
function wideConfig(dim: number, alpha: number): NetworkConfig {
  return smallConfig({ dim, alpha, depths: [1], imageHeight: 4, imageWidth: 6, timesteps: 2 });
}

/** Everything that fuse and fc2 read fires; they themselves keep their biases, so that they may compute in 16 bits. */
const allFiring =
  (fill: Fill) =>
  (name: string): Change => ({ fill, bias: /fuse$|net\.3$/.test(name) ? 'keep' : 'firing', exponents: [0] });

/** No token turns the sign of its currents. */
function unsigned(network: QuantizedNetwork): QuantizedNetwork {
  const firstLinearTokens = [...network.firstLinearTokens].map(([name, tokens]) => {
    return [name, { ...tokens, negate: tokens.negate.map(() => 0) }] as const;
  });
  return { ...network, firstLinearTokens: new Map(firstLinearTokens) };
}

test('fan-ins around the spill of 16-bit lanes, all inputs firing', () => {
  for (const hidden of [252, 253, 254, 255, 256, 257, 258, 510, 511, 512, 513, 514]) {
    for (const fill of ['largest', 'smallest', 'alternating', 'random'] as const) {
      const config = wideConfig(3, hidden / 3);
      const network = unsigned(changed(randomQuantized(config, hidden), allFiring(fill)));
      assert.ok(isRunnable(network));
      const { additions } = openBackend(network, 'wasm').run(randomImage(config, 1));
      assert.ok(
        [...additions.get('channel_mix.0.1.net.3')!].every((count) => count === 2 * 6),
        'density 1',
      );
      assertSameRun(network, [randomImage(config, 1)]);
    }
  }
  for (const dim of [84, 85, 86]) {
    const network = unsigned(changed(randomQuantized(wideConfig(dim, 1), dim), allFiring('smallest')));
    assertSameRun(network, [randomImage(network.config, 1)]);
  }
});

test('fan-ins around the spill of 8-bit lanes, all inputs firing', () => {
  const bits = (weightBits: number, fanIns: readonly number[]): void => {
    for (const hidden of fanIns) {
      const config = wideConfig(3, hidden / 3);
      const largest = 2 ** (weightBits - 1) - 1;
      const base = unsigned(changed(randomQuantized(config, hidden, { weightBits }), allFiring('keep')));
      for (const sign of [1, -1]) {
        const layers = [...base.layers].map(([name, layer]) => {
          const weight = name.endsWith('net.3') ? layer.weight.map(() => sign * largest) : layer.weight;
          return [name, { ...layer, weight }] as const;
        });
        assertSameRun({ ...base, layers: new Map(layers) }, [randomImage(config, 2)]);
      }
    }
  };
  bits(4, [17, 18, 19, 36, 37, 54, 519]);
  bits(3, [41, 42, 43, 84, 85]);
  bits(2, [126, 127, 128, 254, 255]);
});

test('no input firing', () => {
  const network = changed(randomQuantized(smallConfig({ dim: 6 }), 5), () => ({
    fill: 'keep',
    bias: 'silent',
    exponents: [0],
  }));
  const { additions } = openBackend(network, 'wasm').run(randomImage(network.config, 1));
  assert.is(
    additions.get('token_mix.0.fuse')!.reduce((sum, count) => sum + count, 0),
    0,
  );
  assertSameRun(network, [randomImage(network.config, 1)]);
});

test('lane remainders: every width from 1 to 40 channels and some hidden widths', () => {
  for (let dim = 1; dim <= 40; dim++) {
    const config = smallConfig({
      spe: false,
      dim,
      alpha: 1 + (dim % 3),
      depths: [1, 1],
      imageHeight: 5,
      imageWidth: 8,
    });
    for (const weightBits of [8, 4]) {
      assertSameRun(randomQuantized(config, dim, { weightBits }), [randomImage(config, dim)]);
    }
  }
});

test('tiles and SPE nodes that do not end on a byte', () => {
  for (const dim of [9, 27, 51, 75, 117, 123]) {
    const config = smallConfig({ dim, alpha: 1, depths: [1, 1], imageHeight: 4, imageWidth: 6, timesteps: 2 });
    assertSameRun(randomQuantized(config, dim), [randomImage(config, dim)]);
  }
});

test('long axes: sums of more positions than 16 bits bear', () => {
  for (const length of [239, 240, 241, 244, 252, 300]) {
    for (const fill of ['smallest', 'random', 'small', 'alternating'] as const) {
      const kinds: readonly LayerKind[] = ['axial-h', 'axial-w'];
      const shape = { imageHeight: length, imageWidth: 1, patchSize: 1, dim: 3, depths: [1], timesteps: 2 };
      const config = smallConfig(shape);
      const isAxial = (name: string): boolean => /proj_[hw]$/.test(name) && kinds.length > 0;
      const network = changed(randomQuantized(config, length), (name) => ({
        fill: isAxial(name) ? fill : 'keep',
        bias: name === 'to_patch_embedding.0' ? 'firing' : 'keep',
        exponents: [0],
      }));
      assertSameRun(network, [randomImage(config, 3)]);
    }
  }
});

test('membranes of any width: 16-bit neurons are used only where they are exact', () => {
  for (const membraneBits of [9, 10, 14, 15, 16, 17, 20, 31]) {
    const config = smallConfig({ dim: 6 });
    assertSameRun(randomQuantized(config, 3, { fractionBits: 8, membraneBits }), [randomImage(config, 4)]);
  }
  for (const fractionBits of [1, 4, 12, 13, 14, 15, 16]) {
    const config = smallConfig({ dim: 6 });
    const network = randomQuantized(config, 3, { fractionBits });
    if (isRunnable(network)) assertSameRun(network, [randomImage(config, 4)]);
  }
});

test('currents at the ends of 16 bits and beyond', () => {
  const ends = [-40_000, -32_769, -32_768, -32_767, -31_745, -1024, 31_743, 32_255, 32_767, 32_768, 40_000];
  for (const [i, end] of ends.entries()) {
    const base = randomQuantized(smallConfig({ dim: 6 }), i);
    const layers = [...base.layers].map(([name, layer], k) => {
      const bias =
        name === 'mlp_head' || k % 3 !== i % 3 ? layer.bias : layer.bias.map((_, o) => (o % 2 === 0 ? end : -end));
      return [name, { ...layer, bias }] as const;
    });
    assertSameRun({ ...base, layers: new Map(layers) }, [randomImage(base.config, i)]);
  }
});

test('token thresholds and biases at the ends of 16 bits', () => {
  for (const [theta, bias] of [
    [0, 0],
    [1, -1],
    [32_255, 32_767],
    [32_256, -32_768],
    [32_768, 32_768],
    [60_000, -40_000],
  ] as const) {
    const base = randomQuantized(smallConfig({ dim: 6 }), theta);
    const firstLinearTokens = [...base.firstLinearTokens].map(([name, tokens]) => {
      return [name, { ...tokens, theta2: tokens.theta2.map(() => theta), bias: tokens.bias.map(() => bias) }] as const;
    });
    assertSameRun({ ...base, firstLinearTokens: new Map(firstLinearTokens) }, [randomImage(base.config, 1)]);
  }
});

test('maps of 16 bits: what is clipped in them shows nowhere', () => {
  let clipped = 0;
  const bias = fc.integer({ min: -36_000, max: 36_000 });
  const small = fc.integer({ min: -9000, max: 9000 });
  fc.assert(
    fc.property(fc.nat(), fc.boolean(), bias, bias, small, (seed, spe, sum, other, channel) => {
      const base = randomQuantized(smallConfig({ dim: 6, spe }), seed);
      const layers = [...base.layers].map(([name, layer]) => {
        const changes = name.endsWith('fuse') || name.startsWith('to_patch_embedding');
        const values = name.endsWith('fuse') ? [sum, other, -sum] : [other, 0, 100];
        return [name, { ...layer, bias: changes ? layer.bias.map((b, o) => b + values[o % 3]!) : layer.bias }] as const;
      });
      const secondLinearTokens = [...base.secondLinearTokens].map(([name, tokens]) => {
        return [name, { ...tokens, bias: tokens.bias.map((b, n) => (n % 2 === 0 ? channel : b) - (n % 3)) }] as const;
      });
      const network = { ...base, layers: new Map(layers), secondLinearTokens: new Map(secondLinearTokens) };
      fc.pre(isRunnable(network));
      const ranges = new Map(derive(network).layers.map(({ layer, current }) => [layer.name, current]));
      for (const value of loadProgram(network).shortMaps) {
        const range = value.kind === 'layer' ? ranges.get(value.layer.name)! : { min: 0, max: 0 };
        if (range.max > 32_767 || range.min < -32_768) clipped += 1;
      }
      assertSameRun(network, [randomImage(network.config, seed)]);
    }),
    { numRuns: 60 },
  );
  assert.ok(clipped > 10);
});

test('an image of the wrong size is refused', () => {
  const backend = openBackend(randomQuantized(smallConfig(), 1), 'wasm');
  assert.throws(() => backend.run(new Uint8Array(3)), /wrong size/);
});

test.run();
