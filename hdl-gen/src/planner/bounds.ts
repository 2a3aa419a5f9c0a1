/**
 * Lower bounds of cycles and cells for plans of which only some options are chosen.
 *
 * Cycles are closed forms that do not decrease when loops or the cycles of their consumer grow. Cells are the cost formulas
 * of the estimator over the instances of the same generated top, with the parameters that are known, and the smallest
 * value of those that are not; instances without any bound are left out. Tables of constants count as empty unless they
 * are large and in block RAM. What this rests on, that no formula decreases with a width or a depth, is looked at again for every plan
 * that is estimated in full (see search.ts).
 */
import type { DeviceFamily } from '@spikemill/constraints';
import { type QuantizedNetwork, SpikemillError } from '@spikemill/golden-model';
import { ceilDivide, unsignedBits } from '../bits.js';
import { clockValues } from '../clock/clock-model.js';
import { rounded } from '../cost/accelerator-cost.js';
import { type CostModel, costModelOf } from '../cost/cost-model.js';
import { listInstances, type ModuleInstance, parameterValues } from '../cost/instances.js';
import { MUX_COST, READ_BITS } from '../cost/memory-mapping.js';
import { memoriesOf, moduleCost } from '../cost/module-cost.js';
import { type Resources, sumResources } from '../cost/resources.js';
import { pace, streamCycles, withWaits } from '../cost/timing.js';
import { type EngineSizes, sizeConstants, weightAddressConstants } from '../engine/constants.js';
import { externalConstants } from '../engine/external-weights.js';
import { makeEngine } from '../engine.js';
import { frameWordBits } from '../images/weight-frame.js';
import { bufferSizes } from '../plan/buffers.js';
import { BLOCK_PLACE_BITS } from '../plan/chunks.js';
import { type ExternalWords, externalSizes, ringUnits } from '../plan/external-weights.js';
import type { Formats } from '../plan/formats.js';
import { DEFAULT_PLAN, type Grid, makeGrid } from '../plan/options.js';
import { DEFAULT_TOKEN_WORDS, type MemoryDepths, type Plan, plan } from '../plan/plan.js';
import { addressWidths, fieldsFor, layOutFields, makeProgram, passCountWidths, tableWidths } from '../program.js';
import type { Instance } from '../verilog/structure.js';
import type { CycleFigures } from './figures.js';
import {
  type Fold,
  foldCycles,
  foldsOf,
  leastLoops,
  loopsOf,
  passCount,
  passesOf,
  patchSizes,
  streamFolds,
} from './folds.js';
import { leastBlocks } from './memory-bounds.js';
import { leastValues } from './plan-clock.js';
import { type GivenOptions, type PlanSpace, type Span, tokenBlocksOf } from './space.js';
import { makeTraffic, type TrafficBounds } from './traffic.js';

/** Instances whose parameters follow from lanes and inputs only, and whose cells grow with both. */
const ARRAYS = new Set(['u_spike_array', 'u_plane_array']);
/** Instances that cannot be bounded before the neurons are chosen, and before the token block is. */
const NEED_NEURONS = new Set(['u_neuron_unit', 'u_params', 'u_currents']);
/** Modules that are as wide as the widest of all stored words, those of the neurons among them. */
const NEED_ALL_WORDS = new Set(['smx_weight_stream', 'smx_weight_section']);
const NEED_BLOCK = new Set(['u_spikes', 'u_currents']);

/** Contents of a table that costs nothing. */
const EMPTY = () => ({ varying: 0, columns: 0, balance: 0, tables: 0 });

