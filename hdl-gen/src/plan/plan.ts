/** plan(): the one place that computes folds, cycles, latency and memories of an accelerator. */

import type { Derived, Layer, QuantizedNetwork } from '@spikemill/golden-model';
import { derive, listLayers, SpikemillError, stageShapes, tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import type { BindContext, Binding, BlockBuffers, SectionBases, WeightSection } from '../layers/binding.js';
import { bindCopy } from '../layers/copy.js';
import { LAYER_BINDINGS } from '../layers/table.js';
import { denseGeometry, type MemorySizes, planBuffers } from './buffers.js';
import { chooseCuts, type Unit, unitsOf } from './cuts.js';
import { type ExternalWeights, planExternalWeights } from './external-weights.js';
import { deriveFormats, type Formats } from './formats.js';
import { completeOptions, type Grid, makeGrid, type PlanOptions } from './options.js';
import { type Pass, passCycles, usesSpikeWeights } from './pass.js';
import { digitsOf, planeLanes } from './plane-digits.js';
import { schedule } from './schedule.js';
import { behindCurrentBase, planSegmentBuffers, type SegmentBuffers, type UnitRange } from './segment-buffers.js';
import { streamFormats } from './stream-formats.js';

/** A layer's binding with the first words of its sections. */
export interface PlacedBinding extends Binding {
  readonly bases: SectionBases;
}

/** Words of the memories that are filled at generation time. */
export interface MemoryDepths {
  readonly 'spike-weights': number;
  readonly 'plane-weights': number;
  readonly 'axial-weights': number;
  readonly params: number;
  readonly tokens: number;
}

/** The work of one engine. */
export interface EnginePlan {
  readonly options: PlanOptions;
  readonly grid: Grid;
  readonly formats: Formats;
  readonly derived: Derived;
  readonly buffers: MemorySizes;
  /** Rows of the pixel memory per patch, and of all patches. */
  readonly patchRows: number;
  readonly pixelRows: number;
  readonly bindings: readonly PlacedBinding[];
  readonly passes: readonly Pass[];
  readonly depths: MemoryDepths;
  /** Weights of the spike array that are read from external memory; null: they are on chip. */
  readonly external: ExternalWeights | null;
  /** Cycles from the fetch of the first program word to the end of the last pass, without stalls. */
  readonly cyclesPerImage: number;
}

/** An engine of several that work on different images. */
export interface SegmentPlan extends EnginePlan {
  /** Number of its first pass in the whole plan. */
  readonly firstPass: number;
  readonly buffers: SegmentBuffers;
  /** Which arrays have something to do. */
  readonly usesSpikes: boolean;
  readonly usesPlanes: boolean;
}

/** One engine, or the sum of several: passes one behind the other, cycles and words added up. */
export interface Plan extends EnginePlan {
  readonly style: 'dense';
  /** The engines; empty if there is but one, which is then the plan itself. */
  readonly segments: readonly SegmentPlan[];
}

/** The engines of a plan. */
export function enginesOf(plan: Plan): readonly EnginePlan[] {
  return plan.segments.length === 0 ? [plan] : plan.segments;
}

/** The token memory starts with the word of all layers without token batch norm. */
export const DEFAULT_TOKEN_WORDS = 1;

function weightWords(section: WeightSection, { lanes, inputs, axialInputs }: Grid): number {
  if (section.memory === 'axial-weights') {
    return section.side === null ? 1 : section.side * ceilDivide(section.side, axialInputs);
  }
  return (section.outputs.length / lanes) * (section.taps.length / inputs) * (section.digits ?? 1);
}

function paramWords({ params }: Binding, { neurons }: Grid): number {
  if (params === null) return 0;
  return params.perOuter ? params.outputs.length : params.outputs.length / neurons;
}

/** Gives every layer its place in the memories, one behind the other. */
function placeSections(bindings: readonly Binding[], grid: Grid): { placed: PlacedBinding[]; depths: MemoryDepths } {
  const depths = { 'spike-weights': 0, 'plane-weights': 0, 'axial-weights': 0, params: 0, tokens: DEFAULT_TOKEN_WORDS };
  const placed = bindings.map((binding) => {
    const { memory } = binding.weights;
    const bases = { weights: depths[memory], params: depths.params, tokens: depths.tokens };
    depths[memory] += weightWords(binding.weights, grid);
    depths.params += paramWords(binding, grid);
    depths.tokens += binding.tokenWords;
    return { ...binding, bases };
  });
  return { placed, depths };
}

/** What follows from the network, whatever the grid. */
interface NetworkFacts {
  readonly derived: Derived;
  readonly formats: Formats;
}

/** The choices that widths depend on. */
export type FormatOptions = Pick<PlanOptions, 'weights' | 'widths'>;

function makeFacts(network: QuantizedNetwork, { weights, widths }: FormatOptions): NetworkFacts {
  const derived = derive(network);
  const isStreamed = weights === 'stream';
  return { derived, formats: isStreamed ? streamFormats(network, derived, widths) : deriveFormats(network, derived) };
}

const knownFacts = new WeakMap<QuantizedNetwork, Map<string, NetworkFacts>>();

/** Kept per network: ranges over all weights take most of the time of a plan, and a search plans a network often. */
export function factsOf(network: QuantizedNetwork, options: FormatOptions): NetworkFacts {
  const known = knownFacts.get(network) ?? new Map<string, NetworkFacts>();
  const key = JSON.stringify([options.weights, options.widths]);
  const facts = known.get(key) ?? makeFacts(network, options);
  known.set(key, facts);
  knownFacts.set(network, known);
  return facts;
}

/** Facts that all engines share. */
interface Common {
  readonly network: QuantizedNetwork;
  readonly options: PlanOptions;
  readonly grid: Grid;
  readonly formats: Formats;
  readonly derived: Derived;
  readonly patchRows: number;
  readonly pixelRows: number;
}

function cyclesOf(passes: readonly Pass[], grid: Grid): number {
  return passes.reduce((sum, pass) => sum + passCycles(pass, grid), 0);
}

type EngineWork = Pick<EnginePlan, 'bindings' | 'passes' | 'depths' | 'cyclesPerImage' | 'external'>;

function planWork(bindings: readonly Binding[], { grid, options, formats }: Common): EngineWork {
  const { placed, depths } = placeSections(bindings, grid);
  const inTokenOrder = schedule<SectionBases, Pass, PlacedBinding>(placed, ({ layer }) => layer, options.tokenBlock);
  // all other passes share their weights among the groups
  const passes = inTokenOrder.map((pass) => (usesSpikeWeights(pass) ? { ...pass, order: options.loopOrder } : pass));
  const external = options.weights === 'external' ? planExternalWeights(passes, grid, formats, options) : null;
  return { bindings: placed, passes, depths, external, cyclesPerImage: cyclesOf(passes, grid) };
}

/** @returns what BindContext.planeDigits is for a plan. */
function planeDigitsOf({ network, options, grid, formats }: Common): BindContext['planeDigits'] {
  if (grid.planes === 'own') return () => null;
  // of weights that come later, any may be the largest
  const anyWeights = options.weights === 'stream' ? Int8Array.of(LARGEST_PLANE_WEIGHT) : null;
  return ({ name }) => digitsOf(anyWeights ?? network.layers.get(name)!.weight, formats.weightBits);
}

const LARGEST_PLANE_WEIGHT = 127;

/** Every digit of a plane's weights takes a timestep of the array. */
function checkPlanes({ grid, formats }: Common): void {
  const lanes = planeLanes(formats.weightBits);
  if (grid.planes === 'own' || lanes <= grid.timesteps) return;
  throw new SpikemillError('PLAN', 'the spike array has too few timesteps for the digits of 8-bit weights', {
    where: 'plan.planes',
    expected: `${lanes} timesteps or more, for digits of ${formats.weightBits} bits`,
    actual: `${grid.timesteps}`,
    suggestions: ['leave out --planes'],
  });
}

function planWhole(common: Common): EnginePlan {
  const { network, options, grid, patchRows } = common;
  const { config } = network;
  const buffers = planBuffers(config, denseGeometry(config, grid), options.tokenBlock);
  const context: BindContext = {
    config,
    grid,
    patchRows,
    planeDigits: planeDigitsOf(common),
    stage: (index) => buffers.stages[index]!,
    block: (index) => buffers.blocks[index]!,
  };
  const bindings = listLayers(config).map((layer) => LAYER_BINDINGS[layer.kind](layer, context));
  return { ...common, buffers, ...planWork(bindings, common) };
}

/** The pass that hands h on, in the midst of a stage. */
function copyBindings(layers: readonly Layer[], buffers: SegmentBuffers, { grid }: Common, first: Layer): Binding[] {
  const { front, behind } = buffers;
  const isMiddle = front !== null && front.currentWords > 0 && behind?.stage === front.stage && behind.currentWords > 0;
  if (!isMiddle) return [];
  const isMaker = ({ stage, block, kind }: Layer): boolean =>
    stage === front.stage && block === null && kind !== 'head';
  const maker = layers.findLast(isMaker)!;
  const { x, h } = buffers.stage(first, front.stage);
  return [bindCopy(maker, x.layout, h, { ...h, base: behindCurrentBase(buffers) }, grid)];
}

function planSegment(common: Common, units: readonly Unit[], range: UnitRange, firstPass: number): SegmentPlan {
  const { network, options, grid, patchRows, pixelRows, formats } = common;
  const { config } = network;
  const layers = listLayers(config);
  const buffers = planSegmentBuffers(config, grid, options.tokenBlock, units, range, pixelRows);
  const own = layers.slice(units[range.first]!.first, units[range.end - 1]!.end);
  const planeDigits = planeDigitsOf(common);
  const bound = own.map((layer) => {
    const block = (index: number): BlockBuffers => buffers.blocks[index]!;
    const context: BindContext = {
      config,
      grid,
      patchRows,
      planeDigits,
      stage: (index) => buffers.stage(layer, index),
      block,
    };
    return LAYER_BINDINGS[layer.kind](layer, context);
  });
  const work = planWork([...copyBindings(layers, buffers, common, own[0]!), ...bound], common);
  const isPlane = ({ source }: Pass): boolean => source === 'pixels' || source === 'head';
  const [usesPlanes, usesSpikes] = [work.passes.some(isPlane), !work.passes.every(isPlane)];
  const { depths } = work;
  return {
    ...{ ...common, buffers, ...work, firstPass, usesPlanes, usesSpikes },
    // an array that is not built has no width, but the neurons take weights of the identity branch in the larger of both
    formats: {
      ...formats,
      accBits: usesSpikes ? formats.accBits : 1,
      planeAccBits: usesPlanes ? formats.planeAccBits : formats.planeWeightBits,
    },
    // no memory is empty
    depths: { ...depths, params: Math.max(1, depths.params), 'axial-weights': Math.max(1, depths['axial-weights']) },
  };
}

/** Adds up what all segments have. */
function planSegments(common: Common, { segments: choice }: PlanOptions): SegmentPlan[] {
  const layers = listLayers(common.network.config);
  const units = unitsOf(layers);
  const known = new Map<string, number>();
  const cyclesOfRange = (first: number, end: number): number => {
    const key = `${first}.${end}`;
    const cycles = known.get(key) ?? planSegment(common, units, { first, end }, 0).cyclesPerImage;
    known.set(key, cycles);
    return cycles;
  };
  const cuts = chooseCuts(layers, choice, cyclesOfRange);
  const segments: SegmentPlan[] = [];
  let firstPass = 0;
  for (const [i, first] of cuts.entries()) {
    const segment = planSegment(common, units, { first, end: cuts[i + 1] ?? units.length }, firstPass);
    segments.push(segment);
    firstPass += segment.passes.length;
  }
  return segments;
}

function sumOf(common: Common, segments: readonly SegmentPlan[]): Plan {
  const total = (value: (segment: SegmentPlan) => number): number =>
    segments.reduce((sum, segment) => sum + value(segment), 0);
  const kinds = Object.keys(segments[0]!.depths) as (keyof MemoryDepths)[];
  return {
    style: 'dense',
    ...common,
    buffers: {
      spikeRows: total(({ buffers }) => buffers.spikeRows),
      currentWords: total(({ buffers }) => buffers.currentWords),
    },
    bindings: segments.flatMap(({ bindings }) => bindings),
    passes: segments.flatMap(({ passes }) => passes),
    depths: Object.fromEntries(
      kinds.map((kind) => [kind, total(({ depths }) => depths[kind])]),
    ) as unknown as MemoryDepths,
    cyclesPerImage: total(({ cyclesPerImage }) => cyclesPerImage),
    external: null,
    segments,
  };
}

function checkSegments({ segments, weights }: PlanOptions): void {
  if (weights === 'image' || segments === 1) return;
  throw new SpikemillError('PLAN', 'weights from outside are for one engine only', {
    where: 'plan.segments',
    expected: '1 segment, or weights as images',
    actual: `${JSON.stringify(segments)}, weights: ${weights}`,
    suggestions: ['use --segments 1', 'use --weights image'],
  });
}

/**
 * Plans the accelerator of a network.
 *
 * @throws SpikemillError USAGE or PLAN if the choice cannot be built; the message names what binds.
 */
export function plan(network: QuantizedNetwork, choice: Partial<PlanOptions> = {}): Plan {
  const { config } = network;
  const options = completeOptions(choice);
  checkSegments(options);
  const grid = makeGrid(options, config.timesteps);
  const patchRows = ceilDivide(config.inChannels * config.patchSize ** 2, grid.inputs);
  const common: Common = {
    ...{ network, options, grid, patchRows },
    ...factsOf(network, options),
    pixelRows: patchRows * tokenCount(stageShapes(config)[0]!),
  };
  checkPlanes(common);
  if (options.segments === 1) return { style: 'dense', ...planWhole(common), segments: [] };
  return sumOf(common, planSegments(common, options));
}
