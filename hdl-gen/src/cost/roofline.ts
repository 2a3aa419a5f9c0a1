/**
 * The roofline of every layer: the cycles that each part of the engine would need alone. No layer is faster than the
 * largest of them; what it takes beyond that are gaps between the passes, and tiles that wait for each other.
 */
import type { LayerKind, QuantizedNetwork } from '@spikemill/golden-model';
import type { Grid } from '../plan/options.js';
import { consumerCycles, type Pass, rowsRead, tileCount, weightWords } from '../plan/pass.js';
import type { Plan } from '../plan/plan.js';
import { streamCycles } from './timing.js';
import { additionsPerCycle, type LayerUse } from './utilisation.js';

/** Cycles of an image. */
export interface Demands {
  /** Additions that the network defines over those of an array in a cycle: no padding, no gaps. */
  readonly lanes: number;
  /** Words of weights that are read, one a cycle. */
  readonly 'weight port': number;
  /** Rows of spikes or pixels that are read, or words of spikes that are written; each has a port of its own. */
  readonly 'spike port': number;
  /** Steps of the neuron unit, U results of a timestep each; for the head its own, one lane each. */
  readonly 'neuron unit': number;
  /** Words of currents that are read, or written; each has a port of its own. */
  readonly 'residual port': number;
  /** Pixels of the image at the patch embedding, beats of the result at the head. */
  readonly external: number;
}

export type RooflinePart = keyof Demands;

/** Of all passes of a layer. */
export interface LayerRoofline {
  readonly name: string;
  readonly kind: LayerKind;
  readonly cycles: number;
  readonly demands: Demands;
  /** The part that needs most cycles. */
  readonly binding: RooflinePart;
  /** Those cycles over the cycles of the layer. May be above 1 for `external`, which runs beside other layers. */
  readonly share: number;
}

/** Words of a current that a pass reads or writes: one a step, one a neuron group if it is constant in time. */
function currentWords(pass: Pass, run: Pass['residual'], { steps, timesteps }: Grid): number {
  if (run === null) return 0;
  return (tileCount(pass) * steps) / (run.once ? timesteps : 1);
}

type PassDemands = Omit<Demands, 'lanes' | 'external'>;

function passDemands(pass: Pass, grid: Grid): PassDemands {
  const tiles = tileCount(pass);
  return {
    'weight port': weightWords(pass, grid),
    'spike port': Math.max(rowsRead(pass), pass.write === null ? 0 : tiles),
    'neuron unit': tiles * consumerCycles(pass, grid),
    'residual port': Math.max(currentWords(pass, pass.residual, grid), currentWords(pass, pass.store, grid)),
  };
}

/** Cycles of the streams around the engine, at the layers that they feed or drain. */
export function externalCycles(network: QuantizedNetwork, kind: LayerKind): number {
  const { inputCycles, outputCycles } = streamCycles(network);
  if (kind === 'patch-embedding') return inputCycles;
  return kind === 'head' ? outputCycles : 0;
}

function layerRoofline(network: QuantizedNetwork, { passes, grid }: Plan, layer: LayerUse): LayerRoofline {
  const own = passes.filter((pass) => pass.layer.name === layer.name);
  const sum = (part: keyof PassDemands): number =>
    own.reduce((total, pass) => total + passDemands(pass, grid)[part], 0);
  const demands: Demands = {
    // every digit of a weight takes an addition
    lanes: (layer.denseOperations * (own[0]!.digits ?? 1)) / additionsPerCycle(own[0]!.source, grid),
    'weight port': sum('weight port'),
    'spike port': sum('spike port'),
    'neuron unit': sum('neuron unit'),
    'residual port': sum('residual port'),
    external: externalCycles(network, layer.kind),
  };
  return roofOf(layer, demands);
}

/** What binds a layer. */
export function roofOf({ name, kind, cycles }: LayerUse, demands: Demands): LayerRoofline {
  const parts = Object.entries(demands) as [RooflinePart, number][];
  const [binding, most] = parts.reduce((largest, part) => (part[1] > largest[1] ? part : largest));
  return { name, kind, cycles, demands, binding, share: most / cycles };
}

/** @param layers of utilisationOf() for the same plan. */
export function rooflineOf(network: QuantizedNetwork, plan: Plan, layers: readonly LayerUse[]): LayerRoofline[] {
  return layers.map((layer) => layerRoofline(network, plan, layer));
}
