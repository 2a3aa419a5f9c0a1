/** The ranges that the numbers of a quantized network keep; see the quantizer in README.md. */
import { largestWeight } from '../arithmetic/quantizer.js';
import { SpikemillError } from '../errors.js';
import { listLayers } from '../layer-list.js';
import { LAYERS } from '../layers/table.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import { formatIndex } from './tensor-file.js';

/** Nonzero digits of `value` as the shortest sum of signed powers of two: 7 = 8 - 1 has two. */
export function countDigits(value: number): number {
  let rest = Math.abs(value);
  let digits = 0;
  while (rest > 0) {
    if (rest % 2 === 1) {
      digits++;
      rest += rest % 4 === 1 ? -1 : 1;
    }
    rest /= 2;
  }
  return digits;
}

type Integers = Int8Array | Uint8Array | Int32Array;

function requireAll(
  values: Integers,
  shape: readonly number[],
  isAllowed: (value: number) => boolean,
  expected: string,
  where: string,
): void {
  const index = values.findIndex((value) => !isAllowed(value));
  if (index === -1) return;
  throw new SpikemillError('INVALID_TENSOR', 'a value is out of its range', {
    where: `${where}${formatIndex(index, shape)}`,
    expected,
    actual: String(values[index]),
  });
}

/** @throws SpikemillError INVALID_TENSOR that names the first weight or exponent out of range */
export function checkWeights({ config, format, layers }: QuantizedNetwork, where: string): void {
  for (const layer of listLayers(config)) {
    const { shape, weight, exponent } = layers.get(layer.name)!;
    const bits = format.weightBits[layer.kind];
    const largest = largestWeight(bits);
    const isWeight = (value: number): boolean => Math.abs(value) <= largest;
    requireAll(weight, shape, isWeight, `-${largest} to ${largest} for ${bits} bits`, `${where}: ${layer.name}.weight`);
    if (LAYERS[layer.kind].quantization.exponent !== 'shared') continue;
    const first = exponent[0]!;
    const place = `${where}: ${layer.name}.exponent`;
    requireAll(
      exponent,
      [exponent.length],
      (value) => value === first,
      `${first}, one exponent for all outputs`,
      place,
    );
  }
}

/** @throws SpikemillError INVALID_TENSOR that names the first threshold, sign or scale out of range */
export function checkTokens(network: QuantizedNetwork, scaleDigits: number, where: string): void {
  for (const [name, { theta2, negate }] of network.firstLinearTokens) {
    const tokens = [theta2.length];
    requireAll(theta2, tokens, (value) => value >= 0, 'at least 0', `${where}: ${name}.token_theta2`);
    requireAll(negate, tokens, (value) => value <= 1, '0 or 1', `${where}: ${name}.token_neg`);
  }
  for (const [name, { scale }] of network.secondLinearTokens) {
    const isScale = (value: number): boolean => countDigits(value) <= scaleDigits;
    const expected = `a sum of at most ${scaleDigits} signed powers of two`;
    requireAll(scale, [scale.length], isScale, expected, `${where}: ${name}.token_scale`);
  }
}
