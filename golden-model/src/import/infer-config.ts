/**
 * The configuration of a float checkpoint. The tensors are the truth for everything that shapes determine; what a
 * flag, config.json or the metadata state about it must agree. The rest (T, mean, std) has to be stated by one of them.
 */
import { SpikemillError } from '../errors.js';
import type { NetworkConfigFile } from '../generated/network-config.generated.js';
import type { NetworkConfig } from '../network.js';
import { checkNetworkConfig } from '../network-config.js';
import { readTensorFacts, type Shapes, type TensorFacts } from './tensor-facts.js';
import { formatShape } from './tensor-file.js';

/** Who stated something, by falling precedence. */
export const STATEMENT_SOURCES = ['flag', 'config.json', 'metadata'] as const;
export type StatementSource = (typeof STATEMENT_SOURCES)[number];

/** What one source says about the network; already held against the schema. */
export interface ConfigStatement {
  readonly source: StatementSource;
  /** File or flags, for messages. */
  readonly where: string;
  readonly values: NetworkConfigFile;
}

/** A property of config.json with the value that was taken and its source, for `model inspect`. */
export interface ConfigOrigin {
  readonly property: string;
  readonly value: unknown;
  readonly source: StatementSource | 'tensors';
}

export interface InferredConfig {
  readonly config: NetworkConfig;
  readonly origins: readonly ConfigOrigin[];
}

/** What shapes determine, as config.json calls it, and when a stated value agrees. */
type DeterminedProperty = 'spe' | 'in_channels' | 'dim' | 'alpha' | 'num_classes' | 'patch_size' | 'depths';

function determinedValues(facts: TensorFacts): Record<DeterminedProperty, unknown> {
  return {
    spe: facts.spe,
    in_channels: facts.inChannels,
    dim: facts.dim,
    alpha: facts.hiddenChannels / facts.dim,
    num_classes: facts.numClasses,
    patch_size: facts.patchSize,
    depths: facts.depths,
  };
}

function agrees(property: DeterminedProperty, stated: unknown, found: unknown, facts: TensorFacts): boolean {
  if (property === 'alpha') return Math.round((stated as number) * facts.dim) === facts.hiddenChannels;
  return JSON.stringify(stated) === JSON.stringify(found);
}

function checkAgreement({ values, where }: ConfigStatement, facts: TensorFacts): void {
  for (const [property, found] of Object.entries(determinedValues(facts)) as [DeterminedProperty, unknown][]) {
    const stated = values[property];
    if (stated === undefined || agrees(property, stated, found, facts)) continue;
    throw new SpikemillError('INVALID_CONFIG', `${property} contradicts the tensors`, {
      where: `${where}: ${property}`,
      expected: `${JSON.stringify(found)}, from the shapes of the tensors`,
      actual: JSON.stringify(stated),
      suggestions: [
        'remove the property: it follows from the tensors',
        'or check that the file belongs to this checkpoint',
      ],
    });
  }
}

interface Stated<P extends keyof NetworkConfigFile> {
  readonly value: NonNullable<NetworkConfigFile[P]>;
  readonly statement: ConfigStatement;
}

function firstStated<P extends keyof NetworkConfigFile>(
  statements: readonly ConfigStatement[],
  property: P,
): Stated<P> | undefined {
  for (const statement of statements) {
    const value = statement.values[property];
    if (value !== undefined) return { value: value as Stated<P>['value'], statement };
  }
  return undefined;
}

/** What the tensors cannot tell: must be stated. */
function requireStated<P extends 'T' | 'mean' | 'std'>(
  statements: readonly ConfigStatement[],
  property: P,
  flag: string,
  where: string,
): Stated<P> {
  const found = firstStated(statements, property);
  if (found !== undefined) return found;
  throw new SpikemillError('INVALID_CONFIG', `${property} is not known: the tensors do not tell it`, {
    where,
    expected: `${property} in the metadata of the file, in a config.json beside it, or ${flag}`,
    actual: 'none of them',
    suggestions: [`pass ${flag}`],
  });
}

interface ImageSize {
  readonly size: readonly [height: number, width: number];
  readonly source: ConfigOrigin['source'];
}

/** N * patch, unless another size is stated that the patch embedding maps to the same N (leftover pixels unread). */
function resolveImageSize({ patchSize, tokens }: TensorFacts, statements: readonly ConfigStatement[]): ImageSize {
  const least = [tokens.height * patchSize, tokens.width * patchSize] as const;
  const stated = firstStated(statements, 'image_size');
  if (stated === undefined) return { size: least, source: 'tensors' };
  const { value, statement } = stated;
  const [height, width] = typeof value === 'number' ? [value, value] : [value[0]!, value[1]!];
  const fits = Math.floor(height / patchSize) === tokens.height && Math.floor(width / patchSize) === tokens.width;
  if (fits) return { size: [height, width], source: statement.source };
  throw new SpikemillError('INVALID_CONFIG', 'image_size contradicts the tensors', {
    where: `${statement.where}: image_size`,
    expected: `${formatShape(least)}, or less than a patch of ${patchSize} more: the tensors are for ${tokens.height} x ${tokens.width} tokens`,
    actual: formatShape([height, width]),
    suggestions: ['the size of the images is baked into a trained network: use the one that it was trained with'],
  });
}

/**
 * @param shapes of every tensor of the checkpoint, by state-dict key
 * @param statements in the order of precedence
 * @param where the checkpoint's name, for messages
 * @throws SpikemillError INVALID_TENSOR (no network of the family) or INVALID_CONFIG (unknown or contradictory)
 */
export function inferConfig(shapes: Shapes, statements: readonly ConfigStatement[], where: string): InferredConfig {
  const facts = readTensorFacts(shapes, where);
  for (const statement of statements) checkAgreement(statement, facts);
  const { size, source } = resolveImageSize(facts, statements);
  const timesteps = requireStated(statements, 'T', '--timesteps', where);
  const mean = requireStated(statements, 'mean', '--mean', where);
  const std = requireStated(statements, 'std', '--std', where);
  const { spe, inChannels, dim, numClasses, patchSize, depths } = facts;
  const config: NetworkConfig = {
    spe,
    inChannels,
    dim,
    alpha: facts.hiddenChannels / dim,
    numClasses,
    patchSize,
    imageHeight: size[0],
    imageWidth: size[1],
    depths,
    timesteps: timesteps.value,
    mean: mean.value,
    std: std.value,
  };
  checkNetworkConfig(config, where);
  const origins: ConfigOrigin[] = Object.entries(determinedValues(facts)).map(([property, value]) => {
    return { property, value, source: 'tensors' };
  });
  origins.push({ property: 'image_size', value: size, source });
  for (const [property, { value, statement }] of Object.entries({ T: timesteps, mean, std })) {
    origins.push({ property, value, source: statement.source });
  }
  return { config, origins };
}
