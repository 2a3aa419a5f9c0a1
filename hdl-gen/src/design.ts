/** The steps from a network to a design, whatever the style of its lanes. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { engineConstants } from './engine/constants.js';
import { type ImagePaths, makeEngine } from './engine.js';
import { eventConstants, makeEventEngine } from './event/engine.js';
import { eventImages } from './event/images.js';
import { type EventPlan, planEvent } from './event/plan.js';
import { makeEventProgram } from './event/program.js';
import type { MemoryImage } from './images/memory-image.js';
import { parameterImages } from './images/parameters.js';
import { weightImages } from './images/weights.js';
import { completeOptions, denseOnly, type PlanOptions } from './plan/options.js';
import { type Plan, plan, type SegmentPlan } from './plan/plan.js';
import { makeProgram, type Program } from './program.js';
import type { Structure } from './verilog/structure.js';

export type DesignPlan = Plan | EventPlan;

/** @throws SpikemillError USAGE or PLAN if the choice cannot be built; the message names what binds. */
export function planDesign(network: QuantizedNetwork, choice: Partial<PlanOptions> = {}): DesignPlan {
  const options = completeOptions(choice);
  if (options.style === 'dense') return plan(network, options);
  return planEvent(network, options);
}

/** Engines that work on images behind each other; none if there is but one. */
export function segmentsOf(planned: DesignPlan): readonly SegmentPlan[] {
  return planned.style === 'dense' ? planned.segments : [];
}

export function designProgram(planned: DesignPlan): Program {
  return planned.style === 'event' ? makeEventProgram(planned) : makeProgram(planned);
}

/** Constants of the generated top, by the names that they have in its header file. */
export function designConstants(
  network: QuantizedNetwork,
  planned: DesignPlan,
  program: Program,
): Record<string, number> {
  return planned.style === 'event'
    ? eventConstants(network, planned, program)
    : engineConstants(network, planned, program);
}

export function designImages(network: QuantizedNetwork, planned: DesignPlan, program: Program): MemoryImage[] {
  if (planned.style === 'event') return eventImages(network, planned, program);
  return [...weightImages(network, planned), ...parameterImages(network, planned, program)];
}

/** @param header comment lines for the generated files. */
export function designStructure(
  name: string,
  header: readonly string[],
  network: QuantizedNetwork,
  planned: DesignPlan,
  program: Program,
  images: ImagePaths,
): Structure {
  return planned.style === 'event'
    ? makeEventEngine(name, header, network, planned, program, images)
    : makeEngine(name, header, network, planned, program, images);
}

export const WEIGHT_STREAM = 'a weight stream';

/** @throws SpikemillError PLAN for a plan of another style than dense, of which `what` cannot be said yet. */
export function requireDense(planned: DesignPlan, what: string): Plan {
  if (planned.style === 'dense') return planned;
  throw denseOnly(what, []);
}
