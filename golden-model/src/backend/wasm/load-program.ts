/** Puts a network into the memory of the kernels: weights, maps, scratch, one record for each layer. */
import { type DerivedLayer, derive } from '../../derive.js';
import { imageShape, tokenCount } from '../../layer-list.js';
import { smallestMembrane, theta2Of } from '../../layers/lif.js';
import { LAYERS } from '../../layers/table.js';
import type { Layer } from '../../network.js';
import { fanIn } from '../../operations.js';
import type { QuantizedNetwork } from '../../quantized-network.js';
import { type KernelMemory, makeKernelMemory } from './kernels.js';
import { bitBytes, bitRow, fullMap, numberBytes, numberRow, numberTime, unitCount } from './maps.js';
import { type PackedAlign, packAlign, packShortAlign, spreadOverChannels, spreadOverLanes } from './pack-align.js';
import { packWeights } from './pack-weights.js';
import { type LayerStep, type Program, recordProgram, type Value } from './program.js';
import { findShortMaps, fitsShortTokens, isNarrow } from './short-maps.js';
import { encodeStep, type StepRecord } from './step-record.js';

/** Scratch memory that all layers share. */
interface Scratch {
  readonly bitTable: number;
  readonly lists: number;
  readonly listBytes: number;
  readonly starts: number;
  readonly blockTokens: number;
  readonly sums: number;
  readonly aligned: number;
  readonly state: number;
}

/** Lists that stay in the cache together with a tile of weights. */
const LIST_BYTES = 2 ** 16;
const BLOCK_TOKENS = 128;
/** 16-bit sums of a tile of up to 128 outputs, or 32-bit ones of 64, at 16 timesteps, and more. */
const TILE_SUM_BYTES = 8192;
const UNIT_BYTES = 32;

const BYTE_BITS = 8;
const BYTE_VALUES = 2 ** BYTE_BITS;

/** For each byte the positions of its set bits, then zeros. */
function makeBitTable(): Int16Array {
  const table = new Int16Array(BYTE_VALUES * BYTE_BITS);
  for (let byte = 0; byte < BYTE_VALUES; byte++) {
    const positions = Array.from({ length: BYTE_BITS }, (_, bit) => bit).filter((bit) => (byte >> bit) & 1);
    table.set(positions, byte * BYTE_BITS);
  }
  return table;
}

function reserveScratch(memory: KernelMemory, layers: readonly Layer[], timesteps: number): Scratch {
  const longest = Math.max(
    ...layers.map((layer) => {
      const { height, width } = layer.output;
      return 4 * timesteps * Math.max(fanIn(layer), 4 * (height + width));
    }),
  );
  const listBytes = Math.max(LIST_BYTES, longest + UNIT_BYTES);
  const units = Math.max(...layers.map(({ output }) => unitCount(output.channels)));
  return {
    bitTable: memory.place(makeBitTable()),
    lists: memory.reserve(listBytes),
    listBytes,
    starts: memory.reserve(4 * (BLOCK_TOKENS * timesteps + 1)),
    blockTokens: BLOCK_TOKENS,
    sums: memory.reserve(TILE_SUM_BYTES + units * UNIT_BYTES),
    aligned: memory.reserve(TILE_SUM_BYTES + units * UNIT_BYTES),
    state: memory.reserve(TILE_SUM_BYTES + units * UNIT_BYTES),
  };
}

/** Gives every map of the program its address; number maps share memory when their times do not overlap. */
function placeMaps(memory: KernelMemory, { steps }: Program): void {
  const lastUse = new Map<Value, number>();
  steps.forEach((step, index) => {
    if (step.kind === 'layer' && step.residual !== null) lastUse.set(step.residual, index);
    if (step.kind === 'join-numbers') for (const part of step.parts) lastUse.set(part, index);
  });
  const free: { address: number; bytes: number }[] = [];
  const ends: { value: Value; address: number; bytes: number }[] = [];
  steps.forEach((step, index) => {
    if (step.kind === 'layer' && step.spikes !== null) step.spikes.address = memory.reserve(bitBytes(step.spikes));
    if (step.kind === 'join-bits') {
      step.map.address = memory.reserve(bitBytes(step.map));
      return;
    }
    if (step.current !== null) {
      const bytes = numberBytes(step.current);
      const found = free.findIndex((block) => block.bytes >= bytes);
      const block = found === -1 ? { address: memory.reserve(bytes), bytes } : free.splice(found, 1)[0]!;
      step.current.address = block.address;
      ends.push({ value: step, ...block });
    }
    for (const end of ends.filter(({ value }) => lastUse.get(value) === index)) {
      free.push(end);
      ends.splice(ends.indexOf(end), 1);
    }
  });
}

