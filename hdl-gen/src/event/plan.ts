/** planEvent(): folds and memories of an accelerator in the event-driven style. Its cycles depend on the spikes. */
import type { Derived, QuantizedNetwork } from '@spikemill/golden-model';
import { derive, tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { type Buffers, planBuffers } from '../plan/buffers.js';
import type { PlanOptions } from '../plan/options.js';
import { schedule } from '../plan/schedule.js';
import { mostPassCycles } from './cycles.js';
import { deriveEventFormats, type EventFormats } from './formats.js';
import type { EventBases, EventBinding, EventContext } from './layers/binding.js';
import { bindEventLayers } from './layers/table.js';
import { type EventGrid, type EventLayout, eventStageLayout, makeEventLayout } from './layout.js';
import type { EventPass } from './pass.js';

/** A binding with the first words of its sections. */
export interface PlacedEventBinding extends EventBinding {
  readonly bases: EventBases;
}

/** Words of the memories that are filled at generation time. */
export interface EventDepths {
  readonly 'event-rows': number;
  readonly 'axial-rows': number;
  readonly params: number;
  readonly tokens: number;
}

export interface EventPlan {
  readonly style: 'event';
  readonly options: PlanOptions;
  readonly grid: EventGrid;
  readonly formats: EventFormats;
  readonly derived: Derived;
  readonly buffers: Buffers<EventLayout>;
  /** Pixels of a row of the pixel memory; rows of a patch, and of all patches. */
  readonly pixelInputs: number;
  readonly patchRows: number;
  readonly pixelRows: number;
  readonly bindings: readonly PlacedEventBinding[];
  readonly passes: readonly EventPass[];
  readonly depths: EventDepths;
  /** At most: if every operand spikes. */
  readonly cyclesPerImage: number;
}

/** Rows of a bank of the weight memory: a depth that block RAMs of all families have at a useful width. */
export const BANK_ROWS = 1024;

/** Word 0 of every memory stands for nothing: weights of zero, no shift and bias, no token batch norm. */
const FIRST_WORD = 1;

function weightWords({ outputs, weights }: EventBinding, { lanes }: EventGrid): number {
  if (weights.memory === null) return 0;
  if (weights.memory === 'axial-rows')
    return weights.matrix === null ? 1 : weights.matrix.side ** 2 / weights.matrix.atOnce;
  return ceilDivide(outputs.length, lanes) * weights.digits * weights.taps.length;
}

function paramWords({ params }: EventBinding, { neurons }: EventGrid): number {
  return params === null ? 0 : params.length / neurons;
}

/** Gives every binding its place in the memories, one behind the other. */
function placeSections(
  bindings: readonly EventBinding[],
  grid: EventGrid,
): { placed: PlacedEventBinding[]; depths: EventDepths } {
  const depths = { 'event-rows': FIRST_WORD, 'axial-rows': FIRST_WORD, params: FIRST_WORD, tokens: FIRST_WORD };
  const placed = bindings.map((binding) => {
    const { memory } = binding.weights;
    const bases = {
      weights: memory === null ? 0 : depths[memory],
      params: binding.params === null ? 0 : depths.params,
      tokens: depths.tokens,
    };
    if (memory !== null) depths[memory] += weightWords(binding, grid);
    depths.params += paramWords(binding, grid);
    depths.tokens += binding.tokenWords;
    return { ...binding, bases };
  });
  return { placed, depths };
}

/** The largest divisor that fits: pixels that no stream writes would be events of their own. */
function largestDivisor(value: number, most: number): number {
  let divisor = Math.min(value, most);
  while (value % divisor !== 0) divisor--;
  return divisor;
}

export function makeEventGrid({ lanes, neurons }: PlanOptions, timesteps: number): EventGrid {
  return { lanes, neurons, timesteps, banks: lanes / neurons };
}

interface NetworkFacts {
  readonly derived: Derived;
  readonly formats: EventFormats;
}

const knownFacts = new WeakMap<QuantizedNetwork, NetworkFacts>();

/** What follows from the network, whatever the grid: kept, because a search plans a network often. */
function factsOf(network: QuantizedNetwork): NetworkFacts {
  let facts = knownFacts.get(network);
  if (facts === undefined) {
    const derived = derive(network);
    facts = { derived, formats: deriveEventFormats(network, derived) };
    knownFacts.set(network, facts);
  }
  return facts;
}

/**
 * Plans the accelerator of a network in the event-driven style.
 *
 * @param options complete ones.
 * @throws SpikemillError PLAN if the choice cannot be built; the message names what binds.
 */
export function planEvent(network: QuantizedNetwork, options: PlanOptions): EventPlan {
  const { config } = network;
  const grid = makeEventGrid(options, config.timesteps);
  const { derived, formats } = factsOf(network);
  const buffers = planBuffers(
    config,
    {
      stageLayout: (stage, channels) => eventStageLayout(config, stage, channels, grid),
      layout: (channels) => makeEventLayout(channels, 1, grid),
      currentWords: ({ groups }, once) => groups * (once ? 1 : grid.timesteps),
    },
    options.tokenBlock,
  );
  const patchTaps = config.inChannels * config.patchSize ** 2;
  const pixelInputs = largestDivisor(patchTaps, grid.lanes);
  const patchRows = patchTaps / pixelInputs;
  const context: EventContext = {
    ...{ config, grid, pixelInputs, patchRows },
    ...{ weightDigits: formats.weightDigits, scaleTrips: formats.scaleTrips },
    stage: (index) => buffers.stages[index]!,
    block: (index) => buffers.blocks[index]!,
  };
  const { placed, depths } = placeSections(bindEventLayers(context), grid);
  const passes = schedule<EventBases, EventPass, PlacedEventBinding>(
    placed,
    ({ layers }) => layers[0]!,
    options.tokenBlock,
  );
  return {
    ...{ style: 'event', options, grid, formats, derived, buffers, pixelInputs, patchRows },
    pixelRows: patchRows * tokenCount(buffers.stages[0]!.x.shape),
    bindings: placed,
    passes,
    depths,
    cyclesPerImage: passes.reduce((sum, pass) => sum + mostPassCycles(pass, grid, pixelInputs), 0),
  };
}
