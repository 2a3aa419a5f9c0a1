/** The networks of arXiv 2306.12465 by their names: ImageNet, 224 x 224, patches of 4 x 4. Sources: README.md. */
import type { NetworkConfig } from '../network.js';

const IMAGENET = {
  inChannels: 3,
  alpha: 3,
  numClasses: 1000,
  patchSize: 4,
  imageHeight: 224,
  imageWidth: 224,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;

export const NAMED_NETWORKS = {
  'mlp-spe-t': { ...IMAGENET, spe: true, dim: 78, depths: [2, 8, 14, 2], timesteps: 4 },
  'mlp-spe-s': { ...IMAGENET, spe: true, dim: 96, depths: [2, 8, 14, 2], timesteps: 4 },
  /** The width is inferred from the published number of parameters. */
  'mlp-spe-b': { ...IMAGENET, spe: true, dim: 108, depths: [2, 10, 24, 2], timesteps: 6 },
  'mlp-s': { ...IMAGENET, spe: false, dim: 96, depths: [2, 8, 14, 2], timesteps: 4 },
} as const satisfies Record<string, NetworkConfig>;

export type NetworkName = keyof typeof NAMED_NETWORKS;
export const NETWORK_NAMES = Object.keys(NAMED_NETWORKS) as NetworkName[];
