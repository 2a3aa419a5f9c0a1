/** JSON that comes from outside: parsed, then held against its schema. */
import { Ajv, type ErrorObject } from 'ajv';
import { type ErrorCode, SpikemillError } from './errors.js';
import { countOf } from './wording.js';

const ajv = new Ajv({ allErrors: false, strict: true });

/** What a schema violation asked for, in words. */
function describeExpectation({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'const') return JSON.stringify(params.allowedValue);
  if (keyword === 'enum') return JSON.stringify(params.allowedValues);
  if (keyword === 'additionalProperties') return 'only the properties that the schema knows';
  return message ?? keyword;
}

const MOST_TEXT = 120;
const MOST_NAMES = 8;

/** Of a whole document only what it consists of. */
function shorten(found: unknown): string {
  const text = String(JSON.stringify(found));
  if (text.length <= MOST_TEXT) return text;
  if (typeof found !== 'object' || found === null) return `${text.slice(0, MOST_TEXT)}...`;
  if (Array.isArray(found)) return `a list of ${countOf(found.length, 'value')}`;
  const names = Object.keys(found);
  const more = names.length > MOST_NAMES ? `, ... (${names.length} in all)` : '';
  return `an object with ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** The value at a JSON pointer, or the name of a property too many. */
function describeActual(value: unknown, { instancePath, keyword, params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return String(params.additionalProperty);
  const steps = instancePath.split('/').slice(1);
  const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);
  return shorten(found);
}

/**
 * Holds `value` against a draft-07 schema.
 * @param where the file, for messages; the JSON pointer is added
 * @throws SpikemillError of `code` that names the first violation
 */
export function validateJson<T>(schema: object, value: unknown, where: string, code: ErrorCode = 'INVALID_CONFIG'): T {
  const validate = ajv.compile(schema);
  if (validate(value)) return value as T;
  const [error] = validate.errors ?? [];
  if (error === undefined) throw new SpikemillError('INTERNAL', 'a schema failed without an error', { where });
  throw new SpikemillError(code, 'a value is not as its schema says', {
    where: error.instancePath === '' ? where : `${where}: ${error.instancePath}`,
    expected: describeExpectation(error),
    actual: describeActual(value, error),
  });
}

/**
 * @param where the file, for messages
 * @throws SpikemillError of `code` if `text` is not JSON
 */
export function parseJson(text: string, where: string, code: ErrorCode = 'INVALID_CONFIG'): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpikemillError(code, 'this is not JSON', { where, actual: (cause as Error).message, cause });
  }
}
