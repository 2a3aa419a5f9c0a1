/** The ordered lists of a network's weighted layers and LIF populations, from its configuration alone. */
import type { Layer, LifShape, MapShape, NetworkConfig } from './network.js';

/** Length of a convolution's output along one axis: floor((length + 2 * padding - kernel) / stride) + 1, at least 0. */
function convolvedLength(length: number, kernel: number, stride: number, padding: number): number {
  return Math.max(0, Math.floor((length + 2 * padding - kernel) / stride) + 1);
}

interface Kernel {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}
const POINTWISE: Kernel = { kernel: 1, stride: 1, padding: 0 };
const PATCH_STEP: Kernel = { kernel: 2, stride: 2, padding: 0 };
const CELL_TO_NODE: Kernel = { kernel: 3, stride: 2, padding: 1 };
const NODE_TO_NODE: Kernel = { kernel: 3, stride: 1, padding: 1 };

function convolvedShape(input: MapShape, channels: number, { kernel, stride, padding }: Kernel): MapShape {
  return {
    channels,
    height: convolvedLength(input.height, kernel, stride, padding),
    width: convolvedLength(input.width, kernel, stride, padding),
  };
}

/** Tokens of a map, the L of the semantics. */
export function tokenCount(shape: MapShape): number {
  return shape.height * shape.width;
}

/** Map of the pixels of one image. */
export function imageShape(config: NetworkConfig): MapShape {
  return { channels: config.inChannels, height: config.imageHeight, width: config.imageWidth };
}

/** Map of every stage, in order. Odd sizes shrink as the convolutions do; leftover pixels of patches are not read. */
export function stageShapes(config: NetworkConfig): MapShape[] {
  const { patchSize, dim, depths, spe } = config;
  const patch = { kernel: patchSize, stride: patchSize, padding: 0 };
  const shapes = [convolvedShape(imageShape(config), dim, patch)];
  for (let stage = 1; stage < depths.length; stage++) {
    const previous = shapes[stage - 1]!;
    shapes.push(convolvedShape(previous, previous.channels * 2, spe ? CELL_TO_NODE : PATCH_STEP));
  }
  return shapes;
}

/** A layer with the defaults of a pointwise one. */
function makeLayer(
  required: Pick<Layer, 'name' | 'kind' | 'stage' | 'block' | 'input' | 'output' | 'weightShape' | 'lif'>,
  optional: Partial<Kernel & Pick<Layer, 'lifOffset'>> = {},
): Layer {
  return { ...required, ...POINTWISE, lifOffset: 0, ...optional };
}

/** The one or five convolutions that lead into a stage. */
function encodingLayers(config: NetworkConfig, stage: number, input: MapShape, output: MapShape): Layer[] {
  const name = `to_patch_embedding.${stage}`;
  const lif = `to_patch_embedding_lif.${stage}`;
  const common = { stage, block: null };
  if (stage === 0 || !config.spe) {
    const shape = stage === 0 ? { kernel: config.patchSize, stride: config.patchSize, padding: 0 } : PATCH_STEP;
    const weightShape = [output.channels, input.channels, shape.kernel, shape.kernel];
    const kind = stage === 0 ? 'patch-embedding' : 'patch-step';
    return [makeLayer({ ...common, name, kind, input, output, weightShape, lif }, shape)];
  }
  const nodeChannels = output.channels / 3;
  const node = { ...output, channels: nodeChannels };
  const convolution = (suffix: string, from: MapShape, shape: Kernel, completedNode: number | null): Layer => {
    const weightShape = [nodeChannels, from.channels, shape.kernel, shape.kernel];
    const target = completedNode === null ? null : lif;
    const lifOffset = (completedNode ?? 0) * nodeChannels;
    return makeLayer(
      { ...common, name: `${name}.${suffix}`, kind: 'spe', input: from, output: node, weightShape, lif: target },
      { ...shape, lifOffset },
    );
  };
  return [
    convolution('cell2node.0', input, CELL_TO_NODE, 0),
    convolution('cell2node.1', input, CELL_TO_NODE, null),
    convolution('node1_node2', node, NODE_TO_NODE, 1),
    convolution('cell2node.2', input, CELL_TO_NODE, null),
    convolution('node2_node3', node, NODE_TO_NODE, 2),
  ];
}