export interface Bounds {
  /** Cycles that no plan with lanes and inputs in these spans, and any token block, goes below; `neurons` if they are fixed. */
  leastCycles(lanes: Span, inputs: Span, neurons: number | null): CycleFigures;
  readonly traffic: TrafficBounds;
  /** Of all plans with this grid and one of these token blocks; most tokens first. */
  openCycles(grid: Grid, tokenBlocks: PlanSpace['tokenBlocks']): CycleFigures;
  /** Exact, but for what the bus has to carry in bursts, through a ring: waits for weights are those of a bus that never pauses. */
  cycles(grid: Grid, tokenBlock: number | null): CycleFigures;
  /** Of the arrays and the weight memory, for all plans with lanes and inputs in these spans. */
  leastResources(lanes: Span, inputs: Span): Resources;
  /**
   * Of all plans with this grid, or with these lanes and inputs if the neurons are open, and with at least so many tokens in
   * a block; null: all.
   */
  resources(grid: Grid, open: { readonly neurons: boolean; readonly leastTokens: number | null }): Resources;
  /** Of one plan; exact but for tables that become logic, and block RAM of small ones. */
  resourcesOf(grid: Grid, tokenBlock: number | null): Resources;
  /** What the clock model may name, at least; null: of any grid. */
  clockValues(grid: Grid | null): Record<string, number>;
}

/** Cycles of a fold, as they are or at least. */
export type FoldCycles = (fold: Fold) => number;

/** Of one engine, with what the bounds of several are made of. */
export interface EngineBounds extends Bounds {
  leastFoldCycles(lanes: Span, inputs: Span, neurons: number | null, tokenBlock: number | null): FoldCycles;
  foldCycles(grid: Grid, tokenBlock: number | null): FoldCycles;
  /** From an image to the next if the slowest engine takes `image` cycles. */
  interval(image: number, cyclesOf: FoldCycles): number;
  /** `u_spike_array` or `u_plane_array`. */
  array(name: string, lanes: number, inputs: number): Resources;
  /** An instance with other values for some parameters. */
  instance(name: string, parameters: Readonly<Record<string, number>>, grid: Grid): Resources;
}

/** Everything that is looked up again and again. */
interface Context {
  readonly network: QuantizedNetwork;
  readonly given: GivenOptions;
  readonly formats: Formats;
  readonly model: CostModel;
  readonly folds: readonly Fold[];
  /** Instances of the top; their parameters are expressions over the constants. */
  readonly instances: readonly Instance[];
  readonly sideBits: number;
  readonly clock: Record<string, number>;
  readonly costs: Map<string, Resources>;
}

/** An option that changes the cycles, and that the closed forms do not know, must not give wrong proofs. */
function checkKnown({ grid, cyclesPerImage, options }: Plan, folds: readonly Fold[]): void {
  const cyclesOf = (fold: Fold): number => fold.times * foldCycles(fold, loopsOf(fold, grid), grid, options.tokenBlock);
  if (folds.reduce((sum, fold) => sum + cyclesOf(fold), 0) === cyclesPerImage) return;
  throw new SpikemillError('PLAN', 'the planner has no closed form of the cycles for this kind of plan', {
    where: 'plan',
    actual: JSON.stringify(options),
    suggestions: ['choose lanes, inputs, neurons and token block yourself, and compare them with estimate'],
  });
}

function makeContext(network: QuantizedNetwork, family: DeviceFamily, given: GivenOptions): Context {
  const template = plan(network, { tokenBlock: null, ...given });
  const program = makeProgram(template);
  const { instances } = makeEngine('top', [], network, template, program, {});
  const folds = foldsOf(network.config);
  const sideBits = program.widths.SideBits!;
  const { formats } = template;
  checkKnown(template, folds);
  const model = costModelOf(family);
  const clock = clockValues(listInstances(network, template));
  return { network, given, formats, model, folds, instances, sideBits, clock, costs: new Map() };
}

/** Instances with equal parameters cost the same. */
function costOf({ costs, model }: Context, instance: ModuleInstance): Resources {
  const key = `${instance.module} ${Object.values(instance.parameters).join(' ')}`;
  let cost = costs.get(key);
  if (cost === undefined) {
    const { memories: _, ...all } = moduleCost(instance, model, instance.image === null ? undefined : EMPTY);
    cost = rounded(all);
    costs.set(key, cost);
  }
  return cost;
}

