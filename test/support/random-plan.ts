/** Any small plan of dense lanes and one engine. */
import { DEFAULT_PLAN, LOOP_ORDERS, type PlanOptions, WEIGHT_BUSES } from '@spikemill/hdl-gen';
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

/** The same, with weights in external memory and with lanes of tables among them. */
export const anyDenseOptions: fc.Arbitrary<PlanOptions> = fc
  .tuple(anyOptions, fc.constantFrom('on chip', 'external', 'table'), fc.constantFrom(...WEIGHT_BUSES))
  .map(([options, kind, weightBus]) => {
    if (kind === 'on chip') return options;
    const choice = kind === 'external' ? { weights: 'external' as const, weightBus } : { lane: 'table' as const };
    return { ...DEFAULT_PLAN, ...options, ...choice, loopOrder: 'group' as const };
  });
