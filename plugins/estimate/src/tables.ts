/** The report for people. */
import type {
  Deviation,
  ExternalTraffic,
  Fit,
  LayerUse,
  MemoryUse,
  ResourceNode,
  RooflinePart,
} from '@spikemill/hdl-gen';
import { type Cell, formatCount, formatCounted, formatPercent, renderTable } from '@spikemill/plugin-core';
import type { EstimateReport } from './report.js';

const DIGITS = 1;

function decimal(value: number): string {
  return value.toFixed(DIGITS);
}

function layerRow(layer: LayerUse, cycles: number): Cell[] {
  const { name, binding, filledLanes, utilisation, denseOperations, effectiveOperations } = layer;
  return [
    name,
    formatCount(Math.round(layer.cycles)),
    formatPercent(layer.cycles / cycles, DIGITS),
    binding,
    formatPercent(layer.waitingCycles / layer.cycles, DIGITS),
    formatPercent(layer.overheadCycles / layer.cycles, DIGITS),
    formatPercent(filledLanes, DIGITS),
    formatPercent(utilisation, DIGITS),
    decimal(denseOperations / layer.cycles),
    effectiveOperations === null ? '-' : decimal(effectiveOperations / layer.cycles),
  ];
}

export function renderLayers({ utilisation, cyclesPerImage }: EstimateReport): string {
  const head = ['layer', 'cycles', 'share', 'paced by', 'waits', 'drain', 'lanes', 'used', 'dense', 'effective'];
  return renderTable(
    head,
    utilisation.layers.map((layer) => layerRow(layer, cyclesPerImage)),
  );
}

function memoryRow({ name, kind, count, depth, width, bits, weightBits }: MemoryUse): Cell[] {
  const shape = count === 1 ? `${depth} x ${width}` : `${count} x ${depth} x ${width}`;
  const padding = weightBits === null ? '' : formatPercent(1 - weightBits / bits, DIGITS);
  return [name, kind, shape, formatCount(bits), padding];
}

export function renderMemories({ memory }: EstimateReport): string {
  const total = ['total', '', '', formatCount(memory.totalBits), ''];
  return renderTable(['memory', 'kind', 'words x bits', 'bits', 'padding'], [...memory.memories.map(memoryRow), total]);
}

function treeRows(node: ResourceNode, depth: number): Cell[][] {
  const { name, detail, lut, lutRam, ff, carry, blockRam, children } = node;
  const cells = [lut, lutRam, ff, carry, blockRam].map(formatCount);
  return [['  '.repeat(depth) + name, detail, ...cells], ...children.flatMap((child) => treeRows(child, depth + 1))];
}

export function renderResources({ tree }: NonNullable<EstimateReport['resources']>): string {
  return renderTable(['part', 'what', 'LUT', 'as memory', 'FF', 'carry', 'block RAM'], treeRows(tree, 0));
}

/** `analytic: by formulas, ...; from synthesis LUT 1.2 % (at worst 4.0 %), ...` */
export function describeBasis({ basis, error }: NonNullable<EstimateReport['resources']>): string {
  const known = `Cells are ${basis}: by formulas, not synthesized; `;
  if (error === null) return `${known}no calibration for this family.`;
  const deviation = (name: string, { median, worst }: Deviation): string =>
    `${name} ${decimal(median)} % (at worst ${decimal(worst)} %)`;
  const { lut, ff, blockRam } = error;
  const all = [deviation('LUT', lut), deviation('FF', ff), deviation('block RAM', blockRam)];
  return `${known}median distance from synthesis ${all.join(', ')}.`;
}

const ROOFLINE_PARTS: readonly RooflinePart[] = [
  'lanes',
  'weight port',
  'spike port',
  'neuron unit',
  'residual port',
  'external',
];

/** Cycles that every part would need alone; the one that needs most binds. */
export function renderRoofline({ roofline }: EstimateReport): string {
  const rows = roofline.map(({ name, cycles, demands, binding, share }) => {
    const alone = ROOFLINE_PARTS.map((part) => formatCount(Math.round(demands[part])));
    return [name, formatCount(Math.round(cycles)), ...alone, binding, formatPercent(share, DIGITS)];
  });
  return renderTable(['layer', 'cycles', ...ROOFLINE_PARTS, 'binds', 'of cycles'], rows);
}

/** `block RAM 49 of 32 (153.1 %)` */
export function describeUse({ resource, used, available, share }: Fit['binding']): string {
  return `${resource} ${formatCount(used)} of ${formatCount(available)} (${formatPercent(share, DIGITS)})`;
}