type Constants = Readonly<Record<string, number>>;

function sumInstances(context: Context, constants: Constants, counts: (instance: Instance) => boolean): Resources {
  const counted = context.instances.filter(counts);
  return sumResources(counted.map((instance) => costOf(context, parameterValues(instance, constants))));
}

function weightWords(fold: Fold, grid: Grid, memory: Fold['weights']): number {
  if (fold.weights !== memory) return 0;
  const { groups, tapA, tapB, slices } = loopsOf(fold, grid);
  // the plane array takes the same weights for every plane, token and timestep
  return fold.times * groups * slices * (memory === 'spike-weights' ? tapA * tapB : 1);
}

function depthsOf(folds: readonly Fold[], grid: Grid): MemoryDepths {
  const sum = (words: (fold: Fold) => number): number => folds.reduce((total, fold) => total + words(fold), 0);
  const perGroup = grid.lanes / grid.neurons;
  const params = (fold: Fold): number =>
    fold.params === 'per-group' ? loopsOf(fold, grid).groups * perGroup : fold.params;
  return {
    'spike-weights': sum((fold) => weightWords(fold, grid, 'spike-weights')),
    'plane-weights': sum((fold) => weightWords(fold, grid, 'plane-weights')),
    'axial-weights': sum((fold) => fold.times * fold.axialWords),
    params: sum((fold) => fold.times * params(fold)),
    tokens: DEFAULT_TOKEN_WORDS + sum((fold) => fold.times * fold.tokenWords),
  };
}

/** Weights that an image reads from external memory. */
function externalWords(folds: readonly Fold[], grid: Grid, tokenBlock: number | null): ExternalWords {
  const dense = folds.filter(({ source }) => source === 'dense');
  const tileWords = (fold: Fold): number => {
    const { tapA, tapB, slices } = loopsOf(fold, grid);
    return tapA * tapB * slices;
  };
  const words = dense.reduce((sum, fold) => {
    const passes = passesOf(fold, tokenBlock).reduce((all, { count }) => all + count, 0);
    return sum + fold.times * passes * loopsOf(fold, grid).groups * tileWords(fold);
  }, 0);
  return { words, largest: Math.max(...dense.map(tileWords)) };
}

type ExternalSizes = ReturnType<typeof externalSizes> | null;

/** null: all weights are on chip. Without a token block those of all tokens at once, which read the fewest words. */
function externalOf({ given, folds, formats }: Context, grid: Grid, tokenBlock: number | null): ExternalSizes {
  if (given.weights !== 'external') return null;
  return externalSizes(externalWords(folds, grid, tokenBlock), grid, formats, given);
}

/** Sizes of the engine; without a token block those of one token, and no buffers. */
function sizesOf(context: Context, grid: Grid, block: { readonly tokens: number | null } | null): Sizes {
  const { network, folds, sideBits, formats, given } = context;
  const { taps, patches } = patchSizes(network.config);
  const patchRows = ceilDivide(taps, grid.inputs);
  const buffers = block === null ? { spikeRows: 1, currentWords: 1 } : bufferSizes(network.config, grid, block.tokens);
  const tokens = block === null ? 1 : block.tokens;
  const passes = folds.map((fold) => {
    const inner = fold.isTokenLocal ? Math.min(fold.inner, tokens ?? fold.inner) : fold.inner;
    return { source: fold.source, loops: { ...loopsOf(fold, grid), inner } };
  });
  const depths = depthsOf(folds, grid);
  const sizes = { grid, buffers, depths, patchRows, pixelRows: patchRows * patches, options: given };
  const external = externalOf(context, grid, block === null ? null : block.tokens);
  const units = external === null ? {} : { WeightUnitBits: unsignedBits(ringUnits(external)) };
  const counts = { ...passCountWidths(passes, grid), ...tableWidths(passes, grid) };
  const widths = { ...counts, ...addressWidths(sizes), SideBits: sideBits, ...units };
  const { wordBits } = layOutFields(widths, fieldsFor(given));
  const program = { widths, wordBits, passes: passCount(folds, block === null ? null : block.tokens) };
  return { ...sizes, formats, program, external };
}

