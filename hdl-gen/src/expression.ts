/** Arithmetic expressions in text: parameter and port widths of the Verilog library, cost formulas. */
import { createRequire } from 'node:module';
import { SpikemillError } from '@spikemill/golden-model';

/** The part of mathjs that is used. */
interface MathParser {
  compile(expression: string): { evaluate(scope: Record<string, unknown>): unknown };
}

let parser: MathParser | undefined;

/** mathjs as one file: ten times faster to load than the package's modules; loaded at first use. */
function mathParser(): MathParser {
  parser ??= createRequire(import.meta.url)('mathjs/lib/browser/math.js') as MathParser;
  return parser;
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
  let value: unknown;
  try {
    value = mathParser()
      .compile(expression.replaceAll('$clog2', 'clog2'))
      .evaluate({ ...names, ...FUNCTIONS });
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
