/**
 * Fits the coefficients of a cost model to what synthesis made of whole accelerators, and says how far off it then is.
 * The formulas stay: only numbers under `fit` change.
 */
import { createRequire } from 'node:module';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { DesignPlan } from '../design.js';
import { contentsReader } from './contents.js';
import type { CostModel } from './cost-model.js';
import { listInstances, type ModuleInstance } from './instances.js';
import type { Contents } from './memory-mapping.js';
import { moduleCost } from './module-cost.js';

/** What is fitted and held against synthesis. */
export const FITTED_RESOURCES = ['lut', 'ff', 'carry'] as const;
export type MeasuredResource = (typeof FITTED_RESOURCES)[number] | 'blockRam';
export type MeasuredCells = Readonly<Record<MeasuredResource, number>>;

/** An instance of a top, and the cells that synthesis made of it. */
export interface MeasuredInstance {
  readonly instance: ModuleInstance;
  readonly contents: (() => Contents) | undefined;
  readonly cells: MeasuredCells;
}

export type MeasuredAccelerator = readonly MeasuredInstance[];

/**
 * Joins the instances of a plan with what was measured of them.
 * @param cells by name of the instance
 */
export function measuredAccelerator(
  network: QuantizedNetwork,
  plan: DesignPlan,
  cells: Readonly<Record<string, MeasuredCells>>,
): MeasuredAccelerator {
  const contents = contentsReader(network, plan);
  const known = new Map<string, Contents>();
  return listInstances(network, plan).map((instance) => {
    const { image, name, segment } = instance;
    const read = (): Contents => {
      const found = known.get(name) ?? contents(image!, segment);
      known.set(name, found);
      return found;
    };
    return { instance, contents: image === null ? undefined : read, cells: cells[name]! };
  });
}

/** Place of a coefficient: a module, or null for the memory rules. */
interface Coefficient {
  readonly module: string | null;
  readonly name: string;
}

function listCoefficients({ modules, memory }: CostModel): Coefficient[] {
  const ofModules = Object.entries(modules).flatMap(([module, { fit = {} }]) =>
    Object.keys(fit).map((name) => ({ module, name })),
  );
  return [...Object.keys(memory.fit ?? {}).map((name) => ({ module: null, name })), ...ofModules];
}

function coefficientOf({ modules, memory }: CostModel, { module, name }: Coefficient): number {
  return (module === null ? memory.fit : modules[module]!.fit)![name]!;
}

function withValue(model: CostModel, { module, name }: Coefficient, value: number): CostModel {
  const { memory, modules } = model;
  if (module === null) return { ...model, memory: { ...memory, fit: { ...memory.fit, [name]: value } } };
  const entry = modules[module]!;
  return { ...model, modules: { ...modules, [module]: { ...entry, fit: { ...entry.fit, [name]: value } } } };
}

type Resource = (typeof FITTED_RESOURCES)[number];
type Row = Readonly<Record<Resource, number>>;

function costOf({ instance, contents }: MeasuredInstance, model: CostModel): Row & { blockRam: number } {
  return moduleCost(instance, model, contents);
}

/** One equation: what a change of each coefficient does to a count, and what is missing from it. */
interface Equation {
  readonly slopes: Float64Array;
  readonly missing: number;
}

/** Totals count as much as this many instances: they are what the error is measured on. */
const TOTAL_WEIGHT = 3;
/** So that coefficients which no design needs stay where they are. */
const DAMPING = 1e-7;
const STEP = 1e-3;

/** Equations of one resource: a row for every instance and one for the total of each design, all over the total. */
function equationsOf(
  resource: Resource,
  model: CostModel,
  coefficients: readonly Coefficient[],
  designs: readonly MeasuredAccelerator[],
): Equation[] {
  const stepOf = (coefficient: Coefficient): number => STEP * (Math.abs(coefficientOf(model, coefficient)) + 1);
  const moved = coefficients.map((each) => withValue(model, each, coefficientOf(model, each) + stepOf(each)));
  return designs.flatMap((design) => {
    const total = design.reduce((sum, { cells }) => sum + cells[resource], 0);
    const rows = design.map((measured): Equation => {
      const now = costOf(measured, model)[resource];
      const slopes = Float64Array.from(coefficients, (coefficient, i) => {
        if (coefficient.module !== null && coefficient.module !== measured.instance.module) return 0;
        return (costOf(measured, moved[i]!)[resource] - now) / stepOf(coefficient) / total;
      });
      return { slopes, missing: (measured.cells[resource] - now) / total };
    });
    const sum: Equation = {
      slopes: Float64Array.from(coefficients, (_, i) => rows.reduce((all, { slopes }) => all + slopes[i]!, 0)),
      missing: rows.reduce((all, { missing }) => all + missing, 0),
    };
    return [...rows, ...new Array<Equation>(TOTAL_WEIGHT).fill(sum)];
  });
}

