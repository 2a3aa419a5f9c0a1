/** Every layer kind and how it is bound to the engine; a kind without an entry does not compile. */
import type { LayerKind } from '@spikemill/golden-model';
import { bindAxialH, bindAxialW } from './axial.js';
import type { Bind } from './binding.js';
import { bindFirstLinear, bindSecondLinear } from './channel.js';
import { bindFuse } from './fuse.js';
import { bindHead } from './head.js';
import { bindIdentity } from './identity.js';
import { bindPatchEmbedding } from './patch-embedding.js';
import { bindPatchStep } from './patch-step.js';
import { bindSpe } from './spe.js';

export const LAYER_BINDINGS = {
  'patch-embedding': bindPatchEmbedding,
  spe: bindSpe,
  'patch-step': bindPatchStep,
  identity: bindIdentity,
  'axial-h': bindAxialH,
  'axial-w': bindAxialW,
  fuse: bindFuse,
  fc1: bindFirstLinear,
  fc2: bindSecondLinear,
  head: bindHead,
} as const satisfies Record<LayerKind, Bind>;
