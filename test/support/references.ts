/** The networks of test/models and their reference outputs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  decodeFloats,
  decodeIntegers,
  type FloatCheckpoint,
  imageAt,
  type LifShape,
  listLifs,
  loadImages,
  loadModel,
  loadQuantized,
  type NetworkConfig,
  parseSafetensors,
  type QuantizedNetwork,
  type RawTensor,
  resolveLif,
  type TensorFile,
} from '@spikemill/golden-model';

export const MODELS = ['digits-tiny', 'mnist-small', 'stress-spe', 'stress-nospe'] as const;
export type Model = (typeof MODELS)[number];

export function modelPath(model: Model, file: string): string {
  return fileURLToPath(new URL(`../models/${model}/${file}`, import.meta.url));
}

export function loadFloat(model: Model): FloatCheckpoint {
  const loaded = loadModel(modelPath(model, 'model.safetensors'));
  if (loaded.kind !== 'float') throw new Error('not a float checkpoint');
  return loaded.checkpoint;
}

/** @param name such as `w4-ptq`. */
export function loadQuant(model: Model, name: string): QuantizedNetwork {
  return loadQuantized(modelPath(model, `quant-${name}.safetensors`));
}

/** @param set test or calib. */
export function loadPixels(model: Model, config: NetworkConfig, set: 'test' | 'calib'): Uint8Array[] {
  const images = loadImages(modelPath(model, `${set}-images.bin`), config);
  return Array.from({ length: images.count }, (_, i) => imageAt(images, i));
}

export function loadLabels(model: Model): Uint8Array {
  return readFileSync(modelPath(model, 'test-labels.bin'));
}

export function readTensors(model: Model, file: string): TensorFile {
  return parseSafetensors(readFileSync(modelPath(model, file)), file);
}

export function values(tensor: RawTensor): ArrayLike<number> {
  if (tensor.dtype === 'F32' || tensor.dtype === 'F64') return decodeFloats(tensor, 'reference');
  if (tensor.dtype === 'U8' || tensor.dtype === 'I32') return decodeIntegers(tensor, tensor.dtype, 'reference');
  throw new Error(`unexpected type ${tensor.dtype}`);
}

/** The axes of a reference tensor behind [T, image]. Every module emits its own order. */
function axesOf(name: string): string {
  if (name.endsWith('net.2')) return 'HWC';
  if (name.endsWith('proj_h.3')) return 'HCW';
  return name.endsWith('proj_w.3') ? 'WCH' : 'CHW';
}

/**
 * One image of a reference tensor in the order of this project, [T, token, channel].
 *
 * @param name of the LIF in the reference.
 * @param tensor [T, image, ...].
 */
export function reorder(name: string, tensor: RawTensor, image: number, lif: LifShape): number[] {
  const data = values(tensor);
  const [timesteps, images] = tensor.shape as [number, number];
  const size = data.length / (timesteps * images);
  const channels = size / (lif.height * lif.width);
  const lengths: Record<string, number> = { H: lif.height, W: lif.width, C: channels };
  const ordered: number[] = [];
  for (let t = 0; t < timesteps; t++) {
    for (let H = 0; H < lif.height; H++) {
      for (let W = 0; W < lif.width; W++) {
        for (let C = 0; C < channels; C++) {
          const place: Record<string, number> = { H, W, C };
          const index = [...axesOf(name)].reduce((flat, axis) => flat * lengths[axis]! + place[axis]!, 0);
          ordered.push(data[(t * images + image) * size + index]!);
        }
      }
    }
  }
  return ordered;
}

/** A reference trace beside the one that a run gave, both [T, token, channel] with the same channels. */
export interface Trace {
  readonly lif: string;
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}

/**
 * Every trace of one image in a reference file, beside those of a run. Inner LIFs of an SPE cell are taken from the
 * channels that they are.
 *
 * @param prefix `spikes/` or `current/`.
 * @param traces of the run.
 */
export function pairTraces(
  config: NetworkConfig,
  reference: TensorFile,
  prefix: string,
  image: number,
  traces: ReadonlyMap<string, ArrayLike<number>>,
): Trace[] {
  const pairs: Trace[] = [];
  for (const [key, tensor] of reference.tensors) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const found = resolveLif(config, name);
    if (found === undefined) throw new Error(`no LIF ${name}`);
    const lif = listLifs(config).find((candidate) => candidate.name === found.lif)!;
    const trace = traces.get(found.lif)!;
    const expected = reorder(name, tensor, image, lif);
    const actual = expected.map((_, i) => {
      const site = Math.floor(i / found.channels);
      return trace[site * lif.channels + found.firstChannel + (i % found.channels)]!;
    });
    pairs.push({ lif: name, expected, actual });
  }
  return pairs;
}
