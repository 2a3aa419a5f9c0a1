/**
 * Head: spikes of every token and timestep add the digits of the weights of the classes; the sums of Lanes classes are
 * complete after all tokens and then go to smx_head, Neurons classes at a time.
 */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../../bits.js';
import { allGroups, wordsOf } from '../layout.js';
import { digitsBeside, type EventOutput, MIN_STEPS, PLAIN_EVENT_PASS } from '../pass.js';
import { type EventBinding, type EventContext, runSlots } from './binding.js';

/** Classes first..first+lanes-1, in whole groups. */
function classOutputs(layer: Layer, first: number, { grid }: EventContext): (EventOutput | null)[] {
  const classes = Math.min(grid.lanes, layer.output.channels - first);
  const slots = ceilDivide(classes, grid.neurons) * grid.neurons;
  return Array.from({ length: slots }, (_, i) => (i < classes ? { layer, channel: first + i, tokenOffset: 0 } : null));
}

function bindClasses(layer: Layer, first: number, context: EventContext): EventBinding[] {
  const { grid, weightDigits } = context;
  const { lanes, timesteps } = grid;
  const { x } = context.stage(layer.stage);
  const words = wordsOf(allGroups(x.layout), grid);
  const outputs = classOutputs(layer, first, context);
  const padding = Math.max(0, MIN_STEPS * grid.neurons - outputs.length);
  const wide = [...outputs, ...Array.from({ length: padding }, () => null)];
  const beside = digitsBeside(wide.length / grid.neurons, weightDigits, grid);
  const summed = beside > 0 ? wide : outputs;
  const digits = beside > 0 ? 1 : weightDigits;
  const positions = { firstToken: 0, outerTokens: 0, innerTokens: 0 };
  const common = { layers: [layer], params: null, tokenWords: 0 };
  return [
    {
      ...common,
      outputs: summed,
      weights: { memory: 'event-rows', taps: runSlots(x.layout, allGroups(x.layout), grid), digits, beside },
      pass: (bases) => ({
        ...PLAIN_EVENT_PASS,
        ...{ layers: [layer], source: 'head', outputs: summed, positions, paramBase: bases.params, beside },
        loops: {
          ...{ outer: 1, inner: tokenCount(layer.input), tiles: 1, rounds: timesteps, digits },
          ...{ tapA: 1, tapB: 1, slices: words.count },
        },
        operands: {
          ...{ row: x.base, sliceStep: timesteps, innerStep: x.layout.rows, outerStep: 0, tapAStep: 0, tapBStep: 0 },
          ...{ maskFirst: words.maskFirst, maskLast: words.maskLast, padding: null },
        },
        weights: { base: bases.weights, sliceStep: lanes, tapStep: x.layout.slots.length - (words.count - 1) * lanes },
      }),
    },
    {
      ...common,
      outputs,
      weights: { memory: null },
      pass: (bases) => ({
        ...PLAIN_EVENT_PASS,
        ...{ layers: [layer], source: 'drain', outputs, positions, paramBase: bases.params },
        loops: { ...{ outer: 1, inner: 1, tiles: 1, rounds: 1, digits: 1 }, ...{ tapA: 1, tapB: 1, slices: 1 } },
        operands: {
          ...{ row: 0, sliceStep: 0, innerStep: 0, outerStep: 0, tapAStep: 0, tapBStep: 0 },
          ...{ maskFirst: 0, maskLast: 0, padding: null },
        },
        weights: { base: 0, sliceStep: 0, tapStep: 0 },
      }),
    },
  ];
}

export function bindEventHead(layer: Layer, context: EventContext): EventBinding[] {
  const parts = ceilDivide(layer.output.channels, context.grid.lanes);
  return Array.from({ length: parts }, (_, part) => bindClasses(layer, part * context.grid.lanes, context)).flat();
}
