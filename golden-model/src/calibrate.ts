import type { FoldedNetwork } from './folded-network.js';
import { listLayers, tokenCount } from './layer-list.js';
import type { Layer, NetworkConfig } from './network.js';
import { runNetwork } from './run.js';

/** Sites of one image that read the same row of weights: timesteps times positions (axial: lines and channels). */
function readingSites({ output, weightShape }: Layer, { timesteps }: NetworkConfig): number {
  return (timesteps * tokenCount(output) * output.channels) / weightShape[0]!;
}

/**
 * The mean of every binary input of every layer in the folded float64 network, for bias correction: over images,
 * timesteps and everything that shares the weights; a tap on the padding counts as 0.
 *
 * @param images uint8 pixels [channel, row, column]; at least one.
 * @param onImage called after each image with the number of images done.
 * @returns by layer name, one mean in 0..1 for each row of weights (row tap * I + i, see RunResult.additions). The
 *   patch embedding and the head, whose inputs are not binary, are left out.
 * @throws SpikemillError INVALID_IMAGES for an image of the wrong size.
 */
export function meanInputs(
  network: FoldedNetwork,
  images: readonly Uint8Array[],
  onImage: (done: number) => void = () => {},
): Map<string, Float64Array> {
  const layers = listLayers(network.config).filter(({ kind }) => kind !== 'patch-embedding' && kind !== 'head');
  const sums = new Map<string, Float64Array>();
  images.forEach((image, index) => {
    const { additions } = runNetwork(network, image);
    for (const { name } of layers) {
      const counts = additions.get(name)!;
      const sum = sums.get(name) ?? new Float64Array(counts.length);
      counts.forEach((count, row) => {
        sum[row]! += count;
      });
      sums.set(name, sum);
    }
    onImage(index + 1);
  });
  const means = layers.map((layer) => {
    const sites = images.length * readingSites(layer, network.config);
    return [layer.name, sums.get(layer.name)!.map((sum) => sum / sites)] as const;
  });
  return new Map(means);
}
