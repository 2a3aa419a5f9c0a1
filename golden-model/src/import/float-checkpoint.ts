/** From the tensors of a file to a complete, checked float checkpoint, and back to a file. */
import { checkpointShapes, type FloatCheckpoint, type FloatTensor } from '../checkpoint.js';
import { SpikemillError } from '../errors.js';
import { listLayers } from '../layer-list.js';
import type { NetworkConfig } from '../network.js';
import { countOf } from '../wording.js';
import { configMetadata, formatMetadataValue, readMetadataStatement } from './config-statements.js';
import { type ConfigOrigin, type ConfigStatement, inferConfig } from './infer-config.js';
import {
  decodeFloats,
  encodeFloats,
  formatIndex,
  formatShape,
  type RawTensor,
  type TensorFile,
} from './tensor-file.js';

export interface ImportedCheckpoint {
  readonly checkpoint: FloatCheckpoint;
  /** The tensors of the checkpoint as the file has them. */
  readonly rawTensors: ReadonlyMap<string, RawTensor>;
  /** Where each property of the configuration comes from. */
  readonly origins: readonly ConfigOrigin[];
  /** Keys of the file that the network has no use for. */
  readonly ignoredKeys: readonly string[];
}

/** Counts the batches of training; every batch norm saves one. */
const TRAINING_KEY = /\.num_batches_tracked$/;
const VARIANCE_KEY = /\.running_var$/;

function expectedShapes(config: NetworkConfig): Map<string, readonly number[]> {
  return new Map(listLayers(config).flatMap((layer) => [...checkpointShapes(layer)]));
}

/** Takes out the tensors of the network; names every one that is missing and the first of another shape. */
function selectTensors(file: TensorFile, config: NetworkConfig, where: string): Map<string, RawTensor> {
  const shapes = expectedShapes(config);
  const missing = [...shapes.keys()].filter((key) => !file.tensors.has(key));
  if (missing.length > 0) {
    throw new SpikemillError(
      'INVALID_TENSOR',
      `${countOf(missing.length, 'tensor')} of the network ${missing.length === 1 ? 'is' : 'are'} missing`,
      {
        where: `${where}: ${missing[0]}`,
        expected: missing.map((key) => `${key} ${formatShape(shapes.get(key) ?? [])}`).join('\n            '),
        actual: `${countOf(file.tensors.size, 'tensor')} without ${missing.length === 1 ? 'it' : 'them'}`,
        suggestions: ['save the whole state dict of the model'],
      },
    );
  }
  const selected = new Map<string, RawTensor>();
  for (const [key, expected] of shapes) {
    const tensor = file.tensors.get(key)!;
    if (formatShape(tensor.shape) !== formatShape(expected)) {
      throw new SpikemillError('INVALID_TENSOR', 'a tensor has the wrong shape', {
        where: `${where}: ${key}`,
        expected: formatShape(expected),
        actual: formatShape(tensor.shape),
      });
    }
    selected.set(key, tensor);
  }
  return selected;
}

function decodeTensor(key: string, raw: RawTensor, where: string): FloatTensor {
  const place = `${where}: ${key}`;
  const data = decodeFloats(raw, place);
  const negative = VARIANCE_KEY.test(key) ? data.findIndex((value) => value < 0) : -1;
  if (negative === -1) return { shape: raw.shape, data };
  throw new SpikemillError('INVALID_TENSOR', 'a variance is negative', {
    where: `${place}${formatIndex(negative, raw.shape)}`,
    expected: 'at least 0',
    actual: String(data[negative]),
  });
}

/**
 * @param file the tensors of a checkpoint, from parseSafetensors or parseTorchCheckpoint
 * @param statements flags and config.json, in this order; the metadata of `file` comes after them
 * @param where the checkpoint's name, for messages
 * @throws SpikemillError INVALID_TENSOR (missing, wrong shape or type, NaN, infinity, with key and index) or
 * INVALID_CONFIG (contradictions, unknown T, mean or std)
 */
export function importCheckpoint(
  file: TensorFile,
  statements: readonly ConfigStatement[],
  where: string,
): ImportedCheckpoint {
  const shapes = new Map([...file.tensors].map(([key, { shape }]) => [key, shape]));
  const all = [...statements, readMetadataStatement(file.metadata, where)];
  const { config, origins } = inferConfig(shapes, all, where);
  const rawTensors = selectTensors(file, config, where);
  const tensors = new Map([...rawTensors].map(([key, raw]) => [key, decodeTensor(key, raw, where)]));
  const ignoredKeys = [...file.tensors.keys()].filter((key) => !rawTensors.has(key) && !TRAINING_KEY.test(key));
  return { checkpoint: { config, tensors }, rawTensors, origins, ignoredKeys };
}

/** A checkpoint in memory as tensors of binary32 numbers, for exportCheckpoint. */
export function encodeCheckpoint(checkpoint: FloatCheckpoint): Pick<ImportedCheckpoint, 'checkpoint' | 'rawTensors'> {
  const rawTensors = new Map([...checkpoint.tensors].map(([key, { data, shape }]) => [key, encodeFloats(data, shape)]));
  return { checkpoint, rawTensors };
}

/** A checkpoint as a file that says everything about itself: needs no config.json and no flags. */
export function exportCheckpoint({
  checkpoint,
  rawTensors,
}: Pick<ImportedCheckpoint, 'checkpoint' | 'rawTensors'>): TensorFile {
  const { config } = checkpoint;
  const metadata = new Map([...configMetadata(config), ['T', formatMetadataValue(config.timesteps)]]);
  return { metadata, tensors: rawTensors };
}
