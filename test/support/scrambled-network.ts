/** Quantized networks with integers that no training gives: every legal value, its corners first. */
import { listLayers, type QuantizedNetwork } from '@spikemill/golden-model';
import { randomGenerator } from './random-network.js';

type Random = () => number;

function draw(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** Sums of up to `digits` signed powers of two, 0 and negative ones among them. */
function drawScale(random: Random, digits: number, fractionBits: number): number {
  let scale = 0;
  for (let d = draw(random, 0, digits); d > 0; d--) {
    scale += (random() < 0.5 ? -1 : 1) * 2 ** draw(random, 0, fractionBits + 3);
  }
  return scale;
}

/** Thresholds from 0 on: such a neuron fires without a current; odd ones too. */
function drawTheta2(random: Random, fractionBits: number): number {
  return random() < 0.15 ? draw(random, 0, 3) : draw(random, 1, 2 ** (fractionBits + 3));
}

/**
 * Replaces weights, exponents, biases and everything of the tokens by random legal values.
 * @param digits D, the most signed digits of a token scale.
 */
export function scramble(network: QuantizedNetwork, seed: number, digits = 2): QuantizedNetwork {
  const random = randomGenerator(seed);
  const { config, format } = network;
  const { fractionBits: F } = format;
  const layers = new Map(network.layers);
  for (const { name, kind } of listLayers(config)) {
    const { shape, weight, exponent, bias } = network.layers.get(name)!;
    const largest = 2 ** (format.weightBits[kind] - 1) - 1;
    const isShared = kind === 'head' || kind === 'identity';
    const common = exponent[0]! + draw(random, -2, 2);
    layers.set(name, {
      shape,
      weight: weight.map((q) => (random() < 0.3 ? draw(random, -largest, largest) : q)),
      exponent: exponent.map((e) => (isShared ? common : e + draw(random, -4, 4))),
      bias: bias.map((b) => (random() < 0.3 ? draw(random, -(2 ** (F + 2)), 2 ** (F + 2)) : b)),
    });
  }
  const bias = (): number => draw(random, -(2 ** (F + 2)), 2 ** (F + 2));
  const first = [...network.firstLinearTokens].map(([name, tokens]) => {
    const theta2 = tokens.theta2.map(() => drawTheta2(random, F));
    return [
      name,
      { bias: tokens.bias.map(bias), theta2, negate: tokens.negate.map(() => draw(random, 0, 1)) },
    ] as const;
  });
  const second = [...network.secondLinearTokens].map(([name, tokens]) => {
    const scale = tokens.scale.map(() => drawScale(random, digits, format.scaleFractionBits));
    return [name, { scale, bias: tokens.bias.map(bias) }] as const;
  });
  return { ...network, layers, firstLinearTokens: new Map(first), secondLinearTokens: new Map(second) };
}
