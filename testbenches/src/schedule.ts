/** What the hardware does in which order, tile by tile: the link between the plan and the tensors of the golden model. */
import type { Pass, Plan } from '@spikemill/hdl-gen';

/** One tile: `lanes` outputs of one token. */
export interface Tile {
  /** Number of the pass. */
  readonly pass: number;
  readonly token: number;
  readonly group: number;
  /** Word of the spike memory that the tile writes, if the pass fires. */
  readonly row: number;
  readonly word: number;
}

/** Token of a position of a pass. */
function tokenAt({ positions }: Pass, outer: number, inner: number): number {
  return positions.firstToken + outer * positions.outerTokens + inner * positions.innerTokens;
}

/** All tiles of a pass in the order of execution, with the address that each must write. */
export function* tilesOf(plan: Plan, passNumber: number): Generator<Tile> {
  const pass = plan.passes[passNumber]!;
  const { outer, inner, groups } = pass.loops;
  const { rowWords } = plan.grid;
  let position = pass.write?.row ?? 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let group = 0; group < groups; group++) {
        const word = (pass.write?.word ?? 0) + group;
        const row = position + Math.floor(word / rowWords);
        yield { pass: passNumber, token: tokenAt(pass, o, i), group, row, word: word % rowWords };
      }
      if (pass.write) position += i === inner - 1 ? pass.write.outerStep : pass.write.innerStep;
    }
  }
}

/** Output channel of the layer in a lane of a tile; null is padding. */
export function channelAt(plan: Plan, tile: Tile, lane: number): number | null {
  return plan.passes[tile.pass]!.outputs[tile.group * plan.grid.lanes + lane] ?? null;
}

/** A neuron's place in a tile. */
export interface Place {
  readonly lane: number;
  readonly timestep: number;
}

/** Of neuron `unit` in step `step` of a tile; see smx_neuron_unit.v. */
export function stepAt({ grid }: Plan, step: number, unit: number): Place {
  const lane = Math.floor(step / grid.timesteps) * grid.neurons + unit;
  return { lane, timestep: step % grid.timesteps };
}

/** Of a bit of a spike word. */
export function spikePlaceAt({ grid }: Plan, bit: number): Place {
  return { lane: Math.floor(bit / grid.timesteps), timestep: bit % grid.timesteps };
}

/** Tiles whose spikes are written, in order. */
export function* spikeTiles(plan: Plan): Generator<Tile> {
  for (const [number, pass] of plan.passes.entries()) if (pass.write !== null) yield* tilesOf(plan, number);
}

/** Tiles of the neuron unit in order: all passes but the head's. */
export function* currentTiles(plan: Plan): Generator<Tile> {
  for (const [number, pass] of plan.passes.entries()) if (pass.source !== 'head') yield* tilesOf(plan, number);
}
