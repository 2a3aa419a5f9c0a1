/** Integers, semantics version 1: currents in units of 2^-F, additions, shifts and compares only. */
import { firstLinearCurrent, secondLinearCurrent, secondLinearProduct } from '../layers/channel.js';
import { fireIntegers, smallestMembrane, theta2Of } from '../layers/lif.js';
import { LAYERS } from '../layers/table.js';
import type { QuantizedNetwork } from '../quantized-network.js';
import { joinSpikes } from '../spikes.js';
import { align } from './align.js';
import type { Arithmetic } from './arithmetic.js';
import type { GatedSums } from './gated-sums.js';
import { addNumbers, changeByOutput, joinNumbers, newIntegers } from './numbers.js';

export function integerArithmetic(network: QuantizedNetwork, gated: GatedSums<Int32Array>): Arithmetic<Int32Array> {
  const { fractionBits, membraneBits, scaleFractionBits } = network.format;
  return {
    affine: (layer, input) => {
      const { exponent, bias } = network.layers.get(layer.name)!;
      const values = gated.sums(layer, input);
      const stride = LAYERS[layer.kind].outputStride(layer);
      changeByOutput(values, stride, bias.length, (sum, output) => {
        return align(sum, fractionBits - exponent[output]!) + bias[output]!;
      });
      return values;
    },
    add: addNumbers,
    join: (parts, channels) => joinNumbers(parts, channels, newIntegers),
    joinSpikes,
    firstLinear: (layer, values) => {
      const { bias, negate } = network.firstLinearTokens.get(layer.name)!;
      const current = values.slice();
      changeByOutput(current, layer.output.channels, bias.length, (j, n) => {
        return firstLinearCurrent(j, negate[n]!, bias[n]!);
      });
      return current;
    },
    secondLinear: (layer, values) => {
      const { bias, scale } = network.secondLinearTokens.get(layer.name)!;
      const current = values.slice();
      changeByOutput(current, layer.output.channels, bias.length, (y, n) => {
        return secondLinearCurrent(secondLinearProduct(y, scale[n]!), scaleFractionBits, bias[n]!);
      });
      return current;
    },
    fire: (layer, currents) => {
      return fireIntegers(layer.output, currents, theta2Of(network, layer), smallestMembrane(membraneBits));
    },
    score: (layer, input) => {
      const { bias } = network.layers.get(layer.name)!;
      return gated.sums(layer, input).map((sum, k) => sum + bias[k]!);
    },
  };
}