type Sizes = EngineSizes & { readonly external: ExternalSizes };

function constantsOf(context: Context, sizes: Sizes): Constants {
  const { network, given } = context;
  const frame = given.weights === 'stream' ? { WeightLayout: 0, WeightWordBits: frameWordBits(network, sizes) } : {};
  const external = sizes.external === null ? {} : externalConstants(sizes.external);
  return { ...sizeConstants(network, sizes), ...weightAddressConstants(sizes.depths), ...frame, ...external };
}

function arrayConstants({ network, formats }: Context, lanes: number, inputs: number): Constants {
  const { weightBits, accBits, planeWeightBits, planeAccBits } = formats;
  const grid = { Lanes: lanes, Inputs: inputs, Timesteps: network.config.timesteps };
  return {
    ...grid,
    WeightBits: weightBits,
    AccBits: accBits,
    PlaneWeightBits: planeWeightBits,
    PlaneAccBits: planeAccBits,
    PlaceBits: BLOCK_PLACE_BITS,
  };
}

/** The most of ceil(x / unit) / x over all x from `least` on: it peaks there, or just behind the next multiple. */
function mostBlocksPer(least: number, unit: number): number {
  const blocks = ceilDivide(least, unit);
  return Math.max(blocks / least, (blocks + 1) / (blocks * unit + 1));
}

/**
 * Block RAMs that hold all weights of the spike array without any padding, and give a word of them at once; 0 unless it
 * is sure that they go there. In the shallowest mode, D words of W bits, a memory of d words of w bits takes at most
 * ceil(d / D) ceil(w / W) blocks; where this many blocks, and the multiplexers of d / D rows, cost no more than d w bits
 * of logic for any d and w that are not below the least ones, synthesis takes blocks (see mapMemory). Columns that need no
 * bit are dropped from small memories only.
 */
function leastWeightBlocks({ given, formats, folds, model }: Context, lanes: Span, inputs: Span): number {
  // memories that are written may be made of LUTs, at yet another price; a ring holds but a few tiles
  if (given.weights !== 'image') return 0;
  const { blockRam, romBitCost } = model.memory;
  const { weightBits } = formats;
  const dense = folds.filter(({ weights }) => weights === 'spike-weights');
  const words = dense.reduce((sum, fold) => {
    const { groups, tapA, tapB, slices } = leastLoops(fold, lanes.to, inputs.to);
    return sum + fold.times * groups * tapA * tapB * slices;
  }, 0);
  const width = lanes.from * inputs.from * weightBits;
  const shallow = blockRam.modes.reduce((least, mode) => (mode.depth < least.depth ? mode : least));
  const blocksPerBit = mostBlocksPer(words, shallow.depth) * mostBlocksPer(width, shallow.width);
  const isBlockRam = blocksPerBit * blockRam.cost + MUX_COST / shallow.depth <= romBitCost;
  const payload = dense.reduce((sum, { times, outputs, tapA, tapB, inputs: run }) => {
    return sum + times * outputs.segments * outputs.channels * tapA * tapB * run!.count;
  }, 0);
  if (!isBlockRam || payload * weightBits <= READ_BITS) return 0;
  const most = (value: (mode: { readonly width: number; readonly depth: number }) => number): number =>
    Math.max(...blockRam.modes.map(value));
  const forBits = ceilDivide(
    payload * weightBits,
    most((mode) => mode.width * mode.depth),
  );
  return Math.max(
    forBits,
    ceilDivide(
      width,
      most((mode) => mode.width),
    ),
  );
}

