/** Binary64: the folded network as published. Currents are real numbers, the threshold is 1. */
import type { FoldedLayer, FoldedNetwork } from '../folded-network.js';
import { normalizeTokens } from '../layers/channel.js';
import { sitesPerChannel } from '../layers/head.js';
import { fireFloats } from '../layers/lif.js';
import { LAYERS } from '../layers/table.js';
import type { Layer } from '../network.js';
import { joinSpikes } from '../spikes.js';
import type { Arithmetic } from './arithmetic.js';
import type { GatedSums } from './gated-sums.js';
import { addNumbers, changeByOutput, joinNumbers, newFloats } from './numbers.js';

export function float64Arithmetic(network: FoldedNetwork, gated: GatedSums<Float64Array>): Arithmetic<Float64Array> {
  const folded = (layer: Layer): FoldedLayer => network.layers.get(layer.name)!;
  const normalize = (layer: Layer, values: Float64Array): Float64Array =>
    normalizeTokens(values, layer.output.channels, folded(layer).tokens!);
  return {
    affine: (layer, input) => {
      const { bias } = folded(layer);
      const values = gated.sums(layer, input);
      const stride = LAYERS[layer.kind].outputStride(layer);
      changeByOutput(values, stride, bias.length, (sum, output) => sum + bias[output]!);
      return values;
    },
    add: addNumbers,
    join: (parts, channels) => joinNumbers(parts, channels, newFloats),
    joinSpikes,
    firstLinear: normalize,
    secondLinear: normalize,
    fire: (layer, currents) => fireFloats(layer.output, currents),
    score: (layer, input) => {
      const { bias } = folded(layer);
      const sites = sitesPerChannel(layer, network.config);
      return gated.sums(layer, input).map((sum, k) => sum / sites + bias[k]!);
    },
  };
}
