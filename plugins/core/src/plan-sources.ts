/** Where the choices of a plan come from, so that messages name what a user can change. */
import { SpikemillError } from '@spikemill/golden-model';
import { DEFAULT_PLAN, type PlanOptions } from '@spikemill/hdl-gen';

export interface PlanSources {
  /** Flags of the command line. */
  readonly typed: ReadonlySet<string>;
  /** Of --plan; null: none is given. */
  readonly file: { readonly path: string; readonly choice: Partial<PlanOptions> } | null;
  /** The plan of a build; null: there is none. */
  readonly build?: Partial<PlanOptions> | null;
}

const BUILT_IN: Partial<PlanOptions> = { ...DEFAULT_PLAN, axialInputs: 1, planes: 'own', adders: 'binary' };

/** `tokenBlock`: `token-block`. */
function flagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function fieldOf(flag: string): keyof PlanOptions {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as keyof PlanOptions;
}

/**
 * What has made a choice, and how to take it back: `--style dense`, `style in plan.json`, or `SPIKEMILL_INPUTS`, which a
 * configuration file sets, too.
 */
export function sourceOf(
  field: keyof PlanOptions,
  value: PlanOptions[keyof PlanOptions],
  { typed, file }: PlanSources,
): { readonly name: string; readonly advice: string } {
  const flag = flagOf(field);
  if (typed.has(flag)) return { name: `--${flag} ${value}`, advice: `leave out --${flag}` };
  if (file !== null && field in file.choice) {
    return { name: `${field} in ${file.path}`, advice: `leave ${field} out of ${file.path}` };
  }
  const name = `SPIKEMILL_${flag.replaceAll('-', '_').toUpperCase()}`;
  return { name, advice: `unset ${name}, or take ${field} out of spikemill.config.json` };
}

/** A suggestion about flags, of which some are not there: their values are from the plan file, or from a build. */
function renameSuggestion(text: string, { typed, file, build = null }: PlanSources): string {
  const isIn = (choice: Partial<PlanOptions> | null | undefined, flag: string): boolean =>
    !typed.has(flag) && choice !== null && choice !== undefined && fieldOf(flag) in choice;
  const path = file?.path;
  return text
    .replace(/leave out --([a-z-]+)/g, (whole, flag: string) => {
      if (isIn(file?.choice, flag)) return `leave ${fieldOf(flag)} out of ${path}`;
      return isIn(build, flag) ? `use --${flag} ${BUILT_IN[fieldOf(flag)]}` : whole;
    })
    .replace(/use --([a-z-]+) ([^\s,]+)/g, (whole, flag: string, value: string) =>
      isIn(file?.choice, flag) ? `set ${fieldOf(flag)} in ${path} to ${value}` : whole,
    );
}

/**
 * An error about a plan in the words of its user: fields of a plan file by its name, instead of flags that were not typed.
 * Any other error stays as it is.
 */
export function nameSources(error: unknown, sources: PlanSources): unknown {
  if (!(error instanceof SpikemillError)) return error;
  const { where, suggestions = [] } = error.details;
  const field = /^plan\.(\w+)$/.exec(where ?? '')?.[1];
  const { file, typed } = sources;
  const isOfFile = field !== undefined && file !== null && field in file.choice && !typed.has(flagOf(field));
  return new SpikemillError(error.code, error.message, {
    ...error.details,
    ...(isOfFile ? { where: `${file.path}: ${field}` } : {}),
    suggestions: suggestions.map((text) => renameSuggestion(text, sources)),
  });
}
