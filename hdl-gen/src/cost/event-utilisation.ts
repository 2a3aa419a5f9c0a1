/** How well event-driven lanes are used, and the roofline of every layer: figures of what the passes do. */
import type { Layer, QuantizedNetwork, RunStatistics } from '@spikemill/golden-model';
import type { PassWork } from '../event/cycles.js';
import { type EventPass, filledLanes, neuronSteps } from '../event/pass.js';
import type { EventPlan } from '../event/plan.js';
import type { EventWork } from '../event/work.js';
import { type Demands, externalCycles, type LayerRoofline, roofOf } from './roofline.js';
import { type LayerUse, summarizeUse, type Utilisation } from './utilisation.js';

/** Passes that compute the same layers: the convolutions of an SPE cell run side by side. */
interface Group {
  readonly layers: readonly Layer[];
  readonly passes: readonly { readonly pass: EventPass; readonly work: PassWork }[];
}

function groupsOf({ passes }: EventPlan, work: EventWork): Group[] {
  const groups = new Map<string, Group>();
  for (const [i, pass] of passes.entries()) {
    const { name } = pass.layers[0]!;
    const known = groups.get(name)?.passes ?? [];
    groups.set(name, { layers: pass.layers, passes: [...known, { pass, work: work.passes[i]! }] });
  }
  return [...groups.values()];
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Cycles in which the lanes add: events, and of lane-wise passes every word. */
function addingCycles(pass: EventPass, { events, silentWords }: PassWork): number {
  return pass.source === 'lane-wise' ? silentWords : events;
}

function nameOf(layers: readonly Layer[]): string {
  return layers.length === 1 ? layers[0]!.name : `${layers[0]!.name} + ${layers.length - 1}`;
}

function groupUse(plan: EventPlan, { layers, passes }: Group, statistics: RunStatistics | null): LayerUse {
  const { lanes } = plan.grid;
  const ofLayers = plan.derived.layers
    .map((derived, index) => ({ ...derived, effective: statistics?.layers[index]?.effectiveOperations ?? null }))
    .filter(({ layer: { name } }) => layers.some((layer) => layer.name === name));
  const cycles = sum(passes, ({ work }) => work.cycles);
  const operandCycles = sum(passes, ({ work }) => work.events + work.silentWords);
  const waitingCycles = sum(passes, ({ work }) => work.waits);
  const adding = sum(passes, ({ pass, work }) => addingCycles(pass, work));
  const busy = sum(passes, ({ pass, work }) => addingCycles(pass, work) * lanes * filledLanes(pass, plan.grid));
  return {
    name: nameOf(layers),
    kind: layers[0]!.kind,
    cycles,
    operandCycles,
    waitingCycles,
    overheadCycles: cycles - operandCycles - waitingCycles,
    binding: operandCycles >= sum(passes, ({ work }) => work.neuronCycles) ? 'operands' : 'neurons',
    utilisation: busy / (lanes * cycles),
    filledLanes: adding === 0 ? 0 : busy / (lanes * adding),
    denseOperations: sum(ofLayers, ({ denseOperations }) => denseOperations),
    physicalOperations: adding * lanes,
    effectiveOperations: statistics === null ? null : sum(ofLayers, ({ effective }) => effective ?? 0),
  };
}

/** @param statistics of the run over the images behind `work`. */
export function eventUtilisation(
  plan: EventPlan,
  work: EventWork,
  statistics: RunStatistics | null = null,
): Utilisation {
  const layers = groupsOf(plan, work).map((group) => groupUse(plan, group, statistics));
  // one adder a lane
  return summarizeUse(layers, plan.grid.lanes, statistics);
}

function demandsOf(network: QuantizedNetwork, plan: EventPlan, { layers, passes }: Group): Demands {
  const steps = sum(passes, ({ pass }) => {
    return pass.residual === null && pass.store === null ? 0 : neuronSteps(pass, plan.grid);
  });
  const written = sum(passes, ({ pass }) => (pass.write === null ? 0 : neuronSteps(pass, plan.grid)));
  const read = sum(passes, ({ pass, work }) => work.words + (pass.source === 'lane-wise' ? work.silentWords : 0));
  return {
    // spikes alone, each once for every tile of the outputs, and all lanes at work
    lanes: sum(passes, ({ pass, work }) => addingCycles(pass, work) * filledLanes(pass, plan.grid)),
    'weight port': sum(passes, ({ pass, work }) => addingCycles(pass, work)),
    'spike port': Math.max(read, written),
    'neuron unit': sum(passes, ({ work }) => work.neuronCycles),
    'residual port': steps,
    external: externalCycles(network, layers[0]!.kind),
  };
}

/** @param layers of eventUtilisation() for the same plan and work. */
export function eventRoofline(
  network: QuantizedNetwork,
  plan: EventPlan,
  work: EventWork,
  layers: readonly LayerUse[],
): LayerRoofline[] {
  return groupsOf(plan, work).map((group, i) => roofOf(layers[i]!, demandsOf(network, plan, group)));
}
