/** Fits the coefficients of a clock model to placed designs. The formulas stay: only numbers under `fit` change. */
import { createRequire } from 'node:module';
import { type ClockModel, type ClockQuantities, slowestPath } from './clock-model.js';

/** A design as it was placed. */
export interface PlacedClock {
  readonly quantities: ClockQuantities;
  readonly megahertz: number;
}

interface Solver {
  lusolve(matrix: number[][], right: number[]): number[][];
}

/** Spread of the placer's own luck from seed to seed, as a share. */
const LUCK = 0.05;
/** How far a coefficient may be from the guess, as a share: so that few designs settle only what they show. */
const DOUBT = 0.4;
const ROUNDS = 60;
const STEP = 1e-3;
/** Share of a step that is taken: the slowest path may be another one behind it. */
const CAUTION = 0.5;
const DIGITS = 4;

function withFit(model: ClockModel, names: readonly string[], values: readonly number[]): ClockModel {
  return { ...model, fit: Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
}

/** Estimated over measured delay, minus 1. */
function deviation(model: ClockModel, { quantities, megahertz }: PlacedClock): number {
  return (slowestPath(model, quantities).nanoseconds * megahertz) / 1000 - 1;
}

/** What is left of every equation: designs first, then the guesses. */
function residuals(model: ClockModel, designs: readonly PlacedClock[]): number[] {
  const guesses = Object.entries(model.prior).map(([name, guess]) => (model.fit[name]! / guess - 1) / DOUBT);
  return [...designs.map((design) => deviation(model, design) / LUCK), ...guesses];
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** Changes of the coefficients by one step of Gauss and Newton. */
function stepOf(
  model: ClockModel,
  names: readonly string[],
  values: readonly number[],
  designs: readonly PlacedClock[],
) {
  const now = residuals(model, designs);
  const slopes = names.map((_, i) => {
    const size = STEP * values[i]! + STEP;
    const moved = withFit(
      model,
      names,
      values.map((value, j) => (i === j ? value + size : value)),
    );
    return residuals(moved, designs).map((value, row) => (value - now[row]!) / size);
  });
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const solver = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as Solver;
  const matrix = slopes.map((a) => slopes.map((b) => dot(a, b)));
  return solver
    .lusolve(
      matrix,
      slopes.map((a) => -dot(a, now)),
    )
    .map(([change]) => change!);
}

/** The model with the coefficients that fit best, none below zero, rounded to four digits. */
export function fitClock(model: ClockModel, designs: readonly PlacedClock[]): ClockModel {
  const names = Object.keys(model.prior);
  let values = names.map((name) => model.prior[name]!);
  let best = withFit(model, names, values);
  for (let round = 0; round < ROUNDS; round++) {
    const current = withFit(model, names, values);
    if (squares(residuals(current, designs)) < squares(residuals(best, designs))) best = current;
    const changes = stepOf(current, names, values, designs);
    values = values.map((value, i) => Math.max(0, value + CAUTION * changes[i]!));
  }
  return withFit(
    model,
    names,
    names.map((name) => Number(best.fit[name]!.toPrecision(DIGITS))),
  );
}

/** Estimated over measured clock, minus 1. */
export function clockDeviation(model: ClockModel, design: PlacedClock): number {
  return 1 / (1 + deviation(model, design)) - 1;
}

/** Median and largest deviation without sign, in percent, rounded up to a tenth. */
export function clockError(model: ClockModel, designs: readonly PlacedClock[]): NonNullable<ClockModel['error']> {
  const sizes = designs.map((design) => Math.abs(clockDeviation(model, design))).sort((a, b) => a - b);
  const percent = (share: number): number => Math.ceil(1000 * share) / 10;
  return { median: percent(sizes[Math.floor(sizes.length / 2)]!), worst: percent(sizes.at(-1)!) };
}