/** The token block and the channel block number `block`. */
function blockLayers(config: NetworkConfig, stage: number, block: number, map: MapShape): Layer[] {
  const { channels, height, width } = map;
  const tokenMix = `token_mix.${block}`;
  const channelMix = `channel_mix.${block}.1.net`;
  const concatenated = { ...map, channels: 3 * channels };
  const hidden = { ...map, channels: Math.round(config.alpha * channels) };
  const onMap = { stage, block, input: map, output: map };
  const layers: Layer[] = [];
  const push = (layer: Parameters<typeof makeLayer>[0]): void => void layers.push(makeLayer(layer));
  if (!config.spe) {
    const names = { name: `${tokenMix}.BN`, lif: `${tokenMix}.activation` };
    push({ ...onMap, ...names, kind: 'identity', weightShape: [channels] });
  }
  const axialH = { name: `${tokenMix}.proj_h`, lif: `${tokenMix}.proj_h.3` };
  push({ ...onMap, ...axialH, kind: 'axial-h', weightShape: [height, height] });
  const axialW = { name: `${tokenMix}.proj_w`, lif: `${tokenMix}.proj_w.3` };
  push({ ...onMap, ...axialW, kind: 'axial-w', weightShape: [width, width] });
  const fuse = { name: `${tokenMix}.fuse`, lif: `token_mix_lif.${block}`, input: concatenated };
  push({ ...onMap, ...fuse, kind: 'fuse', weightShape: [channels, 3 * channels] });
  const fc1 = { name: `${channelMix}.0`, lif: `${channelMix}.2`, output: hidden };
  push({ ...onMap, ...fc1, kind: 'fc1', weightShape: [hidden.channels, channels] });
  const fc2 = { name: `${channelMix}.3`, lif: `channel_mix_lif.${block}`, input: hidden };
  push({ ...onMap, ...fc2, kind: 'fc2', weightShape: [channels, hidden.channels] });
  return layers;
}

/**
 * Every weighted layer of the network in the order of execution; the names are the keys of a quantized model file.
 * Pure shape arithmetic: a config that contradicts itself gives shapes that contradict themselves.
 */
export function listLayers(config: NetworkConfig): Layer[] {
  const shapes = stageShapes(config);
  const layers: Layer[] = [];
  let input = imageShape(config);
  let block = 0;
  shapes.forEach((shape, stage) => {
    layers.push(...encodingLayers(config, stage, input, shape));
    const depth = config.depths[stage]!;
    for (let i = 0; i < depth; i++) layers.push(...blockLayers(config, stage, block++, shape));
    input = shape;
  });
  const { numClasses } = config;
  const output = { channels: numClasses, height: 1, width: 1 };
  const head = { stage: shapes.length - 1, block: null, input, output, weightShape: [numClasses, input.channels] };
  layers.push(makeLayer({ ...head, name: 'mlp_head', kind: 'head', lif: null }));
  return layers;
}

/** Every LIF population, in the order in which the first of its neurons fires. An SPE cell has one for all nodes. */
export function listLifs(config: NetworkConfig): LifShape[] {
  const shapes = stageShapes(config);
  const lifs = new Map<string, LifShape>();
  for (const { lif, stage, kind, output } of listLayers(config)) {
    if (lif === null || lifs.has(lif)) continue;
    const shape = kind === 'spe' ? shapes[stage]! : output;
    lifs.set(lif, { ...shape, name: lif, stage });
  }
  return [...lifs.values()];
}

/** A contiguous range of channels of one LIF population. */
export interface LifChannels {
  readonly lif: string;
  readonly firstChannel: number;
  readonly channels: number;
}

/**
 * Where the spikes of a LIF of the published network are found here. The inner LIFs of an SPE cell,
 * `to_patch_embedding.{i}.lif.{0,1}`, fire exactly as channels [0, n) and [n, 2n) of the LIF of their stage and are
 * not run twice; every other name stands for itself. undefined: no such LIF.
 */
export function resolveLif(config: NetworkConfig, name: string): LifChannels | undefined {
  const inner = /^to_patch_embedding\.(\d+)\.lif\.([01])$/.exec(name);
  const lif = inner === null ? name : `to_patch_embedding_lif.${inner[1]}`;
  const shape = listLifs(config).find((candidate) => candidate.name === lif);
  if (shape === undefined) return undefined;
  if (inner === null) return { lif, firstChannel: 0, channels: shape.channels };
  if (!config.spe || shape.stage === 0) return undefined;
  const channels = shape.channels / 3;
  return { lif, firstChannel: Number(inner[2]) * channels, channels };
}
