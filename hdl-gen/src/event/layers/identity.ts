/** Identity branch of the variant without SPE: the array passes the spike, the neuron weighs it. */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import { allGroups } from '../layout.js';
import { PLAIN_EVENT_PASS, tilesOfGroups } from '../pass.js';
import { type EventBinding, type EventContext, groupOutputs, mapWrite } from './binding.js';

export function bindEventIdentity(layer: Layer, context: EventContext): EventBinding {
  const { grid } = context;
  const { x, identity } = context.stage(layer.stage);
  const { rows } = x.layout;
  const run = allGroups(x.layout);
  const outputs = groupOutputs(layer, x.layout, run, grid);
  return {
    layers: [layer],
    outputs,
    weights: { memory: 'axial-rows', matrix: null },
    params: outputs,
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_EVENT_PASS,
      layers: [layer],
      source: 'lane-wise',
      loops: {
        ...{ outer: 1, inner: tokenCount(layer.output), tiles: tilesOfGroups(run, grid), rounds: grid.timesteps },
        ...{ digits: 1, tapA: 1, tapB: 1, slices: 1 },
      },
      operands: {
        ...{ row: x.base, sliceStep: 0, innerStep: rows, outerStep: 0, tapAStep: 0, tapBStep: 0 },
        ...{ maskFirst: 0, maskLast: grid.banks - 1, padding: null },
      },
      weights: { base: bases.weights, sliceStep: 1, tapStep: 1 },
      paramBase: bases.params,
      identity: true,
      write: mapWrite(identity!, identity!.base, run, grid),
      positions: { firstToken: 0, outerTokens: 0, innerTokens: 1 },
      outputs,
    }),
  };
}
