/** Widths against a count of their own: over all weights of a network, not through derive(). */
import { listLayers, type QuantizedNetwork, type QuantizedWeights } from '@spikemill/golden-model';
import { plan } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { assertError } from '../../support/errors.js';
import { loadQuant } from '../../support/references.js';

const PIXEL_MAX = 255;

/** Bits of the shortest two's complement number for all of the values. */
function bitsFor(values: Iterable<number>): number {
  let bits = 1;
  for (const value of values) while (value < -(2 ** (bits - 1)) || value >= 2 ** (bits - 1)) bits++;
  return bits;
}

/** The least and the largest sum of some of an output's weights. */
function* extremes({ weight, shape }: QuantizedWeights): Generator<number> {
  const inputs = weight.length / shape[0]!;
  for (let output = 0; output < shape[0]!; output++) {
    const row = [...weight.subarray(output * inputs, (output + 1) * inputs)];
    yield row.filter((q) => q < 0).reduce((sum, q) => sum + q, 0);
    yield row.filter((q) => q > 0).reduce((sum, q) => sum + q, 0);
  }
}

function accumulators(network: QuantizedNetwork): { spikes: number[]; planes: number[] } {
  const spikes = [0, 1]; // the spike that an identity layer hands on
  const planes: number[] = [];
  const { config, layers } = network;
  for (const { name, kind, input } of listLayers(config)) {
    const sums = [...extremes(layers.get(name)!)];
    const rounds = config.timesteps * input.height * input.width;
    if (kind === 'patch-embedding') planes.push(...sums.map((sum) => PIXEL_MAX * sum));
    else if (kind === 'head') planes.push(...sums.map((sum) => rounds * sum));
    else if (kind !== 'identity') spikes.push(...sums);
  }
  return { spikes, planes };
}

const NETWORKS = [
  ['tiny, with SPE', tinyNetwork(true)],
  ['tiny, without', tinyNetwork(false)],
  ['digits-tiny', loadQuant('digits-tiny', 'w4-ptq')],
  ['stress-spe', loadQuant('stress-spe', 'w8-ptq')],
  ['stress-nospe', loadQuant('stress-nospe', 'w4-ptq')],
] as const;

test('accumulators hold every sum and have no bit to spare', () => {
  for (const [name, network] of NETWORKS) {
    const { accBits, planeAccBits } = plan(network).formats;
    const { spikes, planes } = accumulators(network);
    assert.is(accBits, bitsFor(spikes), name);
    assert.is(planeAccBits, Math.max(8, bitsFor(planes)), name);
  }
});

test('weights, biases, thresholds, scales: the widest that is there', () => {
  for (const [name, network] of NETWORKS) {
    const { config, layers, firstLinearTokens, secondLinearTokens, format } = network;
    const { formats } = plan(network);
    const ofKinds = (isIn: (kind: string) => boolean) => {
      return listLayers(config).flatMap((layer) => (isIn(layer.kind) ? [layers.get(layer.name)!] : []));
    };
    const spiking = ofKinds((kind) => !['patch-embedding', 'head', 'identity'].includes(kind));
    assert.is(formats.weightBits, bitsFor([1, ...spiking.flatMap(({ weight }) => [...weight])]), name);
    const firing = ofKinds((kind) => kind !== 'head');
    assert.is(formats.biasBits, bitsFor(firing.flatMap(({ bias }) => [...bias])), name);
    const tokens = [...firstLinearTokens.values(), ...secondLinearTokens.values()];
    assert.is(formats.tokenBiasBits, bitsFor([0, ...tokens.flatMap(({ bias }) => [...bias])]), name);
    const thetas = [2 ** (format.fractionBits + 1), ...[...firstLinearTokens.values()].flatMap((t) => [...t.theta2])];
    assert.is(formats.thetaBits, bitsFor(thetas) - 1, name);
    assert.is(formats.clampBits, format.membraneBits, name);
  }
});

test('logits fit a beat of the result stream, or the model is refused', () => {
  const network = tinyNetwork(true);
  const head = network.layers.get('mlp_head')!;
  const withBias = (bias: number): QuantizedNetwork => {
    return {
      ...network,
      layers: new Map([...network.layers, ['mlp_head', { ...head, bias: head.bias.map(() => bias) }]]),
    };
  };
  assert.is(plan(withBias(2 ** 30)).formats.logitBits, 32);
  assertError(() => plan(withBias(2 ** 31 - 1)), 'INVALID_TENSOR', 'mlp_head');
});

test.run();
