/** Bits that the memories of an event-driven plan move for an image; see memory-traffic.ts for what is counted. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { streamCycles } from '../cost/timing.js';
import type { PassWork } from '../event/cycles.js';
import { eventParamBits, eventTokenBits } from '../event/images.js';
import { type EventPass, neuronSteps } from '../event/pass.js';
import type { EventPlan } from '../event/plan.js';
import type { EventWork } from '../event/work.js';
import type { MemoryTraffic } from './memory-traffic.js';

const PIXEL_BITS = 8;

/** @param work of the passes: events decide what is read. */
export function eventMemoryTraffic(network: QuantizedNetwork, plan: EventPlan, work: EventWork): MemoryTraffic[] {
  const { grid, formats, pixelInputs } = plan;
  const { lanes, neurons, timesteps } = grid;
  const sum = (value: (pass: EventPass, work: PassWork) => number): number =>
    plan.passes.reduce((total, pass, i) => total + value(pass, work.passes[i]!), 0);
  const isLaneWise = ({ source }: EventPass): boolean => source === 'lane-wise';
  const isSum = ({ source }: EventPass): boolean => source === 'pixels' || source === 'head';
  const laneWise = sum((pass, { silentWords }) => (isLaneWise(pass) ? silentWords : 0));
  const steps = sum((pass) => neuronSteps(pass, grid));
  const stepsIf = (uses: (pass: EventPass) => boolean): number =>
    sum((pass) => (uses(pass) ? neuronSteps(pass, grid) : 0));
  const sums = sum((pass, { neuronCycles }) => (isSum(pass) || pass.trips > 1 ? neuronCycles : 0)) * neurons;
  const currents = neurons * formats.storeBits;
  const membranes = steps * neurons * formats.membraneBits;
  const constant = (name: string, read: number): MemoryTraffic => ({ name, read, written: 0 });
  return [
    {
      name: 'pixels',
      read: sum((pass, { words }) => (pass.source === 'pixels' ? words : 0)) * PIXEL_BITS * pixelInputs,
      written: PIXEL_BITS * streamCycles(network).inputCycles,
    },
    {
      name: 'spikes',
      read: (sum((pass, { words }) => (pass.source === 'pixels' ? 0 : words)) + laneWise) * lanes,
      written: stepsIf(({ write }) => write !== null) * neurons,
    },
    constant('event-rows', sum((_, { events }) => events) * lanes * formats.weightBits),
    constant('axial-rows', laneWise * 2 * formats.weightBits),
    constant('params', steps * neurons * eventParamBits(network, plan)),
    constant('tokens', steps * eventTokenBits(plan)),
    {
      name: 'currents',
      read: stepsIf(({ residual }) => residual !== null) * currents,
      written: stepsIf(({ store }) => store !== null) * currents,
    },
    { name: 'states', read: sums * formats.sumBits, written: sums * formats.sumBits },
    // of the first timestep nothing is read
    { name: 'membranes', read: (membranes * (timesteps - 1)) / timesteps, written: membranes },
  ];
}
