/** Any small plan of lanes of trees that can be built and searched. */
import { LOOP_ORDERS, type PlanOptions } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';

export const anyOptions: fc.Arbitrary<PlanOptions> = fc
  .record({
    neurons: fc.integer({ min: 1, max: 4 }),
    groups: fc.integer({ min: 1, max: 4 }),
    inputs: fc.integer({ min: 1, max: 9 }),
    tokenBlock: fc.option(fc.integer({ min: 1, max: 40 })),
    weights: fc.constantFrom('image' as const, 'stream' as const),
    loopOrder: fc.constantFrom(...LOOP_ORDERS),
  })
  .map(({ groups, ...options }) => ({
    ...options,
    style: 'dense' as const,
    lanes: options.neurons * groups,
    widths: {},
    segments: 1,
    weightBus: 128 as const,
    lane: 'tree' as const,
  }));
