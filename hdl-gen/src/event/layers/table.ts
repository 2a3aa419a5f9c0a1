/** The bindings of all layers of a network, in the order of execution. */
import { type Layer, listLayers } from '@spikemill/golden-model';
import { bindEventAxialH, bindEventAxialW } from './axial.js';
import type { EventBinding, EventContext } from './binding.js';
import { bindEventPatchStep, bindEventSpe } from './convolution.js';
import { bindEventHead } from './head.js';
import { bindEventIdentity } from './identity.js';
import { bindEventPatchEmbedding } from './patch-embedding.js';
import { bindEventFirstLinear, bindEventFuse, bindEventSecondLinear } from './pointwise.js';

type Bind = (layer: Layer, context: EventContext) => EventBinding | EventBinding[];

/** Convolutions of one SPE cell are bound together, in place of the first. */
const BINDINGS: Readonly<Record<Exclude<Layer['kind'], 'spe'>, Bind>> = {
  'patch-embedding': bindEventPatchEmbedding,
  'patch-step': bindEventPatchStep,
  identity: bindEventIdentity,
  'axial-h': bindEventAxialH,
  'axial-w': bindEventAxialW,
  fuse: bindEventFuse,
  fc1: bindEventFirstLinear,
  fc2: bindEventSecondLinear,
  head: bindEventHead,
};

export function bindEventLayers(context: EventContext): EventBinding[] {
  const layers = listLayers(context.config);
  return layers.flatMap((layer) => {
    if (layer.kind !== 'spe') return BINDINGS[layer.kind](layer, context);
    const cell = layers.filter(({ kind, stage }) => kind === 'spe' && stage === layer.stage);
    return cell[0] === layer ? bindEventSpe(cell, context) : [];
  });
}