/** Block RAMs of spikes and, with known neurons, of currents, whose words depend on the token block. */
function leastBufferBlocks(
  context: Context,
  grid: Grid,
  open: { readonly neurons: boolean; readonly leastTokens: number | null },
): number {
  const buffers = context.instances.filter(
    ({ name }) => NEED_BLOCK.has(name) && !(open.neurons && NEED_NEURONS.has(name)),
  );
  const constants = constantsOf(context, sizesOf(context, grid, { tokens: open.leastTokens }));
  const groups = buffers.flatMap((instance) => memoriesOf(parameterValues(instance, constants)));
  return groups.reduce((sum, group) => sum + leastBlocks(group, context.model.memory), 0);
}

/** Cycles of an image from those of every fold. */
function paced(context: Context, cyclesOf: FoldCycles): CycleFigures {
  const image = context.folds.reduce((sum, fold) => sum + fold.times * cyclesOf(fold), 0);
  return { cyclesPerImage: image, intervalCycles: intervalOf(context, image, cyclesOf) };
}

/** Of the token block that takes fewest cycles: of trees the one of most tokens, which comes first, of tables any. */
function leastPaced(
  context: Context,
  tokenBlocks: PlanSpace['tokenBlocks'],
  cyclesWith: (tokenBlock: number | null) => FoldCycles,
): CycleFigures {
  const blocks = context.given.lane === 'table' ? tokenBlocks : tokenBlocks.slice(0, 1);
  const each = blocks.map((tokenBlock) => paced(context, cyclesWith(tokenBlock)));
  return {
    cyclesPerImage: Math.min(...each.map(({ cyclesPerImage }) => cyclesPerImage)),
    intervalCycles: Math.min(...each.map(({ intervalCycles }) => intervalCycles)),
  };
}

/** Cycles with the waits of images whose weights take so many cycles to come in, which from image to image they do. */
function carried(cycles: CycleFigures, transfer: number): CycleFigures {
  return withWaits(cycles, Math.max(0, transfer - (cycles.cyclesPerImage + 1)));
}

/** Cycles in which the bus carries the weights of an image: a beat each, and none less for a word. */
function transferCycles(context: Context, grid: Grid, tokenBlock: number | null): number {
  const external = externalOf(context, grid, tokenBlock);
  return external === null ? 0 : external.words * external.beatsPerWord;
}

/** The same for all plans with lanes and inputs in these spans: words are not padded, and the last one is as wide as any. */
function leastTransfer({ given, folds, formats }: Context, lanes: Span, inputs: Span): number {
  if (given.weights !== 'external') return 0;
  const dense = folds.filter(({ source }) => source === 'dense');
  const words = dense.reduce((sum, fold) => {
    const { groups, tapA, tapB, slices } = leastLoops(fold, lanes.to, inputs.to);
    return sum + fold.times * groups * tapA * tapB * slices;
  }, 0);
  const payload = dense.reduce((sum, { times, outputs, tapA, tapB, inputs: run }) => {
    return sum + times * outputs.segments * outputs.channels * tapA * tapB * run!.count;
  }, 0);
  const { weightBits } = formats;
  const beats = ceilDivide(lanes.from * inputs.from * weightBits, given.weightBus);
  return Math.max(words * beats, ceilDivide(payload * weightBits, given.weightBus));
}

function intervalOf({ folds, network }: Context, image: number, cyclesOf: FoldCycles): number {
  const { pixels, head } = streamFolds(folds);
  const cycles = { image, pixels: cyclesOf(pixels), head: cyclesOf(head) };
  return pace(cycles, streamCycles(network)).intervalCycles;
}

type CycleBounds = 'leastFoldCycles' | 'foldCycles' | 'interval' | 'leastCycles' | 'openCycles' | 'cycles';

