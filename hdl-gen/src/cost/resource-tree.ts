/** The cells of an accelerator as a tree: parts of the engine, their modules, and what is memory in them. */
import type { AcceleratorCost, InstanceCost } from './accelerator-cost.js';
import { type Resources, subtractResources, sumResources } from './resources.js';

/** A node has the sum of its children, if it has any. */
export interface ResourceNode extends Resources {
  readonly name: string;
  /** What it is: a library module, or where a memory is and how large, such as `block-ram, 2 x 320 x 96`. */
  readonly detail: string;
  readonly children: readonly ResourceNode[];
}

/** Parts of the engine, by the names of instances in the top; a name ends with `*` if more may follow. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  input: ['u_reset', 'u_image_loader', 'u_pixels'],
  control: ['u_program', 'u_sequencer', 'u_gather', 'u_tile_flags'],
  operands: ['u_spikes', 'u_operands', 'u_line_buffer', 'u_spike_regions', 'u_skid', 'u_walker', 'u_issue'],
  weights: [
    ...['u_spike_weights', 'u_plane_weights', 'u_axial_weights', 'u_weight_*', 'u_fill_*'],
    ...['u_event_rows_*', 'u_axial_rows'],
  ],
  arrays: ['u_spike_array', 'u_plane_array', 'u_array'],
  neurons: ['u_params', 'u_tokens', 'u_currents', 'u_current_regions', 'u_neuron_unit'],
  results: ['u_head_bias', 'u_head', 'u_result_stream'],
  'between segments': ['u_hand_over_*', 'u_maps_*', 'u_currents_*', 'u_busy'],
};
const OTHER = 'other';

/** Instances of segment 0 are called `u_segment_0.u_gather`. */
const SEGMENT = /^u_segment_(\d+)\./;

function partOf(name: string): string {
  const fits = (pattern: string): boolean =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  return Object.keys(PARTS).find((part) => PARTS[part]!.some(fits)) ?? OTHER;
}

function pick(cost: Resources): Resources {
  return sumResources([cost]);
}

function instanceNode(instance: InstanceCost): ResourceNode {
  const { name, module, memories } = instance;
  const children = memories.map(({ kind, place, count, depth, width, cost }): ResourceNode => {
    const detail = `${place}, ${count === 1 ? '' : `${count} x `}${depth} x ${width}`;
    return { name: kind, detail, ...pick(cost), children: [] };
  });
  const logic = subtractResources(instance, sumResources(children));
  const isLogic = Object.values(logic).some((count) => count !== 0);
  const rest = children.length > 0 && isLogic ? [{ name: 'logic', detail: '', ...logic, children: [] }] : [];
  return { name: name.replace(SEGMENT, ''), detail: module, ...pick(instance), children: [...rest, ...children] };
}

function sumNode(name: string, children: readonly ResourceNode[]): ResourceNode {
  return { name, detail: '', ...sumResources(children), children };
}

/** Parts that have an instance. */
function partNodes(instances: readonly InstanceCost[]): ResourceNode[] {
  return [...Object.keys(PARTS), OTHER].flatMap((part): ResourceNode[] => {
    const own = instances.filter(({ name }) => partOf(name.replace(SEGMENT, '')) === part).map(instanceNode);
    return own.length === 0 ? [] : [sumNode(part, own)];
  });
}

/** The tree of an accelerator, segments as nodes of their own; its root has the totals. */
export function resourceTree({ instances, total }: AcceleratorCost): ResourceNode {
  const segmentOf = ({ name }: InstanceCost): string | undefined => SEGMENT.exec(name)?.[1];
  const segments = [...new Set(instances.flatMap((instance) => segmentOf(instance) ?? []))];
  const children = [
    ...partNodes(instances.filter((instance) => segmentOf(instance) === undefined)),
    ...segments.map((number) => {
      return sumNode(`segment ${number}`, partNodes(instances.filter((each) => segmentOf(each) === number)));
    }),
  ];
  return { name: 'accelerator', detail: '', ...pick(total), children };
}
