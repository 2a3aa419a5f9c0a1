/**
 * Where the memories of an accelerator go on a device. The cost model says what costs least for each memory alone; if
 * that asks for more block RAM than there is, contents that are known beforehand move into LUTs, the cheapest first.
 */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import {
  acceleratorCost,
  type Contents,
  contentsReader,
  costModelOf,
  estimate,
  fileParameter,
  fitDevice,
  type MemoryPlace,
  type MemoryRules,
  mapMemory,
  type Plan,
  type Resources,
} from '@spikemill/hdl-gen';
import type { MemoryPlacement } from './yosys-script.js';

export interface PlannedMemory {
  /** Instance in the accelerator's top. */
  readonly instance: string;
  readonly kind: 'ram' | 'rom';
  readonly bits: number;
  readonly place: MemoryPlace;
  /** Block memories that it takes. */
  readonly blockRam: number;
  /** Moved out of block RAM, of which there is too little. */
  readonly isMoved: boolean;
}

export interface MemoryPlan {
  readonly memories: readonly PlannedMemory[];
  /** Cells of the accelerator with the memories placed so, by the cost model. */
  readonly cost: Resources;
  /** What synthesis has to be told. */
  readonly placements: readonly MemoryPlacement[];
}

interface Candidate {
  memory: PlannedMemory;
  /** What the memory costs in logic instead of block RAM; null if it must stay. */
  readonly extraLut: number | null;
}

/** The same rules on a device without block RAM. */
function withoutBlockRam(rules: MemoryRules): MemoryRules {
  return { ...rules, blockRam: { ...rules.blockRam, cost: Number.MAX_SAFE_INTEGER } };
}

/** `u_spike_weights` holds the image `spike-weights`; in front may stand the segment, as in `u_segment_0.u_params`. */
function imageOf(instance: string): { readonly image: string; readonly segment: number | null } {
  const [name, segment] = instance.split('.').reverse();
  const image = name!.slice('u_'.length).replaceAll('_', '-');
  return { image, segment: segment === undefined ? null : Number(segment.slice('u_segment_'.length)) };
}

function candidatesOf(network: QuantizedNetwork, plan: Plan, rules: MemoryRules): Candidate[] {
  const contentsOf = contentsReader(network, plan);
  return estimate(network, plan).memory.memories.map(({ name, kind, count, width, depth, bits }) => {
    const { image, segment } = imageOf(name);
    const contents = (): Contents => contentsOf(fileParameter(image), segment);
    const shape = { kind, width, depth, ...(kind === 'rom' ? { contents } : {}) };
    const mapped = mapMemory(shape, rules);
    const logic = mapMemory(shape, withoutBlockRam(rules));
    const canMove = kind === 'rom' && mapped.place === 'block-ram';
    const blockRam = count * mapped.blockRam;
    return {
      memory: { instance: name, kind, bits, place: mapped.place, blockRam, isMoved: false },
      extraLut: canMove ? count * (logic.lut - mapped.lut) : null,
    };
  });
}

/** The memory that frees block RAM for the fewest LUTs per block. */
function cheapest(candidates: readonly Candidate[]): Candidate | null {
  const price = ({ extraLut, memory }: Candidate): number =>
    extraLut === null || memory.isMoved ? Number.POSITIVE_INFINITY : extraLut / memory.blockRam;
  const best = candidates.reduce((least, next) => (price(next) < price(least) ? next : least));
  return Number.isFinite(price(best)) ? best : null;
}

function move(candidate: Candidate, cost: Resources): Resources {
  const { memory, extraLut } = candidate;
  candidate.memory = { ...memory, place: 'logic', blockRam: 0, isMoved: true };
  return { ...cost, lut: cost.lut + extraLut!, blockRam: cost.blockRam - memory.blockRam };
}

/**
 * Plans the memories for a device.
 *
 * @throws SpikemillError INVALID_CONFIG if the cost model cannot be evaluated.
 */
export function planMemories(network: QuantizedNetwork, plan: Plan, device: Device): MemoryPlan {
  const candidates = candidatesOf(network, plan, costModelOf(device.family).memory);
  const unmoved = {
    memories: candidates.map(({ memory }) => memory),
    cost: acceleratorCost(network, plan, device.family).total,
  };
  let { cost } = unmoved;
  while (cost.blockRam > device.blockRam.count) {
    const next = cheapest(candidates);
    if (next === null) break;
    cost = move(next, cost);
  }
  const moved = { memories: candidates.map(({ memory }) => memory), cost };
  // where moving does not help, it must not hide that block RAM is what binds
  const isRemedy = cost.blockRam <= device.blockRam.count && cost.lut <= device.luts;
  return withPlacements(isRemedy ? moved : unmoved);
}

/** Adds what synthesis has to be told. */
function withPlacements({ memories, cost }: Omit<MemoryPlan, 'placements'>): MemoryPlan {
  const placements = memories
    .filter(({ kind }) => kind === 'rom')
    .map(({ instance, place }): MemoryPlacement => ({ instance, style: place === 'block-ram' ? 'block' : 'logic' }));
  return { memories, cost, placements };
}

/**
 * Cells that the cost model does not see: on a device whose flip-flops share their cell with a LUT, packing leaves many
 * LUTs unused. Placed designs took up to a third more cells than LUTs.
 */
const SAFE_SHARE = 0.75;

/** Whether the cost model expects the accelerator to fit, with room for what packing and routing waste. */
export function isLikelyToFit({ cost }: MemoryPlan, device: Device): boolean {
  return fitDevice(cost, device).uses.every(
    ({ resource, share }) => share <= (resource === 'block RAM' ? 1 : SAFE_SHARE),
  );
}
