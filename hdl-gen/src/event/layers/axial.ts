/**
 * Axial token mixing: lanes are channels, one weight is broadcast to all of them; loops as in ../../layers/axial.ts. Where
 * a token takes half a word, both halves hold it, and the halves of the lanes compute two outputs along the axis.
 */
import type { Layer } from '@spikemill/golden-model';
import { allGroups, isCopied } from '../layout.js';
import { PLAIN_EVENT_PASS, tilesOfGroups } from '../pass.js';
import { type EventBinding, type EventContext, type EventMap, groupOutputs, mapWrite } from './binding.js';

interface Axis {
  readonly length: number;
  /** Tokens from one position along the axis to the next. */
  readonly tokens: number;
}

function bindAxial(layer: Layer, context: EventContext, output: EventMap, along: Axis, across: Axis): EventBinding {
  const { grid } = context;
  const { x } = context.stage(layer.stage);
  const { rows } = x.layout;
  const acrossRows = across.tokens * rows;
  const alongRows = along.tokens * rows;
  const acrossReturn = (across.length - 1) * acrossRows;
  const run = allGroups(x.layout);
  const atOnce = isCopied(x.layout, grid) && along.length % 2 === 0 ? 2 : 1;
  const count = atOnce * run.count;
  const outputs = groupOutputs(layer, x.layout, run, grid);
  const lines = Array.from({ length: along.length }, (_, channel) =>
    outputs.map((output) => (output === null ? null : { layer, channel, tokenOffset: 0 })),
  );
  return {
    layers: [layer],
    outputs,
    weights: { memory: 'axial-rows', matrix: { side: along.length, atOnce } },
    params: lines.flat(),
    tokenWords: 0,
    pass: (bases) => ({
      ...PLAIN_EVENT_PASS,
      layers: [layer],
      source: 'lane-wise',
      loops: {
        ...{
          outer: along.length / atOnce,
          inner: across.length,
          tiles: tilesOfGroups({ first: 0, count }, grid),
          rounds: grid.timesteps,
        },
        ...{ digits: 1, tapA: along.length, tapB: 1, slices: 1 },
      },
      operands: {
        ...{ row: x.base, sliceStep: 0, innerStep: acrossRows, outerStep: -acrossReturn },
        ...{ tapAStep: alongRows, tapBStep: 0, maskFirst: 0, maskLast: grid.banks - 1, padding: null },
      },
      weights: { base: bases.weights, sliceStep: 1, tapStep: 1 },
      paramBase: bases.params,
      paramOuterStep: count,
      write: {
        ...mapWrite(output, output.base, { first: 0, count }, grid),
        ...{ innerStep: acrossRows, outerStep: atOnce * alongRows - acrossReturn },
        ...(atOnce === 2 ? { bankLast: run.count - 1, wrapStep: alongRows } : {}),
      },
      positions: { firstToken: 0, outerTokens: atOnce * along.tokens, innerTokens: across.tokens },
      outputs: [0, along.tokens]
        .slice(0, atOnce)
        .flatMap((tokenOffset) => outputs.map((output) => output && { ...output, tokenOffset })),
    }),
  };
}

export function bindEventAxialH(layer: Layer, context: EventContext): EventBinding {
  const { height, width } = layer.output;
  const output = context.stage(layer.stage).xh;
  return bindAxial(layer, context, output, { length: height, tokens: width }, { length: width, tokens: 1 });
}

export function bindEventAxialW(layer: Layer, context: EventContext): EventBinding {
  const { height, width } = layer.output;
  const output = context.stage(layer.stage).xw;
  return bindAxial(layer, context, output, { length: width, tokens: 1 }, { length: height, tokens: width });
}
