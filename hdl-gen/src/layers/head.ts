/** Head: the spikes of every token and timestep gate the 8-bit weights of the classes; results go to smx_head. */
import { tokenCount } from '@spikemill/golden-model';
import { ceilDivide } from '../bits.js';
import { channelsOfSlices, slicesOf } from '../plan/layout.js';
import type { Bind } from './binding.js';
import { PLAIN_PASS, planeWeights, rowsAdvanced } from './binding.js';

export const bindHead: Bind = (layer, context) => {
  const { grid } = context;
  const { x } = context.stage(layer.stage);
  const classes = layer.output.channels;
  const groups = ceilDivide(classes, grid.lanes);
  const outputs = Array.from({ length: groups * grid.lanes }, (_, lane) => (lane < classes ? lane : null));
  const slices = slicesOf(x.layout, 0, layer.input.channels, grid);
  const digits = context.planeDigits(layer);
  const advanced = rowsAdvanced(slices.slice, slices.count, grid.rowSlices);
  return {
    layer,
    weights: {
      ...planeWeights(digits),
      outputs,
      taps: channelsOfSlices(x.layout, 0, layer.input.channels, grid),
    },
    params: null,
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_PASS,
      layer,
      source: 'head',
      digits,
      loops: {
        outer: 1,
        inner: 1,
        groups,
        tapA: tokenCount(layer.input),
        tapB: grid.timesteps * (digits ?? 1),
        slices: slices.count,
      },
      operands: {
        row: x.base,
        slice: slices.slice,
        innerStep: 0,
        outerStep: 0,
        tapAStep: x.layout.rows - advanced,
        tapBStep: -advanced,
        padding: null,
      },
      weightBase: bases.weights,
      paramBase: 0,
      write: null,
      positions: { firstToken: 0, outerTokens: 0, innerTokens: 0 },
      outputs,
    }),
  };
};
