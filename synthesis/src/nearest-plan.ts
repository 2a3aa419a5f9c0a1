/** The plan that comes nearest to one that does not fit: the fastest smaller one that the cost model expects to fit. */
import type { Device } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { optionalFlags, type PlanOptions, plan } from '@spikemill/hdl-gen';
import { isLikelyToFit, planMemories } from './memory-plan.js';

export interface NearestPlan {
  readonly options: PlanOptions;
  readonly cyclesPerImage: number;
}

/** Numbers up to `limit` that divide one of the given ones, largest first. */
function divisorsUpTo(limit: number, numbers: readonly number[]): number[] {
  const isDivisor = (value: number): boolean => numbers.some((number) => number % value === 0);
  return Array.from({ length: limit }, (_, i) => limit - i).filter(isDivisor);
}

function tokenBlocks(wanted: number | null): (number | null)[] {
  return [wanted, ...[16, 8, 4, 2].filter((tokens) => wanted === null || tokens < wanted)];
}

/** Smaller plans, those that do the most additions a cycle first. */
function candidates(network: QuantizedNetwork, wanted: PlanOptions): PlanOptions[] {
  const { dim, spe } = network.config;
  const list: PlanOptions[] = [];
  for (const lanes of divisorsUpTo(wanted.lanes, [wanted.lanes, spe ? dim / 3 : dim, dim])) {
    for (const inputs of divisorsUpTo(wanted.inputs, [wanted.inputs, dim])) {
      for (const neurons of divisorsUpTo(Math.min(lanes, wanted.neurons), [lanes])) {
        if (lanes % neurons !== 0 || 4 * neurons < lanes) continue;
        for (const tokenBlock of tokenBlocks(wanted.tokenBlock)) {
          list.push({ ...wanted, lanes, inputs, neurons, tokenBlock });
        }
      }
    }
  }
  return list.sort((a, b) => b.lanes * b.inputs - a.lanes * a.inputs);
}

/** The search ends after this; what it found until then is still a plan that fits. */
const LIMIT_MS = 15_000;

/**
 * Searches smaller plans. Null if none fits, or none was found in time.
 *
 * @param wanted the plan that does not fit.
 */
export function nearestPlan(network: QuantizedNetwork, wanted: PlanOptions, device: Device): NearestPlan | null {
  const started = performance.now();
  let best: NearestPlan | null = null;
  for (const options of candidates(network, wanted)) {
    if (performance.now() - started > LIMIT_MS) break;
    const planned = plan(network, options);
    const { cyclesPerImage } = planned;
    if (best !== null && best.cyclesPerImage <= cyclesPerImage) continue;
    if (isLikelyToFit(planMemories(network, planned, device), device)) best = { options, cyclesPerImage };
  }
  return best;
}

/** Flags of `rtl generate` for a plan. */
export function planFlags(options: PlanOptions): string {
  const { lanes, inputs, neurons, tokenBlock, weights, segments, loopOrder, weightBus, lane } = options;
  const parts = segments === 1 ? '' : ` --segments ${segments}`;
  const bus = weights === 'external' ? ` --weight-bus ${weightBus}` : '';
  const stream = weights === 'image' ? '' : ` --weights ${weights}${bus}`;
  const block = tokenBlock === null ? '' : ` --token-block ${tokenBlock}`;
  const order = lane === 'table' ? ' --lane table' : loopOrder === 'token' ? '' : ` --loop-order ${loopOrder}`;
  return `--lanes ${lanes} --inputs ${inputs} --neurons ${neurons}${block}${order}${optionalFlags(options)}${stream}${parts}`;
}
