/** A synthesis report for people. */
import { type Cell, formatCount, formatPercent } from '@spikemill/plugin-core';
import type { ModuleNode, PathHop, PlacementReport, SynthReport } from '@spikemill/synthesis';

/** Deeper levels are in --json. */
const SHOWN_DEPTH = 4;

/** Modules that take part in the placed or synthesized design, indented by depth. */
export function treeRows(root: ModuleNode): Cell[][] {
  const rows: Cell[][] = [];
  const visit = (node: ModuleNode, depth: number): void => {
    const { name, module, count, total, placedCells } = node;
    if (total.lut + total.ff + total.blockRam + total.largeRam + total.dsp === 0) return;
    const label = `${'  '.repeat(depth)}${name}${count > 1 ? ` x ${count}` : ''}`;
    const { lut, ff, carry, blockRam, largeRam, dsp } = total;
    const numbers = [lut, ff, carry, blockRam, largeRam, dsp].map(formatCount);
    rows.push([label, module ?? '', ...numbers, placedCells === null ? '-' : formatCount(placedCells)]);
    if (depth < SHOWN_DEPTH) for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return rows;
}

export const TREE_HEAD = ['instance', 'module', 'LUT', 'FF', 'carry', 'BRAM', 'large RAM', 'DSP', 'cells'] as const;

export function pathRows(path: readonly PathHop[]): Cell[][] {
  return path.map(({ module, cells, logicNs, routingNs }) => [module, cells, logicNs.toFixed(2), routingNs.toFixed(2)]);
}

export const PATH_HEAD = ['critical path through', 'cells', 'logic ns', 'routing ns'] as const;

function shareRows({ fit }: SynthReport): Cell[][] {
  return fit.shares.map(({ resource, used, available }) => [
    resource,
    `${formatCount(used)} of ${formatCount(available)}${available > 0 ? `, ${formatPercent(used / available, 0)}` : ''}`,
  ]);
}

function placementRows(placement: PlacementReport): Cell[][] {
  const { fmaxMegahertz: fmax, seed, seeds, acceleratorCells, framesPerSecond, utilisation } = placement;
  const others = seeds.length === 1 ? '' : ` (seed ${seed} of ${seeds.length})`;
  const perThousand = placement.framesPerSecondPerThousandCells;
  return [
    ...Object.entries(utilisation)
      .filter(([, { used }]) => used > 0)
      .map(([name, { used, available }]) => [name, `${formatCount(used)} of ${formatCount(available)}`]),
    ['cells of the accelerator', formatCount(acceleratorCells)],
    ['clock as placed', fmax === null ? '-' : `${fmax.toFixed(1)} MHz${others}`],
    ['frames/s at that clock', framesPerSecond === null ? '-' : formatCount(framesPerSecond)],
    ['frames/s per 1,000 cells', perThousand === null ? '-' : formatCount(perThousand)],
  ];
}

/** Everything but the trees: one row each. */
export function summaryRows(report: SynthReport): Cell[][] {
  const { placement, timing, tools } = report;
  return [
    ...tools.map(({ name, version, embedded, seconds, peakMegabytes, cached }): Cell[] => [
      name,
      `${version}${embedded ? ', from npm' : ''}, ${cached ? 'cached, took' : ''} ${seconds.toFixed(0)} s` +
        `${peakMegabytes === null ? '' : `, ${formatCount(peakMegabytes)} MB`}`,
    ]),
    ['cycles per image', `${formatCount(Math.round(report.cyclesPerImage))}, ${report.cyclesBasis}`],
    ...shareRows(report),
    ...(placement === null ? [] : placementRows(placement)),
    ...(timing === null
      ? []
      : [['clock asked for', `${timing.requiredMegahertz} MHz, ${timing.met ? 'met' : 'missed'}`]]),
  ];
}
