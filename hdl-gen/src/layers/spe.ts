/**
 * A convolution of an SPE cell. All five store their current in the buffer of h, in the segment of their node:
 * c2 and c3 + n1 wait there as partial sums until node1_node2 and node2_node3 complete them.
 */
import { speNode } from '../plan/layout.js';
import type { Bind } from './binding.js';
import { currentRun } from './binding.js';
import { type ConvolutionShape, convolutionOutputs, convolutionPass, convolutionTaps } from './convolution.js';

/** The node whose stored current a layer adds: its own partial sum, n1 for c3, none for the first summands. */
const RESIDUAL_NODE: Readonly<Record<string, number>> = { node1_node2: 1, 'cell2node.2': 0, node2_node3: 2 };

export const bindSpe: Bind = (layer, context) => {
  const { grid } = context;
  const { x, h } = context.stage(layer.stage);
  const suffix = layer.name.split('.').slice(2).join('.');
  const node = speNode(layer);
  const inner = suffix.startsWith('node');
  const { segmentWords } = x.layout;
  const segment = (index: number) => ({ firstWord: index * segmentWords, words: segmentWords });
  const shape: ConvolutionShape = {
    layer,
    input: inner ? x : context.stage(layer.stage - 1).x,
    inputOffset: inner ? (node - 1) * layer.input.channels : 0,
    output: x,
    ...segment(node),
    grid,
  };
  const residualNode = RESIDUAL_NODE[suffix];
  const outputs = convolutionOutputs(shape);
  return {
    layer,
    weights: { memory: 'spike-weights', outputs, taps: convolutionTaps(shape), digits: null },
    params: { outputs, perOuter: false },
    tokenWords: 0,
    pass: (bases) =>
      convolutionPass(shape, bases, {
        residual: residualNode === undefined ? null : currentRun(h, x.layout, segment(residualNode), 0, grid),
        store: currentRun(h, x.layout, segment(node), 0, grid),
      }),
  };
};