interface Solver {
  lusolve(matrix: number[][], right: number[]): number[][];
}

/** Normal equations: a matrix and its right side. */
interface Normal {
  readonly matrix: number[][];
  readonly right: number[];
}

function normalEquations(equations: readonly Equation[], count: number): Normal {
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const right = new Array<number>(count).fill(0);
  for (const { slopes, missing } of equations) {
    for (let i = 0; i < count; i++) {
      if (slopes[i] === 0) continue;
      right[i]! += slopes[i]! * missing;
      for (let j = 0; j < count; j++) matrix[i]![j]! += slopes[i]! * slopes[j]!;
    }
  }
  const largest = Math.max(...matrix.map((row, i) => row[i]!), 1e-12);
  for (let i = 0; i < count; i++) matrix[i]![i]! += DAMPING * largest;
  return { matrix, right };
}

/** @param held changes that are given, by their number; the others are found. */
function solve({ matrix, right }: Normal, held: ReadonlyMap<number, number>): number[] {
  const open = right.map((_, i) => i).filter((i) => !held.has(i));
  const rest = open.map((i) => [...held].reduce((sum, [j, change]) => sum - matrix[i]![j]! * change, right[i]!));
  const solver = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as Solver;
  const square = open.map((i) => open.map((j) => matrix[i]![j]!));
  const found = open.length === 0 ? [] : solver.lusolve(square, rest);
  const changes = new Map([...held, ...open.map((i, row) => [i, found[row]![0]!] as const)]);
  return right.map((_, i) => changes.get(i)!);
}

/** Only an offset may be negative: what grows with a width or a count must not make a larger design cheaper. */
function isOffset({ name }: Coefficient): boolean {
  return name.endsWith('Base');
}

/** Changes with the least sum of squares of what is still missing; coefficients that would be negative become 0. */
function solveBounded(normal: Normal, coefficients: readonly Coefficient[], values: readonly number[]): number[] {
  const held = new Map<number, number>();
  for (;;) {
    const changes = solve(normal, held);
    const negative = changes.flatMap((change, i) => {
      return !held.has(i) && !isOffset(coefficients[i]!) && values[i]! + change < 0 ? [i] : [];
    });
    if (negative.length === 0) return changes;
    for (const i of negative) held.set(i, -values[i]!);
  }
}

const DIGITS = 4;
/** The formulas are linear in their coefficients but for maxima: a few rounds settle those. */
const ROUNDS = 4;

/**
 * The model with the coefficients that fit best, rounded to four digits.
 * @param designs measured on the family of the model
 */
export function fitModel(model: CostModel, designs: readonly MeasuredAccelerator[]): CostModel {
  const coefficients = listCoefficients(model);
  let fitted = model;
  for (let round = 0; round < ROUNDS && coefficients.length > 0; round++) {
    const equations = FITTED_RESOURCES.flatMap((resource) => equationsOf(resource, fitted, coefficients, designs));
    const values = coefficients.map((coefficient) => coefficientOf(fitted, coefficient));
    const changes = solveBounded(normalEquations(equations, coefficients.length), coefficients, values);
    for (const [i, coefficient] of coefficients.entries()) {
      const value = values[i]! + changes[i]!;
      fitted = withValue(fitted, coefficient, Number(value.toPrecision(DIGITS)));
    }
  }
  return fitted;
}

/** Estimated over measured total, minus 1; 0 where both are 0. */
export function totalDeviation(model: CostModel, design: MeasuredAccelerator, resource: MeasuredResource): number {
  const estimated = design.reduce((sum, each) => sum + Math.round(costOf(each, model)[resource]), 0);
  const measured = design.reduce((sum, { cells }) => sum + cells[resource], 0);
  return estimated === measured ? 0 : estimated / measured - 1;
}

export type ModelError = NonNullable<CostModel['error']>;

/** Median and largest deviation of the totals without sign, in percent, rounded up to a tenth. */
export function modelError(model: CostModel, designs: readonly MeasuredAccelerator[]): ModelError {
  const of = (resource: MeasuredResource): { median: number; worst: number } => {
    const sizes = designs.map((design) => Math.abs(totalDeviation(model, design, resource))).sort((a, b) => a - b);
    const percent = (share: number): number => Math.ceil(1000 * share) / 10;
    return { median: percent(sizes[Math.floor(sizes.length / 2)]!), worst: percent(sizes.at(-1)!) };
  };
  return { lut: of('lut'), ff: of('ff'), blockRam: of('blockRam') };
}
