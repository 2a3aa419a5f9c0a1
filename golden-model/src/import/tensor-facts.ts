/** What the keys and shapes of a checkpoint say about its network, before anything else is believed. */
import { SpikemillError } from '../errors.js';
import { countOf } from '../wording.js';
import { formatShape } from './tensor-file.js';

/** Shapes of all tensors by state-dict key. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

export interface TensorFacts {
  readonly spe: boolean;
  readonly inChannels: number;
  readonly dim: number;
  /** Of the first channel block; alpha * dim. */
  readonly hiddenChannels: number;
  readonly numClasses: number;
  readonly patchSize: number;
  readonly depths: readonly number[];
  /** Of stage 0. */
  readonly tokens: { readonly height: number; readonly width: number };
}

const STAGE_KEY = /^to_patch_embedding\.(\d{1,3})\./;
const BLOCK_KEY = /^token_mix\.(\d{1,3})\./;

/** Sizes of a tensor that must be there with this rank. */
function requireShape(shapes: Shapes, key: string, rank: number, where: string): readonly number[] {
  const shape = shapes.get(key);
  if (shape === undefined) {
    const found = [...shapes.keys()];
    const some = `${found.slice(0, 3).join(', ')}${found.length > 3 ? ', ...' : ''}`;
    throw new SpikemillError('INVALID_TENSOR', 'a tensor of the network is missing', {
      where: `${where}: ${key}`,
      expected: `${key} with ${countOf(rank, 'dimension')}`,
      actual: `${countOf(found.length, 'tensor')}${found.length > 0 ? `: ${some}` : ''}`,
      suggestions: ['check that this is a spiking MLP-Mixer with the official state-dict keys'],
    });
  }
  if (shape.length === rank && shape.every((size) => size >= 1)) return shape;
  throw new SpikemillError('INVALID_TENSOR', 'a tensor has the wrong shape', {
    where: `${where}: ${key}`,
    expected: `${countOf(rank, 'dimension')} of at least 1`,
    actual: formatShape(shape),
  });
}

/** 1 + the largest index that `pattern` finds in the keys. */
function countIndices(shapes: Shapes, pattern: RegExp): number {
  let count = 0;
  for (const key of shapes.keys()) count = Math.max(count, Number(pattern.exec(key)?.[1] ?? -1) + 1);
  return count;
}

/** Blocks of each stage: the width of a block, dim * 2^stage, tells where it belongs. */
function readDepths(shapes: Shapes, dim: number, where: string): number[] {
  const depths: number[] = new Array(countIndices(shapes, STAGE_KEY)).fill(0);
  const blocks = Math.max(1, countIndices(shapes, BLOCK_KEY));
  let reached = 0;
  for (let block = 0; block < blocks; block++) {
    const key = `token_mix.${block}.fuse.0.weight`;
    const width = requireShape(shapes, key, 4, where)[0]!;
    const stage = Math.log2(width / dim);
    const follows = stage === reached || (stage === reached + 1 && depths[reached]! > 0);
    if (!follows || stage >= depths.length) {
      throw new SpikemillError('INVALID_TENSOR', 'a block fits no stage', {
        where: `${where}: ${key}`,
        expected: `${dim} * 2^stage outputs, ${countOf(depths.length, 'stage')} in order`,
        actual: countOf(width, 'output'),
      });
    }
    depths[stage]! += 1;
    reached = stage;
  }
  if (reached === depths.length - 1) return depths;
  throw new SpikemillError('INVALID_TENSOR', 'a stage has no block', {
    where: `${where}: stage ${reached + 1}`,
    expected: `a block of ${dim * 2 ** (reached + 1)} channels`,
    actual: `${countOf(blocks, 'block')}, the last one of ${countOf(dim * 2 ** reached, 'channel')}`,
  });
}

/**
 * @param where the checkpoint's name, for messages
 * @throws SpikemillError INVALID_TENSOR if the keys and shapes are of no network of the family
 */
export function readTensorFacts(shapes: Shapes, where: string): TensorFacts {
  const require = (key: string, rank: number): readonly number[] => requireShape(shapes, key, rank, where);
  const [dim, inChannels, patchSize] = require('to_patch_embedding.0.0.weight', 4) as [number, number, number];
  const [height] = require('token_mix.0.proj_h.1.weight', 4) as [number];
  const [width] = require('token_mix.0.proj_w.1.weight', 4) as [number];
  const [hiddenChannels] = require('channel_mix.0.1.net.0.weight', 2) as [number];
  const [numClasses] = require('mlp_head.1.weight', 2) as [number];
  const depths = readDepths(shapes, dim, where);
  return {
    // The identity branch has a batch norm only in the variant without SPE; it shows in a network of one stage, too.
    spe: !shapes.has('token_mix.0.BN.weight'),
    inChannels,
    dim,
    hiddenChannels,
    numClasses,
    patchSize,
    depths,
    tokens: { height, width },
  };
}
