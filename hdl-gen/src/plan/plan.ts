/** plan(): the one place that computes folds, cycles, latency and memories of an accelerator. */

import type { Derived, QuantizedNetwork } from '@spikemill/golden-model';
import { derive, listLayers, tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import type { BindContext, Binding, SectionBases, TokenRange, WeightSection } from '../layers/binding.js';
import { LAYER_BINDINGS } from '../layers/table.js';
import { type Buffers, denseGeometry, planBuffers, TOKEN_LOCAL, tokensInFlight } from './buffers.js';
import { deriveFormats, type Formats } from './formats.js';
import { completeOptions, type Grid, makeGrid, type PlanOptions } from './options.js';
import { type Pass, passCycles } from './pass.js';
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

export interface Plan {
  readonly style: 'dense';
  readonly options: PlanOptions;
  readonly grid: Grid;
  readonly formats: Formats;
  readonly derived: Derived;
  readonly buffers: Buffers;
  /** Rows of the pixel memory per patch, and of all patches. */
  readonly patchRows: number;
  readonly pixelRows: number;
  readonly bindings: readonly PlacedBinding[];
  readonly passes: readonly Pass[];
  readonly depths: MemoryDepths;
  /** Cycles from the fetch of the first program word to the last logit, without stalls. */
  readonly cyclesPerImage: number;
}

/** The token memory starts with the word of all layers without token batch norm. */
export const DEFAULT_TOKEN_WORDS = 1;

function weightWords(section: WeightSection, { lanes, inputs }: Grid): number {
  if (section.memory === 'axial-weights') return section.side === null ? 1 : section.side ** 2;
  return (section.outputs.length / lanes) * (section.taps.length / inputs);
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

/** Passes in the order of execution: fuse, fc1 and fc2 of a block in turn, one token block after the other. */
function schedule(bindings: readonly PlacedBinding[], tokenBlock: number | null): Pass[] {
  const passes: Pass[] = [];
  const run = (binding: PlacedBinding, tokens: TokenRange): void =>
    void passes.push(binding.pass(binding.bases, tokens));
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i]!;
    const tokens = tokenCount(binding.layer.output);
    if (!TOKEN_LOCAL.has(binding.layer.kind)) {
      run(binding, { first: 0, count: tokens });
      continue;
    }
    let end = i;
    while (end < bindings.length && bindings[end]!.layer.block === binding.layer.block) end++;
    const step = tokensInFlight(tokens, tokenBlock);
    for (let first = 0; first < tokens; first += step) {
      const range = { first, count: Math.min(step, tokens - first) };
      for (const chained of bindings.slice(i, end)) run(chained, range);
    }
    i = end - 1;
  }
  return passes;
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

/**
 * Plans the accelerator of a network.
 *
 * @throws SpikemillError USAGE or PLAN if the choice cannot be built; the message names what binds.
 */
export function plan(network: QuantizedNetwork, choice: Partial<PlanOptions> = {}): Plan {
  const { config } = network;
  const options = completeOptions(choice);
  const grid = makeGrid(options, config.timesteps);
  const buffers = planBuffers(config, denseGeometry(config, grid), options.tokenBlock);
  const patchTaps = config.inChannels * config.patchSize ** 2;
  const patchRows = ceilDivide(patchTaps, grid.inputs);
  const context: BindContext = {
    config,
    grid,
    patchRows,
    stage: (index) => buffers.stages[index]!,
    block: (index) => buffers.blocks[index]!,
  };
  const bindings = listLayers(config).map((layer) => LAYER_BINDINGS[layer.kind](layer, context));
  const { placed, depths } = placeSections(bindings, grid);
  const passes = schedule(placed, options.tokenBlock);
  return {
    style: 'dense',
    options,
    grid,
    ...factsOf(network, options),
    buffers,
    patchRows,
    pixelRows: patchRows * tokenCount(buffers.stages[0]!.x.shape),
    bindings: placed,
    passes,
    depths,
    cyclesPerImage: passes.reduce((sum, pass) => sum + passCycles(pass, grid), 0),
  };
}
