/** Measures firing rates: how often every population spikes at every timestep and token, and how often pixels have a bit. */
import type { Layer, QuantizedNetwork } from '@spikemill/golden-model';
import { imageShape, listLifs, runNetwork, stageShapes, tokenCount } from '@spikemill/golden-model';
import type { FiringRates } from './expected-cycles.js';
import { PIXEL_PLANES } from './formats.js';

export interface RatesRun {
  /** Runs the golden model on an image. */
  readonly run: (image: Uint8Array) => void;
  /** Means over the images so far; at least one. */
  readonly rates: () => FiringRates;
}

/** Adds ones of the pixels of every patch. */
function addPixels({ config }: QuantizedNetwork, image: Uint8Array, planes: readonly Float64Array[]): void {
  const { channels, height, width } = imageShape(config);
  const { patchSize } = config;
  const patches = stageShapes(config)[0]!;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < patches.height * patchSize; y++) {
      for (let x = 0; x < patches.width * patchSize; x++) {
        const patch = Math.floor(y / patchSize) * patches.width + Math.floor(x / patchSize);
        const pixel = image[(channel * height + y) * width + x]!;
        for (let plane = 0; plane < PIXEL_PLANES; plane++) planes[plane]![patch]! += (pixel >> plane) & 1;
      }
    }
  }
}

/** Adds spikes of a layer, [timestep, token, channel], over its channels. */
function addSpikes({ output }: Layer, spikes: ArrayLike<number>, sums: Float64Array): void {
  for (let place = 0; place < sums.length; place++) {
    for (let channel = 0; channel < output.channels; channel++)
      sums[place]! += spikes[place * output.channels + channel]!;
  }
}

/** Starts a measurement over images that the caller drives. */
export function startRates(network: QuantizedNetwork): RatesRun {
  const { config } = network;
  const lifs = listLifs(config);
  const sums = new Map(lifs.map((lif) => [lif.name, new Float64Array(config.timesteps * tokenCount(lif))]));
  const patches = tokenCount(stageShapes(config)[0]!);
  const planes = Array.from({ length: PIXEL_PLANES }, () => new Float64Array(patches));
  let images = 0;
  const run = (image: Uint8Array): void => {
    images += 1;
    addPixels(network, image, planes);
    runNetwork(network, image, {
      observe: (layer, _, fired) => {
        if (fired !== null) addSpikes(layer, fired.spikes.data, sums.get(layer.lif!)!);
      },
    });
  };
  const rates = (): FiringRates => {
    const pixels = config.inChannels * config.patchSize ** 2;
    return {
      lifs: new Map(lifs.map(({ name, channels }) => [name, sums.get(name)!.map((sum) => sum / (images * channels))])),
      planes: planes.map((plane) => plane.map((sum) => sum / (images * pixels))),
    };
  };
  return { run, rates };
}

/** One rate for each population and bit plane: what statistics of a run tell. */
export function meanRates({ lifs, planes }: FiringRates): FiringRates {
  const mean = (rates: ArrayLike<number>): number[] => {
    return [Array.from(rates).reduce((sum, rate) => sum + rate, 0) / rates.length];
  };
  return { lifs: new Map([...lifs].map(([name, rates]) => [name, mean(rates)])), planes: planes.map(mean) };
}