/** Bits that an image moves and changes, and what they cost in a technology. */
export function renderEnergy({ hardwareEnergy: { memories, adders, total } }: EstimateReport): string {
  const nanojoules = (energy: number): string => decimal(energy / 1000);
  const rows = memories.map(({ name, read, written, energy }) => {
    return [name, formatCount(Math.round(read)), formatCount(Math.round(written)), '', nanojoules(energy)];
  });
  const changed = adders === null ? 'not simulated' : formatCount(adders.bitsChanged);
  rows.push(['adders', '', '', changed, adders === null ? '-' : nanojoules(adders.energy)]);
  rows.push(['total', '', '', '', nanojoules(total)]);
  return renderTable(['energy of an image', 'bits read', 'written', 'changed', 'nJ'], rows);
}

export function renderDevices(devices: NonNullable<EstimateReport['devices']>): string {
  const rows = devices.map(({ name, megahertz, framesPerSecond, lut, ff, blockRam, fits, binding }) => [
    name,
    fits ? 'yes' : 'no',
    `${binding.resource} ${formatPercent(binding.share, 0)}`,
    ...[lut, ff, blockRam].map(formatCount),
    String(megahertz),
    formatCount(framesPerSecond),
  ]);
  return renderTable(['device', 'fits', 'used most', 'LUT', 'FF', 'block RAM', 'MHz', 'frames/s'], rows);
}

type Row = [name: string, value: string, basis: string];

/** Cycles of an image; where they depend on what spikes, those of the images or at most. */
function cycleRows({ timing, cycleSpread }: EstimateReport): Row[] {
  const { basis, binding } = timing;
  const how = basis === 'closed form' ? 'closed form, the counter of the design' : basis;
  const whole = (cycles: number): string => formatCount(Math.round(cycles));
  const rows: Row[] = [['cycles per image', whole(timing.cyclesPerImage), how]];
  if (cycleSpread !== null) {
    const { images, min, max } = cycleSpread;
    rows.push(['  least, most', `${whole(min)}, ${whole(max)}`, `of ${formatCounted(images, 'image')}`]);
  }
  return [
    ...rows,
    ['cycles from image to image', whole(timing.intervalCycles), `${basis}, paced by the ${binding}`],
    ['cycles from first pixel to last logit', whole(timing.latencyToLastLogit), basis],
  ];
}

/** What an image reads from external memory. */
function weightRows(external: ExternalTraffic): Row[] {
  const { bytesPerImage, readsPerTile, busBits, meanBytesPerCycle, peakBytesPerCycle, memory, stallCycles } = external;
  const { leastBytesPerCycle } = external;
  const rate = memory.bytesPerCycle ?? busBits / 8;
  return [
    [
      'bytes of weights per image',
      formatCount(bytesPerImage),
      `external memory, each read ${readsPerTile.toFixed(2)} times`,
    ],
    ['bytes per cycle, mean', meanBytesPerCycle.toFixed(2), `of ${busBits / 8} that the bus carries`],
    ['  so that no tile waits', peakBytesPerCycle.toFixed(2), 'each comes while the one before it is used'],
    ['  fewest without waiting', String(leastBytesPerCycle ?? '-'), `whole bytes, latency ${memory.latency}, exact`],
    ['cycles waited for weights', formatCount(stallCycles), `latency ${memory.latency}, ${rate} bytes a cycle, exact`],
  ];
}

/** The figures of the whole image, one a line: value, and how it is known. */
export function renderSummary(report: EstimateReport): string {
  const { plan, utilisation, clock, framesPerSecond, latencyMicroseconds, energy, images } = report;
  const { peak, physical, dense, effective } = utilisation.operationsPerCycle;
  const rows = cycleRows(report);
  if (report.externalWeights !== null) rows.push(...weightRows(report.externalWeights));
  if (clock !== null && framesPerSecond !== null && latencyMicroseconds !== null) {
    rows.push(
      ['clock, MHz', String(clock.megahertz), clock.basis],
      ['frames/s', formatCount(framesPerSecond), 'images back to back at that clock'],
      ['latency, us', decimal(latencyMicroseconds), 'one image at that clock'],
    );
  }
  rows.push(
    ['operations per cycle, peak', formatCount(peak), plan.style === 'event' ? 'lanes' : 'adders of the spike array'],
    ['  physical', decimal(physical), 'additions fed with operands, padding too'],
    ['  dense equivalent', decimal(dense), 'additions that the network defines'],
    ['  effective', effective === null ? '-' : decimal(effective), 'additions of set spikes'],
    ['lanes used', formatPercent(utilisation.laneUtilisation, DIGITS), 'busy lane-cycles over all'],
    ['adders used', formatPercent(utilisation.adderUtilisation, DIGITS), 'dense operations over peak'],
  );
  if (energy !== null)
    rows.push(['energy, nJ', decimal(energy.total / 1000), 'model of an event-driven engine, not measured']);
  if (images !== null) rows.push(['images behind effective and energy', formatCount(images), 'run in integers']);
  return renderTable(['per image', 'value', 'how known'], rows);
}
