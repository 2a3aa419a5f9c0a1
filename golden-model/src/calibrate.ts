import type { FoldedNetwork } from './folded-network.js';
import { listLayers, tokenCount } from './layer-list.js';
import { LAYERS } from './layers/table.js';
import type { Layer, NetworkConfig } from './network.js';
import { runNetwork } from './run.js';

/** Sites of one image that read the same row of weights: timesteps times positions (axial: lines and channels). */
function readingSites({ output, weightShape }: Layer, { timesteps }: NetworkConfig): number {
  return (timesteps * tokenCount(output) * output.channels) / weightShape[0]!;
}

/** Means of the binary inputs of a folded float64 network, for bias correction. The caller drives it, image by image. */
export interface Calibration {
  /**
   * Runs the next image, uint8 pixels [channel, row, column].
   *
   * @throws SpikemillError INVALID_IMAGES for an image of the wrong size.
   */
  readonly add: (image: Uint8Array) => void;
  /** Images so far. */
  readonly images: () => number;
  /**
   * Over images, timesteps and everything that shares the weights; a tap on the padding counts as 0. At least one image.
   *
   * @returns by layer name, one mean in 0..1 for each row of weights (row tap * I + i, see RunResult.additions);
   *   layers whose bias is not corrected are left out.
   */
  readonly means: () => Map<string, Float64Array>;
}

export function startCalibration(network: FoldedNetwork): Calibration {
  const { config } = network;
  const layers = listLayers(config).filter(({ kind }) => LAYERS[kind].quantization.biasCorrected);
  const sums = new Map<string, Float64Array>();
  let images = 0;
  const add = (image: Uint8Array): void => {
    const { additions } = runNetwork(network, image);
    for (const { name } of layers) {
      const counts = additions.get(name)!;
      const sum = sums.get(name) ?? new Float64Array(counts.length);
      counts.forEach((count, row) => {
        sum[row]! += count;
      });
      sums.set(name, sum);
    }
    images += 1;
  };
  const means = (): Map<string, Float64Array> => {
    const meanOf = (layer: Layer): Float64Array => {
      const sites = images * readingSites(layer, config);
      return sums.get(layer.name)!.map((sum) => sum / sites);
    };
    return new Map(layers.map((layer) => [layer.name, meanOf(layer)]));
  };
  return { add, images: () => images, means };
}
