/** What the hardware does in which order, tile by tile: the link between the plan and the tensors of the golden model. */
import type { Layer } from '@spikemill/golden-model';
import type { DesignPlan, EventPass, EventPlan, Pass, Plan } from '@spikemill/hdl-gen';

/** One tile: `lanes` outputs of one token. */
export interface Tile {
  /** Number of the pass. */
  readonly pass: number;
  readonly token: number;
  readonly group: number;
  /** The first that it holds. */
  readonly timestep: number;
  /** Word of the spike memory that the tile writes, if the pass fires. */
  readonly row: number;
  readonly word: number;
}

/** Token of a position of a pass. */
function tokenAt({ positions }: Pick<Pass | EventPass, 'positions'>, outer: number, inner: number): number {
  return positions.firstToken + outer * positions.outerTokens + inner * positions.innerTokens;
}

interface Position {
  readonly token: number;
  /** First row that is written for it. */
  readonly row: number;
}

function positionsOf(pass: Pass): Position[] {
  const { outer, inner } = pass.loops;
  const positions: Position[] = [];
  let row = pass.write?.row ?? 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      positions.push({ token: tokenAt(pass, o, i), row });
      if (pass.write) row += i === inner - 1 ? pass.write.outerStep : pass.write.innerStep;
    }
  }
  return positions;
}

/** All tiles of a pass in the order of execution, with the address that each must write. */
export function* tilesOf(plan: Plan, passNumber: number): Generator<Tile> {
  const pass = plan.passes[passNumber]!;
  const { rowWords } = plan.grid;
  const positions = positionsOf(pass);
  const tile = (position: Position, group: number): Tile => {
    const word = (pass.write?.word ?? 0) + group;
    const row = position.row + Math.floor(word / rowWords);
    return { pass: passNumber, token: position.token, group, timestep: 0, row, word: word % rowWords };
  };
  const groups = Array.from({ length: pass.loops.groups }, (_, group) => group);
  if (pass.order === 'token') {
    for (const position of positions) for (const group of groups) yield tile(position, group);
  } else {
    for (const group of groups) for (const position of positions) yield tile(position, group);
  }
}

/** Tokens from that of the position to that of a group. */
function groupTokenOffset({ outputs }: EventPass, group: number, neurons: number): number {
  const output = outputs.slice(group * neurons, (group + 1) * neurons).find((each) => each !== null);
  return output?.tokenOffset ?? 0;
}

/** Steps of the neuron unit of the event-driven style in the order of execution: one group at one timestep. */
function* eventStepsOf(plan: EventPlan, passNumber: number): Generator<Tile & { readonly fires: boolean }> {
  const pass = plan.passes[passNumber]!;
  const { source, loops, write, outputs } = pass;
  if (source === 'head' || source === 'drain') return;
  const { banks, neurons, timesteps } = plan.grid;
  const groups = outputs.length / neurons;
  // the sums of all bit planes hand on one current
  const times = source === 'pixels' ? 1 : timesteps;
  let position = write?.row ?? 0;
  for (let o = 0; o < loops.outer; o++) {
    for (let i = 0; i < loops.inner; i++) {
      const token = tokenAt(pass, o, i);
      const { bankLast, wrapStep } = write ?? { bankLast: banks - 1, wrapStep: timesteps };
      for (let first = 0; first < groups; first += banks) {
        for (let timestep = 0; timestep < times; timestep++) {
          for (let group = first; group < Math.min(first + banks, groups); group++) {
            const bank = (write?.bank ?? 0) + group;
            const row = position + Math.floor(bank / (bankLast + 1)) * wrapStep + timestep;
            const fires = write !== null && group <= write.limit;
            const offset = groupTokenOffset(pass, group, neurons);
            yield { pass: passNumber, token: token + offset, group, timestep, row, word: bank % (bankLast + 1), fires };
          }
        }
      }
      if (write !== null) position += i === loops.inner - 1 ? write.outerStep : write.innerStep;
    }
  }
}

/** What a spike word and a tile hold. */
export interface WordShape {
  readonly lanes: number;
  readonly timesteps: number;
  /** Neurons of a step, and steps of a tile. */
  readonly neurons: number;
  readonly steps: number;
}

/** In the event-driven style a tile is one step: a group of neurons at one timestep. */
export function wordShape({ style, grid }: DesignPlan): WordShape {
  if (style === 'dense') return grid;
  return { lanes: grid.neurons, timesteps: 1, neurons: grid.neurons, steps: 1 };
}

/** Layer and output channel in a lane of a tile; null is padding. */
function outputAt(plan: DesignPlan, tile: Tile, lane: number): { layer: Layer; channel: number } | null {
  if (plan.style === 'event') {
    return plan.passes[tile.pass]!.outputs[tile.group * plan.grid.neurons + lane] ?? null;
  }
  const { layer, outputs } = plan.passes[tile.pass]!;
  const channel = outputs[tile.group * plan.grid.lanes + lane] ?? null;
  return channel === null ? null : { layer, channel };
}

/** Output channel of the layer in a lane of a tile; null is padding. */
export function channelAt(plan: DesignPlan, tile: Tile, lane: number): number | null {
  return outputAt(plan, tile, lane)?.channel ?? null;
}

/** The layer that a pass computes, or the first of several. */
export function layerOfPass({ style, passes }: DesignPlan, pass: number): Layer | undefined {
  return style === 'event' ? passes[pass]?.layers[0] : passes[pass]?.layer;
}

/** The layer that a tile computes: no tile holds outputs of two. */
export function layerAt(plan: DesignPlan, tile: Tile): Layer {
  const lanes = Array.from({ length: wordShape(plan).lanes }, (_, lane) => outputAt(plan, tile, lane));
  return lanes.find((output) => output !== null)?.layer ?? layerOfPass(plan, tile.pass)!;
}

/** A neuron's place in a tile. */
export interface Place {
  readonly lane: number;
  readonly timestep: number;
}

/** Of neuron `unit` in step `step` of a tile; see smx_neuron_unit.v and smx_event_neuron_unit.v. */
export function stepAt(plan: DesignPlan, tile: Pick<Tile, 'timestep'>, step: number, unit: number): Place {
  const { neurons, timesteps } = wordShape(plan);
  const lane = Math.floor(step / timesteps) * neurons + unit;
  return { lane, timestep: tile.timestep + (step % timesteps) };
}

/** Of a bit of a spike word. */
export function spikePlaceAt(plan: DesignPlan, tile: Pick<Tile, 'timestep'>, bit: number): Place {
  const { timesteps } = wordShape(plan);
  return { lane: Math.floor(bit / timesteps), timestep: tile.timestep + (bit % timesteps) };
}

/** Tiles whose spikes are written, in order. */
export function* spikeTiles(plan: DesignPlan): Generator<Tile> {
  for (let number = 0; number < plan.passes.length; number++) {
    if (plan.style === 'event') {
      for (const { fires, ...tile } of eventStepsOf(plan, number)) if (fires) yield tile;
    } else if (plan.passes[number]!.write !== null) yield* tilesOf(plan, number);
  }
}

/** Tiles of the neuron unit in order: all passes but the head's. */
export function* currentTiles(plan: DesignPlan): Generator<Tile> {
  for (let number = 0; number < plan.passes.length; number++) {
    if (plan.style === 'event') {
      for (const { fires: _, ...tile } of eventStepsOf(plan, number)) yield tile;
    } else if (plan.passes[number]!.source !== 'head') yield* tilesOf(plan, number);
  }
}
