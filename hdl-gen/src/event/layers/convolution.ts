/** Convolutions over spikes: the 3x3 nodes of an SPE cell and the 2x2 patch step. */
import type { Layer } from '@spikemill/golden-model';
import { speNode } from '../../plan/layout.js';
import { allGroups, type EventGrid, type GroupRun, segmentOf, wordsOf } from '../layout.js';
import { type EventCurrent, type EventOutput, type EventPass, PLAIN_EVENT_PASS, tilesOfGroups } from '../pass.js';
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
  /** Of one geometry, over the same input. */
  readonly layers: readonly Layer[];
  readonly input: EventMap;
  /** Groups of the input that are read. */
  readonly inputRun: GroupRun;
  readonly output: EventMap;
  /** Groups of the output that are computed. */
  readonly outputRun: GroupRun;
  readonly outputs: readonly (EventOutput | null)[];
  readonly grid: EventGrid;
}

/** Index within a row of weights [I, kh, kw] of every slot of every tap, in the order (kh, kw, slot). */
function convolutionTaps({ layers, input, inputRun, grid }: Shape): (number | null)[] {
  const { kernel } = layers[0]!;
  const slots = runSlots(input.layout, inputRun, grid);
  const first = slots.find((slot) => slot !== null)!;
  return Array.from({ length: kernel * kernel }, (_, tap) =>
    slots.map((slot) => (slot === null ? null : (slot - first) * kernel * kernel + tap)),
  ).flat();
}

interface Currents {
  readonly residual: (EventCurrent & { readonly from: number }) | null;
  readonly store: EventCurrent | null;
  /** Number of the last group that fires; null: none does. */
  readonly limit: number | null;
}

function convolutionPass(shape: Shape, bases: EventBases, { residual, store, limit }: Currents): EventPass {
  const { layers, input, inputRun, output, outputRun, outputs, grid } = shape;
  const { lanes, neurons, timesteps } = grid;
  const { kernel, stride, padding, output: map } = layers[0]!;
  const words = wordsOf(inputRun, grid);
  const advanced = (words.count - 1) * timesteps;
  const tokenRows = input.layout.rows;
  const lineRows = input.shape.width * tokenRows;
  const innerStep = stride * tokenRows;
  return {
    ...PLAIN_EVENT_PASS,
    layers,
    source: 'spikes',
    loops: {
      ...{ outer: map.height, inner: map.width, tiles: tilesOfGroups(outputRun, grid), rounds: timesteps, digits: 1 },
      ...{ tapA: kernel, tapB: kernel, slices: words.count },
    },
    operands: {
      row: input.base + words.first * timesteps - padding * (lineRows + tokenRows),
      sliceStep: timesteps,
      innerStep,
      outerStep: stride * lineRows - (map.width - 1) * innerStep,
      tapAStep: lineRows - (kernel - 1) * tokenRows - advanced,
      tapBStep: tokenRows - advanced,
      ...{ maskFirst: words.maskFirst, maskLast: words.maskLast },
      padding:
        padding === 0 ? null : { origin: -padding, stride, height: input.shape.height, width: input.shape.width },
    },
    weights: {
      base: bases.weights - words.maskFirst * neurons,
      sliceStep: lanes,
      tapStep: inputRun.count * neurons - (words.count - 1) * lanes,
    },
    paramBase: bases.params,
    residual,
    store,
    write: limit === null ? null : { ...mapWrite(output, output.base, outputRun, grid), limit },
    positions: { firstToken: 0, outerTokens: map.width, innerTokens: 1 },
    outputs,
  };
}

function bindConvolution(shape: Shape, currents: Currents): EventBinding {
  const { layers, outputs } = shape;
  return {
    layers,
    outputs,
    weights: { memory: 'event-rows', taps: convolutionTaps(shape), digits: 1, beside: 0 },
    params: outputs,
    tokenWords: 0,
    pass: (bases) => convolutionPass(shape, bases, currents),
  };
}

