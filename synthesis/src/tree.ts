/** Cells by module, as a tree: instances of the same module beside each other are one node with a count. */
import { addCells, type CellCounts, multiplyCells, NO_CELLS } from './counts.js';
import { cellCounts, type Family } from './families.js';
import { instancesOf, withoutIndices } from './hierarchy-path.js';
import { type Netlist, type NetlistModule, plainModuleName } from './netlist.js';

export interface ModuleNode {
  /** Instance, without the numbers of generate blocks. */
  readonly name: string;
  /** Library module; null where synthesis dissolved the boundary and only the name is left. */
  readonly module: string | null;
  /** Instances that this node stands for. */
  readonly count: number;
  /** Of all instances, without what lies below. */
  readonly own: CellCounts;
  /** Of all instances, with what lies below. */
  readonly total: CellCounts;
  /** Logic cells after packing and placement, all instances with what lies below; null without placement. */
  readonly placedCells: number | null;
  readonly children: readonly ModuleNode[];
}

/** A node while it grows. Cells are those of one instance of the parent's module. */
interface Branch {
  module: string | null;
  /** Names with their numbers: how many there are is the count. */
  readonly names: Set<string>;
  own: CellCounts;
  placed: number;
  readonly children: Map<string, Branch>;
}

function newBranch(module: string | null): Branch {
  return { module, names: new Set(), own: NO_CELLS, placed: 0, children: new Map() };
}

/** The branch at a path of instance names below another one, made as far as it is missing. */
function descend(branch: Branch, instances: readonly string[], prefix = ''): Branch {
  const [first, ...rest] = instances;
  if (first === undefined) return branch;
  const key = withoutIndices(first);
  let child = branch.children.get(key);
  if (child === undefined) {
    child = newBranch(null);
    branch.children.set(key, child);
  }
  child.names.add(prefix + first);
  return descend(child, rest, `${prefix}${first}/`);
}

/** What is not in the family's table, by type. */
export type UnknownCells = Map<string, number>;

function growModule(
  branch: Branch,
  module: NetlistModule,
  netlist: Netlist,
  family: Family,
  unknown: UnknownCells,
  path: string,
): void {
  for (const [name, { type }] of Object.entries(module.cells ?? {})) {
    const inner = netlist.modules[type];
    const isModule = inner !== undefined && inner.attributes?.blackbox === undefined;
    if (isModule && inner.attributes?.whitebox === undefined) {
      const child = descend(branch, [...instancesOf(name)], path);
      child.module = plainModuleName(type);
      growModule(child, inner, netlist, family, unknown, `${path}${name}/`);
    } else if (!type.startsWith('$')) {
      const counts = cellCounts(family, type);
      if (counts === null) unknown.set(type, (unknown.get(type) ?? 0) + 1);
      else {
        const target = descend(branch, instancesOf(name), path);
        target.own = addCells(target.own, counts);
      }
    }
  }
}

function finish(name: string, branch: Branch, isPlaced: boolean): ModuleNode {
  const children = [...branch.children]
    .map(([childName, child]) => finish(childName, child, isPlaced))
    .sort((a, b) => b.total.lut + b.total.ff - (a.total.lut + a.total.ff) || (a.name < b.name ? -1 : 1));
  const total = children.reduce((sum, child) => addCells(sum, child.total), branch.own);
  const placed = children.reduce((sum, child) => sum + (child.placedCells ?? 0), branch.placed);
  return {
    name,
    module: branch.module,
    count: Math.max(1, branch.names.size),
    own: branch.own,
    total,
    placedCells: isPlaced ? placed : null,
    children,
  };
}

/** Names of the placed cells that count as logic cells. */
export function placedNames(placed: Netlist, { placedCell }: Family): string[] {
  return Object.values(placed.modules).flatMap(({ cells = {} }) =>
    Object.entries(cells)
      .filter(([, { type }]) => type === placedCell)
      .map(([name]) => name),
  );
}

export interface CellTree {
  readonly root: ModuleNode;
  /** Primitives that the family's table does not know, by type; they are counted nowhere. */
  readonly unknown: Readonly<Record<string, number>>;
}

/**
 * Counts the cells of a netlist.
 *
 * @param top name of the module at the top.
 * @param placed names of placed logic cells, from placedNames; null: not placed.
 */
export function countCells(
  netlist: Netlist,
  top: string,
  family: Family,
  placed: readonly string[] | null = null,
): CellTree {
  const root = newBranch(plainModuleName(top));
  const unknown: UnknownCells = new Map();
  growModule(root, netlist.modules[top] ?? {}, netlist, family, unknown, '');
  for (const name of placed ?? []) descend(root, instancesOf(name)).placed++;
  return { root: finish(top, root, placed !== null), unknown: Object.fromEntries(unknown) };
}

/** The node at a path of names below the root; null if there is none. */
export function findNode(root: ModuleNode, path: readonly string[]): ModuleNode | null {
  const [first, ...rest] = path;
  if (first === undefined) return root;
  const child = root.children.find(({ name }) => name === first);
  return child === undefined ? null : findNode(child, rest);
}

/** Cells of a node per instance of it. */
export function perInstance({ total, count }: ModuleNode): CellCounts {
  return multiplyCells(total, 1 / count);
}