function cycleBounds(context: Context, tokenBlocks: PlanSpace['tokenBlocks']): Pick<EngineBounds, CycleBounds> {
  const { given, network } = context;
  const { timesteps } = network.config;
  const ofSpans: EngineBounds['leastFoldCycles'] = (lanes, inputs, neurons, tokenBlock) => {
    // more lanes than one neuron each cannot be served in fewer than T cycles
    const corner = { lanes: lanes.from, inputs: inputs.from, neurons: lanes.from, lane: given.lane };
    const least = makeGrid(corner, timesteps);
    const steps = timesteps * (neurons === null ? 1 : ceilDivide(lanes.from, neurons));
    return (fold) => foldCycles(fold, leastLoops(fold, lanes.to, inputs.to), { ...least, steps }, tokenBlock);
  };
  const cyclesOfFolds: EngineBounds['foldCycles'] = (grid, tokenBlock) => {
    return (fold) => foldCycles(fold, loopsOf(fold, grid), grid, tokenBlock);
  };
  return {
    leastFoldCycles: ofSpans,
    foldCycles: cyclesOfFolds,
    interval: (image, cyclesOf) => intervalOf(context, image, cyclesOf),
    leastCycles: (lanes, inputs, neurons) =>
      carried(
        leastPaced(context, tokenBlocks, (tokenBlock) => ofSpans(lanes, inputs, neurons, tokenBlock)),
        leastTransfer(context, lanes, inputs),
      ),
    openCycles: (grid, blocks) =>
      carried(
        leastPaced(context, blocks, (tokenBlock) => cyclesOfFolds(grid, tokenBlock)),
        transferCycles(context, grid, blocks[0]!),
      ),
    cycles: (grid, tokenBlock) =>
      carried(paced(context, cyclesOfFolds(grid, tokenBlock)), transferCycles(context, grid, tokenBlock)),
  };
}

/**
 * Bounds for the plans of a network on a device family.
 *
 * @param tokenBlocks of all plans; default: those that differ.
 * @throws SpikemillError INVALID_CONFIG if a formula of the cost model cannot be evaluated.
 */
export function makeBounds(
  network: QuantizedNetwork,
  family: DeviceFamily,
  given: GivenOptions = DEFAULT_PLAN,
  tokenBlocks: PlanSpace['tokenBlocks'] = tokenBlocksOf(network.config),
): EngineBounds {
  const context = makeContext(network, family, given);
  return {
    ...cycleBounds(context, tokenBlocks),
    array: (name, lanes, inputs) =>
      sumInstances(context, arrayConstants(context, lanes, inputs), (instance) => instance.name === name),
    traffic: makeTraffic(network, context.folds, context.formats, given),
    leastResources: (lanes, inputs) => {
      const arrays = sumInstances(context, arrayConstants(context, lanes.from, inputs.from), ({ name }) =>
        ARRAYS.has(name),
      );
      return { ...arrays, blockRam: arrays.blockRam + leastWeightBlocks(context, lanes, inputs) };
    },
    resources: (grid, open) => {
      const constants = constantsOf(context, sizesOf(context, grid, null));
      const needsNeurons = ({ name, module }: Instance): boolean =>
        NEED_NEURONS.has(name) || NEED_ALL_WORDS.has(module);
      const isOpen = (instance: Instance): boolean => {
        return NEED_BLOCK.has(instance.name) || (open.neurons && needsNeurons(instance));
      };
      const cells = sumInstances(context, constants, (instance) => !isOpen(instance));
      return { ...cells, blockRam: cells.blockRam + leastBufferBlocks(context, grid, open) };
    },
    instance: (name, parameters, grid) => {
      const constants = constantsOf(context, sizesOf(context, grid, null));
      const instance = parameterValues(context.instances.find((each) => each.name === name)!, constants);
      return costOf(context, { ...instance, parameters: { ...instance.parameters, ...parameters } });
    },
    resourcesOf: (grid, tokenBlock) => {
      const constants = constantsOf(context, sizesOf(context, grid, { tokens: tokenBlock }));
      return sumInstances(context, constants, () => true);
    },
    clockValues: (grid) => leastValues(context.clock, grid),
  };
}
