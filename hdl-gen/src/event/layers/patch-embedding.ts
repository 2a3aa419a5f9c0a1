/**
 * Patch embedding: sums over the bit planes of the pixels and the digits of the weights, once per image; the current h is
 * stored. A second pass lets the neurons fire on it in every timestep.
 */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import { PIXEL_PLANES } from '../formats.js';
import { allGroups } from '../layout.js';
import { digitsBeside, PLAIN_EVENT_PASS, tilesOfGroups } from '../pass.js';
import { type EventBinding, type EventContext, eventCurrent, groupOutputs, mapWrite } from './binding.js';

const NO_OPERANDS = {
  ...{ row: 0, sliceStep: 0, innerStep: 0, outerStep: 0, tapAStep: 0, tapBStep: 0 },
  ...{ maskFirst: 0, maskLast: 0, padding: null },
} as const;

export function bindEventPatchEmbedding(layer: Layer, context: EventContext): EventBinding[] {
  const { grid, patchRows, pixelInputs, weightDigits } = context;
  const { x, h } = context.stage(0);
  const run = allGroups(x.layout);
  const outputs = groupOutputs(layer, x.layout, run, grid);
  const taps = layer.input.channels * layer.kernel * layer.kernel;
  const tiles = tilesOfGroups(run, grid);
  const beside = digitsBeside(run.count, weightDigits, grid);
  const digits = beside > 0 ? 1 : weightDigits;
  const inner = tokenCount(layer.output);
  const current = eventCurrent(h, x.layout, 0, 0, grid);
  const positions = { firstToken: 0, outerTokens: 0, innerTokens: 1 };
  const common = { layers: [layer], outputs, tokenWords: 0 };
  return [
    {
      ...common,
      weights: {
        memory: 'event-rows',
        taps: Array.from({ length: patchRows * pixelInputs }, (_, tap) => (tap < taps ? tap : null)),
        digits,
        beside,
      },
      params: outputs,
      pass: (bases) => ({
        ...PLAIN_EVENT_PASS,
        ...{ layers: [layer], source: 'pixels', outputs, positions, beside },
        loops: {
          ...{ outer: 1, inner, tiles, rounds: PIXEL_PLANES, digits },
          ...{ tapA: 1, tapB: 1, slices: patchRows },
        },
        operands: { ...NO_OPERANDS, sliceStep: 1, innerStep: patchRows },
        weights: { base: bases.weights, sliceStep: pixelInputs, tapStep: pixelInputs },
        paramBase: bases.params,
        store: current,
      }),
    },
    {
      ...common,
      weights: { memory: null },
      params: outputs.map(() => null),
      pass: (bases) => ({
        ...PLAIN_EVENT_PASS,
        ...{ layers: [layer], source: 'fire', outputs, positions },
        loops: { ...{ outer: 1, inner, tiles, rounds: grid.timesteps, digits: 1 }, ...{ tapA: 1, tapB: 1, slices: 1 } },
        operands: NO_OPERANDS,
        weights: { base: 0, sliceStep: 0, tapStep: 0 },
        paramBase: bases.params,
        residual: { ...current, from: 0 },
        write: mapWrite(x, x.base, run, grid),
      }),
    },
  ];
}
