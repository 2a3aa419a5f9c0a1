/** What a user may choose about an accelerator, and the grid that follows from it. */
import { countOf, SpikemillError } from '@spikemill/golden-model';
import { leastCommonMultiple } from '../bits.js';

/** The choices; schema/plan.schema.json is their file format. */
/** How the lanes add: `dense` trees of all inputs, or `event`: one weight row per spike. */
export const LANE_STYLES = ['dense', 'event'] as const;
export type LaneStyle = (typeof LANE_STYLES)[number];

export interface PlanOptions {
  readonly style: LaneStyle;
  /** P: lanes, the outputs that are accumulated at once. */
  readonly lanes: number;
  /** K: inputs per lane and cycle; the event-driven style takes one spike per cycle and has no use for it. */
  readonly inputs: number;
  /** U: neurons of the neuron unit, a divisor of the lanes. */
  readonly neurons: number;
  /**
   * Tokens that pass fuse, fc1 and fc2 before the next tokens start; null: all tokens of a stage. Fewer tokens need
   * less memory for h + tok and hidden spikes, and cost pipeline drains.
   */
  readonly tokenBlock: number | null;
  /**
   * Where weights and parameters come from. image: they are part of the design. stream: they are loaded at run time, so
   * that networks of one shape and number format run on one design. external: the weights of the spike array are read
   * from external memory for each image, all others are part of the design.
   */
  readonly weights: WeightSource;
  /** For `external`: bits of a beat of the memory. */
  readonly weightBus: WeightBus;
  /** For `stream`: bits by name of Formats that the data path has at least, for networks that come later. */
  readonly widths: Readonly<Record<string, number>>;
  /**
   * Engines, each for a contiguous run of layers, that work on images behind each other: how many, balanced by cycles,
   * or the layers at which those behind the first begin.
   */
  readonly segments: number | string[];
  /**
   * The outermost loop of passes whose weights differ from lane to lane. token: a token's outputs one behind the other,
   * weights are read again for each token. group: all tokens for one group of lanes, whose weights are read in turn.
   */
  readonly loopOrder: LoopOrder;
  /**
   * How a dense lane sums its inputs. tree: gated weights, new ones every cycle. table: tables of subset sums, whose weights
   * stay for a block of tokens; for parts with LUT RAM, and many inputs.
   */
  readonly lane: LaneKind;
  /**
   * Inputs of a lane that axial branches use in a cycle, at most `inputs`; absent: 1. From 2 on a line of spikes is kept in
   * a buffer of its own, so that a lane takes several of its positions at once.
   */
  readonly axialInputs?: number;
  /**
   * Who adds the bit planes of pixels and the timesteps of the head, whose weights have 8 bits; absent: own. own: an array
   * of its own. shared: the spike array, digit by digit of the weights; from some ten inputs of 4 bits on fewer cells, and more cycles.
   */
  readonly planes?: PlaneArray;
  /**
   * How lanes of trees add: two terms, or three, which parts with six-input LUTs do in one LUT a bit; absent: binary.
   */
  readonly adders?: AdderKind;
}

export const PLANE_ARRAYS = ['own', 'shared'] as const;
export type PlaneArray = (typeof PLANE_ARRAYS)[number];

export const ADDER_KINDS = ['binary', 'ternary'] as const;
export type AdderKind = (typeof ADDER_KINDS)[number];

