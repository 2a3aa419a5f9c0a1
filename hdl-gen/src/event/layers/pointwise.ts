/** Layers that see one token at a time: fuse over three maps, and the two Linears of a channel block. */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import { allGroups, wordsOf } from '../layout.js';
import { type EventCurrent, type EventPass, PLAIN_EVENT_PASS, tilesOfGroups } from '../pass.js';
import {
  type EventBases,
  type EventBinding,
  type EventContext,
  type EventMap,
  eventCurrent,
  groupOutputs,
  mapWrite,
  runSlots,
} from './binding.js';

interface Shape {
  readonly layer: Layer;
  /** Maps that are concatenated over their channels, at equal distances. */
  readonly inputs: readonly EventMap[];
  readonly output: EventMap;
  readonly context: EventContext;
}

/** What a pass over some tokens needs beside the shape. */
interface Run {
  readonly readToken: number;
  readonly writeToken: number;
  readonly firstToken: number;
  readonly tokens: number;
  readonly residual: EventCurrent | null;
  readonly store: EventCurrent | null;
}

function pointwisePass(
  { layer, inputs, output, context }: Shape,
  { weights, params }: EventBases,
  run: Run,
): EventPass {
  const { grid } = context;
  const input = inputs[0]!;
  const all = allGroups(output.layout);
  const words = wordsOf(allGroups(input.layout), grid);
  const { rows, slots } = input.layout;
  const { timesteps, lanes } = grid;
  const distance = inputs.length > 1 ? inputs[1]!.base - input.base : 0;
  return {
    ...PLAIN_EVENT_PASS,
    layers: [layer],
    source: 'spikes',
    loops: {
      ...{ outer: 1, inner: run.tokens, tiles: tilesOfGroups(all, grid), rounds: timesteps, digits: 1 },
      ...{ tapA: inputs.length, tapB: 1, slices: words.count },
    },
    operands: {
      ...{ row: input.base + run.readToken * rows, sliceStep: timesteps, innerStep: rows, outerStep: 0 },
      ...{ tapAStep: distance - (words.count - 1) * timesteps, tapBStep: 0 },
      ...{ maskFirst: words.maskFirst, maskLast: words.maskLast, padding: null },
    },
    weights: { base: weights, sliceStep: lanes, tapStep: slots.length - (words.count - 1) * lanes },
    paramBase: params,
    trips: layer.kind === 'fc2' ? context.scaleTrips : 1,
    residual: run.residual === null ? null : { ...run.residual, from: 0 },
    store: run.store,
    write: mapWrite(output, output.base + run.writeToken * output.layout.rows, all, grid),
    positions: { firstToken: run.firstToken, outerTokens: 0, innerTokens: 1 },
    outputs: groupOutputs(layer, output.layout, all, grid),
  };
}

/** @param run what a pass over tokens from `first` on needs beside the shape */
function bindPointwise(
  shape: Shape,
  hasTokenWords: boolean,
  run: (first: number) => Omit<Run, 'tokens' | 'firstToken'>,
): EventBinding {
  const { layer, inputs, output, context } = shape;
  const outputs = groupOutputs(layer, output.layout, allGroups(output.layout), context.grid);
  const taps = inputs.flatMap(({ layout, shape: { channels } }, map) =>
    runSlots(layout, allGroups(layout), context.grid).map((slot) => (slot === null ? null : map * channels + slot)),
  );
  return {
    layers: [layer],
    outputs,
    weights: { memory: 'event-rows', taps, digits: 1, beside: 0 },
    params: outputs,
    tokenWords: hasTokenWords ? tokenCount(layer.output) : 0,
    pass: (bases, { first, count }) => ({
      ...pointwisePass(shape, bases, { ...run(first), firstToken: first, tokens: count }),
      tokenBase: hasTokenWords ? bases.tokens + first : 0,
      tokenStep: hasTokenWords,
    }),
  };
}

export function bindEventFuse(layer: Layer, context: EventContext): EventBinding {
  const { x, identity, xh, xw, h } = context.stage(layer.stage);
  const { mixed, mixedCurrent } = context.block(layer.block!);
  const { grid } = context;
  const inputs = [identity ?? x, xh, xw];
  return bindPointwise({ layer, inputs, output: mixed, context }, false, (first) => ({
    readToken: first,
    writeToken: 0,
    residual: eventCurrent(h, x.layout, 0, first, grid),
    store: eventCurrent(mixedCurrent, x.layout, 0, 0, grid),
  }));
}

export function bindEventFirstLinear(layer: Layer, context: EventContext): EventBinding {
  const { mixed, hidden } = context.block(layer.block!);
  return bindPointwise({ layer, inputs: [mixed], output: hidden, context }, true, () => ({
    ...{ readToken: 0, writeToken: 0, residual: null, store: null },
  }));
}

export function bindEventSecondLinear(layer: Layer, context: EventContext): EventBinding {
  const { x } = context.stage(layer.stage);
  const { hidden, mixedCurrent } = context.block(layer.block!);
  return bindPointwise({ layer, inputs: [hidden], output: x, context }, true, (first) => ({
    ...{ readToken: 0, writeToken: first, store: null },
    residual: eventCurrent(mixedCurrent, x.layout, 0, 0, context.grid),
  }));
}
