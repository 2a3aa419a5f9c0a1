/** The definition of every kind of layer. A kind without one does not compile. */
import type { LayerKind } from '../network.js';
import { axialH, axialW } from './axial.js';
import { fc1, fc2 } from './channel.js';
import type { LayerDefinition } from './definition.js';
import { fuse } from './fuse.js';
import { head } from './head.js';
import { identity } from './identity.js';
import { patchEmbedding } from './patch-embedding.js';
import { patchStep } from './patch-step.js';
import { spe } from './spe.js';

export const LAYERS = {
  'patch-embedding': patchEmbedding,
  spe,
  'patch-step': patchStep,
  identity,
  'axial-h': axialH,
  'axial-w': axialW,
  fuse,
  fc1,
  fc2,
  head,
} satisfies Record<LayerKind, LayerDefinition>;
