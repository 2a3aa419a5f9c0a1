/** Arithmetic expressions in text: parameter and port widths of the Verilog library, cost formulas. */
import { createRequire } from 'node:module';
import { SpikemillError } from '@spikemill/golden-model';

/** A parsed expression. */
interface MathNode {
  compile(): { evaluate(scope: Record<string, unknown>): unknown };
  filter(callback: (node: { readonly type: string }) => boolean): { readonly name?: string }[];
}

/** The part of mathjs that is used. */
interface MathParser {
  parse(expression: string): MathNode;
}

interface Code {
  readonly evaluate: (scope: Record<string, unknown>) => unknown;
  /** Names that occur in the expression, functions too. */
  readonly symbols: readonly string[];
  /** Values found so far, by those of the symbols. */
  readonly values: Map<string, unknown>;
}

let parser: MathParser | undefined;

/** mathjs as one file: ten times faster to load than the package's modules; loaded at first use. */
function mathParser(): MathParser {
  parser ??= createRequire(import.meta.url)('mathjs/lib/browser/math.js') as MathParser;
  return parser;
}

/** Compiled expressions: compiling takes a hundred times longer than evaluating, and a search evaluates each often. */
const compiled = new Map<string, Code>();
/** Of one expression; a search meets few values of most, and would keep a great many of some. */
const MAX_KEPT_VALUES = 10_000;

function compile(expression: string): Code {
  let code = compiled.get(expression);
  if (code === undefined) {
    const node = mathParser().parse(expression.replaceAll('$clog2', 'clog2'));
    const compiledNode = node.compile();
    const names = node.filter(({ type }) => type === 'SymbolNode').map(({ name }) => name!);
    code = { evaluate: (scope) => compiledNode.evaluate(scope), symbols: [...new Set(names)], values: new Map() };
    compiled.set(expression, code);
  }
  return code;
}

/** Value of an expression, kept by the values of the names that occur in it. */
function currentValue({ evaluate: run, symbols, values }: Code, names: Readonly<Record<string, number>>): unknown {
  const key = symbols.map((symbol) => names[symbol]).join(' ');
  if (!values.has(key)) {
    if (values.size >= MAX_KEPT_VALUES) values.clear();
    values.set(key, run({ ...names, ...FUNCTIONS }));
  }
  return values.get(key);
}

/** ceil(log2(value)), as Verilog's $clog2: bits of a number that counts 0..value-1. */
export function clog2(value: number): number {
  return value <= 1 ? 0 : Math.ceil(Math.log2(value));
}

const FUNCTIONS = { clog2 };

/**
 * Value of an expression over named numbers. Known functions: those of mathjs and clog2 (also written $clog2).
 *
 * @throws SpikemillError INVALID_CONFIG if the expression does not parse, meets an unknown name or yields no number.
 */
export function evaluate(expression: string, names: Readonly<Record<string, number>>, where: string): number {
  let value: unknown = names[expression];
  // most parameters are the name of a constant
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  try {
    value = currentValue(compile(expression), names);
  } catch (cause) {
    throw new SpikemillError('INVALID_CONFIG', `cannot evaluate the expression "${expression}"`, {
      where,
      actual: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new SpikemillError('INVALID_CONFIG', `the expression "${expression}" does not yield a number`, {
    where,
    actual: String(value),
  });
}