function placeNeurons(memory: KernelMemory, network: QuantizedNetwork, { layer, spikes }: LayerStep) {
  if (spikes === null) {
    return { theta: 0, thetaStep: 0, smallest: 0, narrow: 0, spikes: 0, spikesRow: 0, spikesTime: 0 };
  }
  const theta2 = theta2Of(network, layer);
  const smallest = smallestMembrane(network.format.membraneBits);
  return {
    theta: memory.place(theta2),
    thetaStep: theta2.length === 1 ? 0 : 4,
    smallest,
    narrow: isNarrow(theta2, smallest) ? 1 : 0,
    spikes: spikes.address,
    spikesRow: bitRow(spikes),
    spikesTime: tokenCount(spikes) * bitRow(spikes),
  };
}

function placeTokens(
  memory: KernelMemory,
  network: QuantizedNetwork,
  { layer, hasTokens }: LayerStep,
  range: DerivedLayer,
) {
  if (!hasTokens) return { tokenScale: 0, tokenBias: 0, scaleShift: 0, shortTokens: 0 };
  const first = network.firstLinearTokens.get(layer.name);
  const shortTokens = fitsShortTokens(network, range) ? 1 : 0;
  if (first !== undefined) {
    const signs = Int32Array.from(first.negate, (negate) => (negate === 1 ? -1 : 1));
    return { tokenScale: memory.place(signs), tokenBias: memory.place(first.bias), scaleShift: 0, shortTokens };
  }
  const { scale, bias } = network.secondLinearTokens.get(layer.name)!;
  const scaleShift = network.format.scaleFractionBits;
  return { tokenScale: memory.place(scale), tokenBias: memory.place(bias), scaleShift, shortTokens };
}

function placeResidual(residual: Value | null) {
  if (residual === null) return { residual: 0, residualRow: 0, residualTime: 0, residualShort: 0 };
  const map = residual.current!;
  return { residual: map.address, residualRow: numberRow(map), residualTime: numberTime(map), residualShort: 0 };
}

/** 16-bit arithmetic, where nothing can leave it. */
function placeShortAlign(memory: KernelMemory, network: QuantizedNetwork, layer: Layer, align: PackedAlign) {
  const none = { shortAlign: 0, shortBias: 0 };
  const isEligible = layer.kind !== 'patch-embedding' && layer.kind !== 'identity';
  const smallest = smallestMembrane(network.format.membraneBits);
  if (!isEligible || !isNarrow(theta2Of(network, layer), smallest)) return none;
  const short = packShortAlign(network.layers.get(layer.name)!, align);
  if (short === null) return none;
  const isAxial = layer.kind === 'axial-h' || layer.kind === 'axial-w';
  const spread = isAxial ? spreadOverLanes : spreadOverChannels;
  return {
    shortAlign: memory.place(Int16Array.from(spread(short.factors))),
    shortBias: memory.place(Int16Array.from(spread(short.bias))),
  };
}

function placeWeights(memory: KernelMemory, network: QuantizedNetwork, layer: Layer) {
  const weights = network.layers.get(layer.name)!;
  const { data, ...packed } = packWeights(layer, weights);
  const largestInput = LAYERS[layer.kind].largestInput(layer, network.config);
  const { factors, ...align } = packAlign(weights, network.format.fractionBits, largestInput);
  const isAxial = layer.kind === 'axial-h' || layer.kind === 'axial-w';
  // The weights of an identity branch are one output each, also where the exponent is shared.
  const spread = isAxial ? spreadOverLanes : spreadOverChannels;
  return {
    ...packed,
    ...align,
    rows: memory.place(data),
    align: memory.place(spread(factors)),
    bias: memory.place(spread(weights.bias)),
    ...placeShortAlign(memory, network, layer, { factors, ...align }),
  };
}