/** Patch step of the variant without SPE; its current is h. */
export function bindEventPatchStep(layer: Layer, context: EventContext): EventBinding {
  const { grid } = context;
  const { x, h } = context.stage(layer.stage);
  const input = context.stage(layer.stage - 1).x;
  const run = allGroups(x.layout);
  const outputs = groupOutputs(layer, x.layout, run, grid);
  return bindConvolution(
    { layers: [layer], input, inputRun: allGroups(input.layout), output: x, outputRun: run, outputs, grid },
    { residual: null, store: eventCurrent(h, x.layout, 0, 0, grid), limit: run.count - 1 },
  );
}

/** The node whose stored current a layer adds: its own partial sum, n1 for c3, none for the first summands. */
const RESIDUAL_NODE: Readonly<Record<string, number>> = { node1_node2: 1, 'cell2node.2': 0, node2_node3: 2 };
const suffixOf = ({ name }: Layer): string => name.split('.').slice(2).join('.');

/** Outputs of a node in its segment. */
function nodeOutputs(layer: Layer, { layout }: EventMap, grid: EventGrid): (EventOutput | null)[] {
  const node = speNode(layer);
  return groupOutputs(layer, layout, segmentOf(layout, node), grid, node * layer.output.channels);
}

/** One convolution of an SPE cell; its current goes to the buffer of h, in the segment of its node. */
function bindNode(layer: Layer, context: EventContext): EventBinding {
  const { grid } = context;
  const { x, h } = context.stage(layer.stage);
  const node = speNode(layer);
  const previous = context.stage(layer.stage - 1).x;
  const inner = suffixOf(layer).startsWith('node');
  const run = segmentOf(x.layout, node);
  const at = (index: number): EventCurrent => eventCurrent(h, x.layout, segmentOf(x.layout, index).first, 0, grid);
  const residual = RESIDUAL_NODE[suffixOf(layer)];
  return bindConvolution(
    {
      layers: [layer],
      input: inner ? x : previous,
      inputRun: inner ? segmentOf(x.layout, node - 1) : allGroups(previous.layout),
      ...{ output: x, outputRun: run, outputs: nodeOutputs(layer, x, grid), grid },
    },
    {
      residual: residual === undefined ? null : { ...at(residual), from: 0 },
      store: at(node),
      limit: layer.lif === null ? null : run.count - 1,
    },
  );
}

/** Groups between a current and its use in the same pass (smx_event_neuron_unit.v: stored in stage 6, read in stage 3). */
const FORWARD_GROUPS = 4;

/** The three convolutions that read the stage before, side by side: c1 fires, c2 and c3 + n1 wait for their nodes. */
function bindCell(layers: readonly Layer[], context: EventContext): EventBinding {
  const { grid } = context;
  const { x, h } = context.stage(layers[0]!.stage);
  const input = context.stage(layers[0]!.stage - 1).x;
  const { segmentGroups } = x.layout;
  return bindConvolution(
    {
      ...{ layers, input, inputRun: allGroups(input.layout), output: x, outputRun: allGroups(x.layout), grid },
      outputs: layers.flatMap((layer) => nodeOutputs(layer, x, grid)),
    },
    {
      residual: { ...eventCurrent(h, x.layout, -2 * segmentGroups, 0, grid), from: 2 * segmentGroups },
      store: eventCurrent(h, x.layout, 0, 0, grid),
      limit: segmentGroups - 1,
    },
  );
}

/** The five convolutions of an SPE cell, in their order: three passes where a current of the first is there in time. */
export function bindEventSpe(layers: readonly Layer[], context: EventContext): EventBinding[] {
  const { segmentGroups } = context.stage(layers[0]!.stage).x.layout;
  if (2 * segmentGroups < FORWARD_GROUPS) return layers.map((layer) => bindNode(layer, context));
  const cells = layers.filter((layer) => !suffixOf(layer).startsWith('node'));
  const nodes = layers.filter((layer) => suffixOf(layer).startsWith('node'));
  return [bindCell(cells, context), ...nodes.map((layer) => bindNode(layer, context))];
}
