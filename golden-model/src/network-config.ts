/** What every network configuration has to obey, wherever it came from. */
import { SpikemillError } from './errors.js';
import { stageShapes } from './layer-list.js';
import type { NetworkConfig } from './network.js';
import { countOf } from './wording.js';

export const MAX_TIMESTEPS = 16;

interface Rule {
  /** The property, as config.json and the messages call it. */
  readonly property: string;
  readonly expected: string;
  /** null: obeyed; else what was found. */
  violation(config: NetworkConfig): string | null;
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** A width that a rounded quotient such as alpha = 16 / 12 may miss by the last bit. */
function isWholeWidth(width: number): boolean {
  return isPositiveInteger(Math.round(width)) && Math.abs(width - Math.round(width)) < 1e-6;
}

function positiveInteger(property: string, read: (config: NetworkConfig) => number): Rule {
  const violation = (config: NetworkConfig): string | null =>
    isPositiveInteger(read(config)) ? null : String(read(config));
  return { property, expected: 'a positive integer', violation };
}

/** One finite number per pixel channel. */
function perChannel(property: 'mean' | 'std', isAllowed: (value: number) => boolean, expected: string): Rule {
  const violation = (config: NetworkConfig): string | null => {
    const values = config[property];
    const isRight = values.length === config.inChannels && values.every((x) => Number.isFinite(x) && isAllowed(x));
    return isRight ? null : `[${values.join(', ')}] for ${countOf(config.inChannels, 'channel')}`;
  };
  return { property, expected, violation };
}

const RULES: readonly Rule[] = [
  positiveInteger('in_channels', ({ inChannels }) => inChannels),
  positiveInteger('dim', ({ dim }) => dim),
  positiveInteger('num_classes', ({ numClasses }) => numClasses),
  positiveInteger('patch_size', ({ patchSize }) => patchSize),
  positiveInteger('image_size', ({ imageHeight }) => imageHeight),
  positiveInteger('image_size', ({ imageWidth }) => imageWidth),
  {
    property: 'T',
    expected: `1 to ${MAX_TIMESTEPS} timesteps`,
    violation: ({ timesteps }) =>
      isPositiveInteger(timesteps) && timesteps <= MAX_TIMESTEPS ? null : String(timesteps),
  },
  {
    property: 'depths',
    expected: 'one or more stages of one or more blocks each',
    violation: ({ depths }) =>
      depths.length >= 1 && depths.every(isPositiveInteger) ? null : `[${depths.join(', ')}]`,
  },
  {
    property: 'dim',
    expected: 'a multiple of 3: an SPE cell concatenates three nodes of equal width',
    violation: ({ spe, dim, depths }) => (spe && depths.length > 1 && dim % 3 !== 0 ? String(dim) : null),
  },
  {
    property: 'alpha',
    expected: 'whole hidden widths, alpha * dim',
    violation: ({ alpha, dim }) => (isWholeWidth(alpha * dim) ? null : `${alpha} * ${dim} = ${alpha * dim}`),
  },
  {
    property: 'image_size',
    expected: 'at least one token in every stage',
    violation: (config) => {
      const empty = stageShapes(config).findIndex(({ height, width }) => height < 1 || width < 1);
      return empty === -1 ? null : `${config.imageHeight} x ${config.imageWidth} leaves none in stage ${empty}`;
    },
  },
  perChannel('mean', () => true, 'one finite number per pixel channel'),
  perChannel('std', (value) => value > 0, 'one positive number per pixel channel'),
];

/**
 * Refuses a configuration that no network of the family can have. `skip` names properties that do not matter, such as
 * mean and std of a quantized network, which has them in its weights.
 * @throws SpikemillError INVALID_CONFIG that names the property
 */
export function checkNetworkConfig(config: NetworkConfig, where: string, skip: readonly string[] = []): void {
  for (const { property, expected, violation } of RULES) {
    const actual = skip.includes(property) ? null : violation(config);
    if (actual === null) continue;
    throw new SpikemillError('INVALID_CONFIG', `${property} is not possible`, {
      where: `${where}: ${property}`,
      expected,
      actual,
    });
  }
}