function makeRecord(
  memory: KernelMemory,
  network: QuantizedNetwork,
  step: LayerStep,
  scratch: Scratch,
  range: DerivedLayer,
): StepRecord {
  const { layer, input } = step;
  const membranes = fullMap(layer, network.config.timesteps);
  const currents = step.current ?? membranes;
  const segments = input.flatMap((map) => [map.address, bitRow(map), tokenCount(map) * bitRow(map), map.channels]);
  return {
    segments: memory.place(Int32Array.from(segments)),
    segmentCount: input.length,
    inputHeight: layer.input.height,
    inputWidth: layer.input.width,
    kernel: layer.kernel,
    stride: layer.stride,
    padding: layer.padding,
    timesteps: network.config.timesteps,
    outputHeight: layer.output.height,
    outputWidth: layer.output.width,
    outputs: layer.output.channels,
    tapRows: layer.input.channels,
    counts: 0,
    ...placeWeights(memory, network, layer),
    ...placeTokens(memory, network, step, range),
    ...placeResidual(step.residual),
    current: step.current?.address ?? 0,
    currentRow: numberRow(currents),
    currentTime: numberTime(currents),
    currentShort: 0,
    ...placeNeurons(memory, network, step),
    membranes: 0,
    membranesRow: numberRow(membranes),
    membranesTime: numberTime(membranes),
    ...scratch,
  };
}

/** A layer step that is ready to run. */
export interface LoadedLayer {
  readonly step: LayerStep;
  readonly record: StepRecord;
  /** Of the record in the memory. */
  readonly address: number;
  /** One uint32 counter for each of its weight rows. */
  readonly counts: number;
  readonly rows: number;
}

function loadLayer(
  memory: KernelMemory,
  network: QuantizedNetwork,
  step: LayerStep,
  scratch: Scratch,
  range: DerivedLayer,
): LoadedLayer {
  const record = makeRecord(memory, network, step, scratch, range);
  const rows = fanIn(step.layer);
  const [outputs = 0] = step.layer.weightShape;
  const counters = step.layer.kind === 'identity' ? outputs : rows;
  return {
    step,
    record,
    address: memory.place(encodeStep(record)),
    counts: memory.reserve(4 * counters),
    rows: counters,
  };
}

export interface LoadedProgram extends Program {
  readonly memory: KernelMemory;
  readonly layers: ReadonlyMap<LayerStep, LoadedLayer>;
  /** Values whose maps have 16 bits while nothing is watched. */
  readonly shortMaps: ReadonlySet<Value>;
  /** Where the pixels of the image go, uint8 [channel, row, column]. */
  readonly pixels: number;
  /** One uint32 counter for each channel that the head reads. */
  readonly headCounts: number;
}

/** @throws SpikemillError INVALID_TENSOR for a network whose values could leave int32. */
export function loadProgram(network: QuantizedNetwork): LoadedProgram {
  const ranges = new Map(derive(network).layers.map((range) => [range.layer.name, range]));
  const { config } = network;
  const memory = makeKernelMemory();
  const program = recordProgram(config);
  placeMaps(memory, program);
  const steps = program.steps.filter((step) => step.kind === 'layer');
  const scratch = reserveScratch(
    memory,
    steps.map(({ layer }) => layer),
    config.timesteps,
  );
  const rangeOf = ({ layer }: LayerStep): DerivedLayer => ranges.get(layer.name)!;
  const layers = new Map(steps.map((step) => [step, loadLayer(memory, network, step, scratch, rangeOf(step))]));
  const shape = imageShape(config);
  const pixels = memory.reserve(tokenCount(shape) * shape.channels);
  const headCounts = memory.reserve(4 * program.head.input.channels);
  return { ...program, memory, layers, shortMaps: findShortMaps(network, program, rangeOf), pixels, headCounts };
}
