/** The flags of all commands that plan an accelerator. */
import { Errors, Flags } from '@oclif/core';
import {
  ADDER_KINDS,
  type AdderKind,
  DEFAULT_PLAN,
  LANE_KINDS,
  LANE_STYLES,
  type LaneKind,
  type LaneStyle,
  LOOP_ORDERS,
  type LoopOrder,
  PLANE_ARRAYS,
  type PlaneArray,
  type PlanOptions,
  WEIGHT_BUSES,
  WEIGHT_SOURCES,
  type WeightBus,
  type WeightSource,
} from '@spikemill/hdl-gen';

/** `16`, or `all`: null. */
function parseTokenBlock(text: string): number | null {
  if (text === 'all') return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Errors.CLIError(`Expected a number of tokens or "all" but received: ${text}`, { exit: 2 });
}

function parseWeightBus(text: string): WeightBus {
  const bus = WEIGHT_BUSES.find((bits) => String(bits) === text);
  if (bus !== undefined) return bus;
  throw new Errors.CLIError(`Expected ${WEIGHT_BUSES.join(', ')} bits but received: ${text}`, { exit: 2 });
}

/** `3`, or the layers at which the segments behind the first begin. */
function parseSegments(text: string): number | string[] {
  return /^\d+$/.test(text) ? Number(text) : text.split(',');
}

export const PLAN_FLAGS = {
  style: Flags.option({
    options: LANE_STYLES,
    summary: `Dense lanes, or one weight row per spike; default ${DEFAULT_PLAN.style}.`,
  })(),
  lanes: Flags.integer({
    helpValue: 'P',
    env: 'SPIKEMILL_LANES',
    summary: `Outputs that are accumulated at once; default ${DEFAULT_PLAN.lanes}.`,
  }),
  inputs: Flags.integer({
    helpValue: 'K',
    env: 'SPIKEMILL_INPUTS',
    summary: `Inputs of a lane per cycle; default ${DEFAULT_PLAN.inputs}.`,
  }),
  neurons: Flags.integer({
    helpValue: 'U',
    summary: 'Neurons of the neuron unit, a divisor of P; default half of the lanes, a sixth of event-driven ones.',
  }),
  'token-block': Flags.custom<number | null>({
    helpValue: 'N|all',
    parse: async (text) => parseTokenBlock(text),
    summary: `Tokens between fuse and fc2 at once: fewer need less memory and more cycles; default ${DEFAULT_PLAN.tokenBlock}.`,
  })(),
  weights: Flags.option({
    options: WEIGHT_SOURCES,
    summary:
      'Weights are part of the design (image, the default), are loaded while it runs (stream), or are read from external memory for each image (external).',
  })(),
  'weight-bus': Flags.custom<WeightBus>({
    helpValue: 'BITS',
    parse: async (text) => parseWeightBus(text),
    summary: `With --weights external: bits of a beat of the memory, ${WEIGHT_BUSES.join(', ')}; default ${DEFAULT_PLAN.weightBus}.`,
  })(),
  segments: Flags.string({
    helpValue: 'N|LAYER,...',
    summary:
      'Engines that work on images behind each other: how many, or where those behind the first begin; default 1.',
  }),
  'loop-order': Flags.option({
    options: LOOP_ORDERS,
    summary: 'Read all weights for each token (token, the default), or each weight once for all tokens (group).',
  })(),
  lane: Flags.option({
    options: LANE_KINDS,
    summary: 'Dense lanes of adder trees (tree, the default), or of tables in LUT RAM (table).',
  })(),
  'axial-inputs': Flags.integer({
    helpValue: 'N',
    summary:
      'Inputs of a lane that axial branches use in a cycle, at most K: from 2 on with a buffer of lines; default 1.',
  }),
  planes: Flags.option({
    options: PLANE_ARRAYS,
    summary:
      'Add pixels and head in an array of their own (own, the default), or in the spike array (shared): for lanes of many inputs.',
  })(),
  adders: Flags.option({
    options: ADDER_KINDS,
    summary:
      'Lanes of trees add two terms (binary, the default), or three (ternary): with 50 inputs a third less LUTs of the array on 7 series and UltraScale+, half more elsewhere.',
  })(),
};

export interface PlanFlagValues {
  readonly style?: LaneStyle | undefined;
  readonly lanes?: number | undefined;
  readonly inputs?: number | undefined;
  readonly neurons?: number | undefined;
  readonly 'token-block'?: number | null | undefined;
  readonly weights?: WeightSource | undefined;
  readonly segments?: string | undefined;
  readonly 'loop-order'?: LoopOrder | undefined;
  readonly 'weight-bus'?: WeightBus | undefined;
  readonly lane?: LaneKind | undefined;
  readonly 'axial-inputs'?: number | undefined;
  readonly planes?: PlaneArray | undefined;
  readonly adders?: AdderKind | undefined;
}

/** The choice that the flags state; what is not given is left out. */
export function readPlanFlags({
  style,
  lanes,
  inputs,
  neurons,
  'token-block': tokenBlock,
  weights,
  segments,
  'loop-order': loopOrder,
  'weight-bus': weightBus,
  lane,
  'axial-inputs': axialInputs,
  planes,
  adders,
}: PlanFlagValues): Partial<PlanOptions> {
  const cut = segments === undefined ? undefined : parseSegments(segments);
  const grid = { style, lanes, inputs, neurons, lane, axialInputs, planes, adders };
  const choice = { ...grid, tokenBlock, weights, segments: cut, loopOrder, weightBus };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}