export const LANE_KINDS = ['tree', 'table'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

export const LOOP_ORDERS = ['token', 'group'] as const;
export type LoopOrder = (typeof LOOP_ORDERS)[number];

export const WEIGHT_SOURCES = ['image', 'stream', 'external'] as const;
export type WeightSource = (typeof WEIGHT_SOURCES)[number];

export const WEIGHT_BUSES = [64, 128, 256, 512] as const;
export type WeightBus = (typeof WEIGHT_BUSES)[number];

/** 16 tokens in flight cost 1 to 2 % of the cycles of all tokens in flight, and a fraction of the memory. */
export const DEFAULT_PLAN: Omit<PlanOptions, 'neurons'> = {
  ...{ style: 'dense', lanes: 8, inputs: 4, tokenBlock: 16, weights: 'image', widths: {}, segments: 1 },
  ...{ loopOrder: 'token', weightBus: 128, lane: 'tree' },
};

/** Limits of the library: beyond them netlists and simulations are not practical. */
export const PLAN_LIMITS = { lanes: 1024, inputs: 256, tokenBlock: 65536, segments: 32 } as const;

/** Dimensions of the engine. A spike memory row holds whole words (writes) and whole slices (reads). */
export interface Grid {
  readonly lanes: number;
  readonly inputs: number;
  readonly neurons: number;
  readonly timesteps: number;
  /** Neuron unit cycles of a tile: lanes / neurons * T. */
  readonly steps: number;
  /** Channels of a spike memory row: lcm(lanes, inputs). */
  readonly rowSlots: number;
  /** Words of `lanes` channels in a row. */
  readonly rowWords: number;
  /** Slices of `inputs` channels in a row. */
  readonly rowSlices: number;
  readonly lane: LaneKind;
  /** Inputs of a lane that axial branches use in a cycle. */
  readonly axialInputs: number;
  readonly planes: PlaneArray;
  readonly adders: AdderKind;
}

/** `tokenBlock`: `--token-block`. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function checkCount(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new SpikemillError('USAGE', `${name} must be a whole number from 1 to ${max}`, {
    where: `plan.${name}`,
    expected: `1 to ${max}`,
    actual: String(value),
    suggestions: [`use ${flagOf(name)} ${Number.isFinite(value) ? Math.min(max, Math.max(1, Math.round(value))) : 1}`],
  });
}

function inputsError(inputs: number): SpikemillError {
  return new SpikemillError('USAGE', 'event-driven lanes take one spike a cycle: there are no inputs to choose', {
    where: 'plan.inputs',
    expected: 'none',
    actual: String(inputs),
    suggestions: ['leave out --inputs', 'use --style dense'],
  });
}

/** The error of a choice, of which event-driven lanes know nothing. @param advice beside the dense style */
export function denseOnly(what: string, advice: readonly string[]): SpikemillError {
  return new SpikemillError('PLAN', `${what}: in the dense style only`, {
    where: 'plan.style',
    expected: 'dense',
    actual: 'event',
    suggestions: ['use --style dense', ...advice],
  });
}

/** Event-driven lanes have their weights on chip, in one engine, each row read once per spike. */
function checkEvent({ weights, segments, lane, loopOrder }: Partial<PlanOptions>): void {
  if (weights === 'stream') throw denseOnly('weights that are loaded at run time', ['use --weights image']);
  if (weights === 'external') throw denseOnly('weights in external memory', ['use --weights image']);
  if (segments !== undefined && segments !== 1) throw denseOnly('a cut into segments', ['use --segments 1']);
  if (lane === 'table') throw denseOnly('lanes of tables', ['leave out --lane']);
  if (loopOrder === 'group') throw denseOnly('group order', ['leave out --loop-order']);
}

/**
 * Completes a partial choice. The neurons default to half of the lanes: a neuron costs more cells than the lanes that
 * it serves, and all lanes at once are only needed by layers of small fan-in.
 *
 * @throws SpikemillError USAGE for a number out of bounds, PLAN if the neurons do not divide the lanes.
 */
export function completeOptions(choice: Partial<PlanOptions>): PlanOptions {
  const style = choice.style ?? DEFAULT_PLAN.style;
  const lanes = choice.lanes ?? DEFAULT_PLAN.lanes;
  const inputs = choice.inputs ?? DEFAULT_PLAN.inputs;
  const tokenBlock = choice.tokenBlock === undefined ? DEFAULT_PLAN.tokenBlock : choice.tokenBlock;
  checkCount('lanes', lanes, PLAN_LIMITS.lanes);
  checkCount('inputs', inputs, PLAN_LIMITS.inputs);
  if (style === 'event') checkEvent(choice);
  if (style === 'event' && inputs !== DEFAULT_PLAN.inputs) throw inputsError(inputs);
  if (tokenBlock !== null) checkCount('tokenBlock', tokenBlock, PLAN_LIMITS.tokenBlock);
  const neurons = choice.neurons ?? defaultNeurons(lanes, style);
  checkCount('neurons', neurons, lanes);
  if (lanes % neurons !== 0) {
    throw new SpikemillError('PLAN', 'the neurons must divide the lanes, so that each serves as many of them', {
      where: 'plan.neurons',
      expected: `a divisor of ${lanes} lanes`,
      actual: `${neurons} neurons`,
      suggestions: [`use --neurons ${defaultNeurons(lanes, style)}`],
    });
  }
  const { weights = DEFAULT_PLAN.weights, widths = DEFAULT_PLAN.widths, segments = DEFAULT_PLAN.segments } = choice;
  const { weightBus = DEFAULT_PLAN.weightBus, lane = DEFAULT_PLAN.lane } = choice;
  const isGrouped = weights === 'external' || lane === 'table';
  const { loopOrder = isGrouped ? 'group' : DEFAULT_PLAN.loopOrder } = choice;
  if (weights === 'external') checkExternal(loopOrder, weightBus);
  checkCount('segments', typeof segments === 'number' ? segments : segments.length + 1, PLAN_LIMITS.segments);
  if (lane === 'table') checkTable({ loopOrder, segments, weights });
  const { axialInputs = 1, adders = 'binary' } = choice;
  if (adders === 'ternary') checkTernary({ style, lane });
  checkAxial(axialInputs, { style, inputs, lane, segments });
  const { planes = 'own' } = choice;
  if (planes === 'shared') {
    checkDenseTree(
      { style, lane, segments },
      'planes on the spike array do not go with this plan',
      'planes',
      'planes shared',
    );
  }
  // a plan without them is the same with and without the field, so its digest is, too
  const optional = {
    ...(axialInputs === 1 ? {} : { axialInputs }),
    ...(planes === 'own' ? {} : { planes }),
    ...(adders === 'binary' ? {} : { adders }),
  };
  const grid = { style, lanes, inputs, neurons };
  return { ...grid, tokenBlock, weights, widths, segments, loopOrder, weightBus, lane, ...optional };
}

type DenseTree = Pick<PlanOptions, 'style' | 'lane' | 'segments'>;

/** One engine of dense trees. @param actual of the option, for messages. */
function checkDenseTree({ style, lane, segments }: DenseTree, message: string, option: string, actual: string): void {
  const refuse = (expected: string, other: string, advice: string): SpikemillError =>
    new SpikemillError('PLAN', message, {
      where: `plan.${option}`,
      expected,
      actual: `${actual}, ${other}`,
      suggestions: [`leave out ${flagOf(option)}${advice}`],
    });
  if (style === 'event') throw refuse('style dense', 'style event', ', or use --style dense');
  if (lane === 'table') throw refuse('lanes of trees', 'lane table', ', or use --lane tree');
  if (segments !== 1) throw refuse('1 segment', `segments ${JSON.stringify(segments)}`, ' or --segments');
}

/** The flags of choices that are left out where they are as usual, each with a blank in front. */
export function optionalFlags({
  axialInputs,
  planes,
  adders,
}: Pick<PlanOptions, 'axialInputs' | 'planes' | 'adders'>): string {
  const axial = axialInputs === undefined ? '' : ` --axial-inputs ${axialInputs}`;
  const shared = planes === undefined ? '' : ` --planes ${planes}`;
  return axial + shared + (adders === undefined ? '' : ` --adders ${adders}`);
}

/** Whether some passes of a plan run in group order. */
export function hasGroupOrder({ loopOrder, axialInputs = 1 }: Pick<PlanOptions, 'loopOrder' | 'axialInputs'>): boolean {
  return loopOrder === 'group' || axialInputs > 1;
}

function checkTernary({ style, lane }: Pick<PlanOptions, 'style' | 'lane'>): void {
  if (style === 'dense' && lane === 'tree') return;
  const isEvent = style === 'event';
  throw new SpikemillError('PLAN', 'adders of three terms are for dense lanes of trees', {
    where: 'plan.adders',
    expected: isEvent ? 'style dense' : 'lanes of trees',
    actual: `adders ternary, ${isEvent ? 'style event' : `lane ${lane}`}`,
    suggestions: [`leave out --adders, or use ${isEvent ? '--style dense' : '--lane tree'}`],
  });
}

function checkAxial(axialInputs: number, { inputs, ...grid }: DenseTree & Pick<PlanOptions, 'inputs'>): void {
  checkCount('axialInputs', axialInputs, PLAN_LIMITS.inputs);
  if (axialInputs === 1) return;
  const [message, actual] = ['axial branches of several inputs do not go with this plan', `axialInputs ${axialInputs}`];
  checkDenseTree(grid, message, 'axialInputs', actual);
  if (axialInputs <= inputs) return;
  throw new SpikemillError('PLAN', message, {
    where: 'plan.axialInputs',
    expected: `at most the ${countOf(inputs, 'input')} that a lane has`,
    actual: `${actual}, inputs ${inputs}`,
    suggestions: [`use --axial-inputs ${inputs}, or --inputs ${axialInputs}`],
  });
}

function checkExternal(loopOrder: LoopOrder, weightBus: number): void {
  if (loopOrder === 'token') {
    throw new SpikemillError('PLAN', 'weights in external memory are read in group order', {
      where: 'plan.loopOrder',
      expected: 'group',
      actual: 'token: all weights would be read again for each token',
      suggestions: ['use --loop-order group, or leave it out'],
    });
  }
  if (WEIGHT_BUSES.some((bits) => bits === weightBus)) return;
  throw new SpikemillError('USAGE', 'the memory has no bus of this width', {
    where: 'plan.weightBus',
    expected: WEIGHT_BUSES.join(', '),
    actual: String(weightBus),
    suggestions: [`use --weight-bus ${DEFAULT_PLAN.weightBus}`],
  });
}

function checkTable({ loopOrder, segments, weights }: Pick<PlanOptions, 'loopOrder' | 'segments' | 'weights'>): void {
  if (loopOrder === 'token') {
    throw new SpikemillError('PLAN', 'tables keep their weights for a block of tokens, so they need group order', {
      where: 'plan.loopOrder',
      expected: 'group',
      actual: 'token',
      suggestions: ['leave out --loop-order, or use --lane tree'],
    });
  }
  if (weights === 'external') {
    throw new SpikemillError('PLAN', 'tables are filled from weights on chip only', {
      where: 'plan.weights',
      expected: 'image or stream, or lanes of trees',
      actual: weights,
      suggestions: ['use --weights image', 'use --lane tree'],
    });
  }
  if (segments === 1) return;
  throw new SpikemillError('PLAN', 'lanes of tables are built into one engine only', {
    where: 'plan.segments',
    expected: '1 segment, or lanes of trees',
    actual: `${JSON.stringify(segments)}, lane: table`,
    suggestions: ['use --segments 1', 'use --lane tree'],
  });
}

/** The largest divisor of the lanes that is at most half of them; in the event-driven style a sixth, which balances. */
function defaultNeurons(lanes: number, style: LaneStyle): number {
  let neurons = Math.max(1, Math.floor(lanes / (style === 'event' ? 6 : 2)));
  while (lanes % neurons !== 0) neurons--;
  return neurons;
}

/** @param options without a kind of lanes: trees of binary adders. */
export function makeGrid(
  options: Pick<PlanOptions, 'lanes' | 'inputs' | 'neurons'> &
    Partial<Pick<PlanOptions, 'lane' | 'axialInputs' | 'planes' | 'adders'>>,
  timesteps: number,
): Grid {
  const { lanes, inputs, neurons, lane = 'tree', axialInputs = 1, planes = 'own', adders = 'binary' } = options;
  const rowSlots = leastCommonMultiple(lanes, inputs);
  return {
    lanes,
    inputs,
    neurons,
    timesteps,
    steps: (lanes / neurons) * timesteps,
    rowSlots,
    rowWords: rowSlots / lanes,
    rowSlices: rowSlots / inputs,
    lane,
    axialInputs,
    planes,
    adders,
  };
}
