/** Cost of one library module: its formulas evaluated for the parameters of an instance, and its memories mapped. */
import { SpikemillError } from '@spikemill/golden-model';
import { evaluate } from '../expression.js';
import { type CostModel, costLibrary } from './cost-model.js';
import type { ModuleInstance } from './instances.js';
import { type Contents, type MappedMemory, type MemoryShape, mapMemory } from './memory-mapping.js';
import { multiplyResources, NO_RESOURCES, type Resources, sumResources } from './resources.js';

/** Equal memories of an instance. */
export interface MemoryGroup extends MemoryShape {
  readonly count: number;
}

export interface MemoryGroupCost extends MemoryGroup {
  /** Of all memories of the group. */
  readonly cost: MappedMemory;
}

export interface ModuleCost extends Resources {
  readonly memories: readonly MemoryGroupCost[];
}

type Scope = Readonly<Record<string, number>>;

function entryOf<T>(modules: Readonly<Record<string, T>>, name: string, file: string): T {
  const entry = modules[name];
  if (entry !== undefined) return entry;
  throw new SpikemillError('INVALID_CONFIG', 'the cost model has no formulas for a module', {
    where: `${file}: /modules`,
    expected: name,
  });
}

/** Under which name the formulas of an instance are: a module of ternary adders has some of its own. */
export function pricedName({ module, parameters }: Pick<ModuleInstance, 'module' | 'parameters'>): string {
  return (parameters.Ternary ?? 0) === 0 ? module : `${module}:ternary`;
}

function unpriced(name: string, { family }: CostModel): SpikemillError {
  const [what, instead] = name.endsWith(':ternary')
    ? ['adders of three terms', '--adders binary']
    : ['lanes of tables', '--lane tree'];
  return new SpikemillError('PLAN', `the cost model of ${family} does not have all parts of this design`, {
    where: name,
    suggestions: [`use a part of 7 series or UltraScale+: ${what} are for their LUTs`, `use ${instead}`],
  });
}

/** A scope with the values of further formulas, each over everything in front of it. */
function extend(scope: Scope, formulas: Readonly<Record<string, string>> = {}, where: string): Scope {
  const extended: Record<string, number> = { ...scope };
  for (const [name, formula] of Object.entries(formulas)) {
    extended[name] = evaluate(formula, extended, `${where}.${name}`);
  }
  return extended;
}

function quantitiesOf(instance: ModuleInstance): Scope {
  const { quantities } = entryOf(costLibrary().modules, pricedName(instance), 'library.json');
  return extend(instance.parameters, quantities, instance.module);
}

/**
 * Memories inside an instance.
 *
 * @param contents of the image, for an instance that is a ROM.
 */
export function memoriesOf(instance: ModuleInstance, contents?: () => Contents): MemoryGroup[] {
  const { memories = [] } = entryOf(costLibrary().modules, pricedName(instance), 'library.json');
  const scope = quantitiesOf(instance);
  const value = (formula: string): number => evaluate(formula, scope, instance.module);
  return memories.map(({ kind, count, width, depth, writeWidth, place, read, emulated }) => ({
    kind,
    count: value(count),
    width: value(width),
    depth: value(depth),
    ...(writeWidth === undefined ? {} : { writeWidth: value(writeWidth) }),
    ...(place === undefined ? {} : { place }),
    ...(read === undefined ? {} : { read }),
    ...(emulated === undefined ? {} : { emulated }),
    ...(contents === undefined ? {} : { contents }),
  }));
}

/** @throws SpikemillError INVALID_CONFIG if a formula cannot be evaluated, or there is none for the module. */
export function moduleCost(instance: ModuleInstance, model: CostModel, contents?: () => Contents): ModuleCost {
  const module = pricedName(instance);
  const file = `${model.family}.json`;
  const entry = model.modules[module];
  if (entry === undefined) throw unpriced(module, model);
  const scope = extend({ ...quantitiesOf(instance), ...entry.fit }, entry.definitions, `${file}: ${module}`);
  // fitted offsets may be negative, and the smallest instances lie below the designs that they were fitted to
  const value = (formula: string, names = scope): number => Math.max(0, evaluate(formula, names, `${file}: ${module}`));
  const ff = value(entry.ff ?? costLibrary().modules[module]!.ff);
  const logic: Resources = {
    ...NO_RESOURCES,
    lut: value(entry.lut),
    ff,
    loneFf: Math.min(ff, value(entry.loneFf ?? '0', { ...scope, Ff: ff })),
    carry: value(entry.carry),
  };
  const memories = memoriesOf(instance, contents).map((group): MemoryGroupCost => {
    const one = mapMemory(group, model.memory);
    return { ...group, cost: { place: one.place, ...multiplyResources(one, group.count) } };
  });
  return { ...sumResources([logic, ...memories.map(({ cost }) => cost)]), memories };
}
