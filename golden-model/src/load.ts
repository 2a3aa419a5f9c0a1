/** Models and images by path: which format a file has, and what lies beside it. */
import { dirname, join } from 'node:path';
import { SpikemillError } from './errors.js';
import { listFolder, readFileChecked } from './files.js';
import { parseConfigFile } from './import/config-statements.js';
import { type ImportedCheckpoint, importCheckpoint } from './import/float-checkpoint.js';
import {
  decodePng,
  type ImageFormat,
  type ImageSet,
  joinImages,
  parseLabels,
  parseRawImages,
} from './import/images.js';
import type { ConfigStatement } from './import/infer-config.js';
import { isQuantizedFile, readQuantizedFile } from './import/quantized-file.js';
import { parseSafetensors } from './import/safetensors.js';
import type { TensorFile } from './import/tensor-file.js';
import { isTorchCheckpoint, parseTorchCheckpoint, type TorchCheckpoint } from './import/torch-checkpoint.js';
import type { QuantizedNetwork } from './quantized-network.js';

export interface LoadedCheckpoint extends ImportedCheckpoint {
  readonly kind: 'float';
  /** Classes and functions that a pickle named and that were not executed. */
  readonly ignoredNames: readonly string[];
}

export interface LoadedQuantized {
  readonly kind: 'quantized';
  readonly network: QuantizedNetwork;
}

export type LoadedModel = LoadedCheckpoint | LoadedQuantized;

export interface LoadOptions {
  /** config.json to read; by default the one beside the model, if there is one. */
  readonly configPath?: string | undefined;
  /** What flags state; goes before config.json and metadata. */
  readonly flags?: ConfigStatement | undefined;
}

const CONFIG_NAME = 'config.json';

function readConfigBeside(path: string, configPath: string | undefined): ConfigStatement | null {
  const folder = dirname(path);
  const isBeside = listFolder(folder)?.includes(CONFIG_NAME) ?? false;
  const found = configPath ?? (isBeside ? join(folder, CONFIG_NAME) : null);
  if (found === null) return null;
  return parseConfigFile(new TextDecoder().decode(readFileChecked(found, 'INVALID_CONFIG')), found);
}

/**
 * Reads a model of either kind: a float checkpoint (.safetensors, .pth) or a quantized one. The content decides, not
 * the name.
 * @throws SpikemillError INVALID_FILE, INVALID_TENSOR or INVALID_CONFIG
 */
export function loadModel(path: string, { configPath, flags }: LoadOptions = {}): LoadedModel {
  const bytes = readFileChecked(path);
  const isTorch = isTorchCheckpoint(bytes);
  const file: TensorFile & Partial<TorchCheckpoint> = isTorch
    ? parseTorchCheckpoint(bytes, path)
    : parseSafetensors(bytes, path);
  if (isQuantizedFile(file)) return { kind: 'quantized', network: readQuantizedFile(file, path) };
  const statements = [flags, readConfigBeside(path, configPath)].filter((statement) => statement != null);
  return { kind: 'float', ignoredNames: file.ignoredNames ?? [], ...importCheckpoint(file, statements, path) };
}

/**
 * Reads a quantized model; see loadModel.
 * @throws SpikemillError also INVALID_FILE, with the way on, if the file holds a float checkpoint
 */
export function loadQuantized(path: string): QuantizedNetwork {
  const model = loadModel(path);
  if (model.kind === 'quantized') return model.network;
  throw new SpikemillError('INVALID_FILE', 'this is a float checkpoint', {
    where: path,
    expected: 'a quantized model',
    actual: 'float tensors',
    suggestions: [`spikemill model quantize ${path} -o q.safetensors --weight-bits 4`],
  });
}

/**
 * Reads a float checkpoint; see loadModel.
 * @throws SpikemillError also INVALID_FILE if the file holds a quantized model
 */
export function loadCheckpoint(path: string, options: LoadOptions = {}): LoadedCheckpoint {
  const model = loadModel(path, options);
  if (model.kind === 'float') return model;
  throw new SpikemillError('INVALID_FILE', 'this is a quantized model already', {
    where: path,
    expected: 'a float checkpoint',
    actual: 'integers',
    suggestions: [`spikemill model inspect ${path}`],
  });
}

const PNG_NAME = /\.png$/i;
/** As people count: img2 before img10. */
const NATURAL_ORDER = new Intl.Collator('en', { numeric: true });

function pngNames(names: readonly string[]): string[] {
  return names.filter((name) => PNG_NAME.test(name)).sort(NATURAL_ORDER.compare);
}

/**
 * Reads images: a file of raw uint8 pixels, one PNG file, or all PNG files of a folder, in the order of their
 * names, numbers as numbers.
 * @throws SpikemillError INVALID_IMAGES
 */
export function loadImages(path: string, format: ImageFormat): ImageSet {
  const names = listFolder(path);
  if (names === null && !PNG_NAME.test(path))
    return parseRawImages(readFileChecked(path, 'INVALID_IMAGES'), format, path);
  const paths = names === null ? [path] : pngNames(names).map((name) => join(path, name));
  if (paths.length === 0) {
    throw new SpikemillError('INVALID_IMAGES', 'the folder holds no PNG file', {
      where: path,
      expected: 'files *.png',
      actual: `${names?.length ?? 0} other entries`,
    });
  }
  const read = (file: string): Uint8Array => decodePng(readFileChecked(file, 'INVALID_IMAGES'), format, file);
  return joinImages(paths.map(read), format);
}

/**
 * Reads the labels of `count` images; see parseLabels.
 * @throws SpikemillError INVALID_IMAGES
 */
export function loadLabels(path: string, count: number, numClasses: number): Uint16Array {
  return parseLabels(readFileChecked(path, 'INVALID_IMAGES'), count, numClasses, path);
}
