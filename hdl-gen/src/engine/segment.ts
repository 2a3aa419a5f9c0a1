/** The module of one segment: an engine without what lies between segments. Structure only. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { unsignedBits } from '../bits.js';
import type { SegmentPlan } from '../plan/plan.js';
import type { Program } from '../program.js';
import { libraryModule } from '../verilog/library.js';
import type { Connection, Instance, Port, Structure, Wire } from '../verilog/structure.js';
import { arrayInstances } from './arrays.js';
import { lowBits, rom, type StoredMemory } from './connect.js';
import { engineConstants } from './constants.js';
import { controlInstances, operandInstances } from './control.js';
import { inputInstances } from './inputs.js';
import { fileParameter } from './names.js';
import { neuronInstances, neuronMemories } from './neurons.js';
import { outputInstances } from './outputs.js';
import { HEAD_MEMORY, NEURON_MEMORIES, WEIGHT_MEMORIES } from './stored-memories.js';
import { ACCELERATOR_PORTS, engineWires } from './wires.js';

export interface SegmentPlace {
  /** Reads images, or what the segment in front has filled. */
  readonly isFirst: boolean;
  /** Sends results, or fills what the segment behind reads. */
  readonly isLast: boolean;
}

type PortRow = readonly [name: string, direction: Port['direction'], width: string, comment: string];

const ALL_PORTS: readonly PortRow[] = [
  ['aclk', 'input', '1', 'clock of everything'],
  ['rst', 'input', '1', 'synchronous reset'],
  ['finish', 'output', '1', 'pulse: the last pass of an image is done'],
  ['busy', 'output', '1', 'an image is being worked on'],
  ['image_done', 'output', '1', 'pulse: the counters hold for this image'],
  ['cycles', 'output', '32', 'cycles of the image without stalls'],
  ['stalls', 'output', '32', 'cycles that the image waited for the result stream'],
];
const FRONT_PORTS: readonly PortRow[] = [
  ['front_ready', 'input', '1', 'the buffer in front is filled'],
  ['operand_row', 'output', 'RowBits', 'row that is read'],
  ['front_row', 'input', 'RowSlots*Timesteps', 'its data from the buffer in front'],
];
const FRONT_CURRENT_PORTS: readonly PortRow[] = [
  ['residual_addr', 'output', 'StoreAddrBits', 'current that is read'],
  ['front_current', 'input', 'Neurons*StoreBits', 'its data from the buffer in front'],
];
const BEHIND_PORTS: readonly PortRow[] = [
  ['behind_free', 'input', '1', 'the buffer behind may be filled'],
  ['operand_row', 'output', 'RowBits', 'row that is read'],
  ['behind_row', 'input', 'RowSlots*Timesteps', 'its data from the buffer behind'],
  ['behind_spike_write', 'output', '1', 'a word for the buffer behind'],
  ['spike_write_row', 'output', 'RowBits', ''],
  ['spike_write_word', 'output', 'WordSelectBits', ''],
  ['spike_write_data', 'output', 'Lanes*Timesteps', ''],
];
const BEHIND_CURRENT_PORTS: readonly PortRow[] = [
  ['residual_addr', 'output', 'StoreAddrBits', 'current that is read'],
  ['behind_current', 'input', 'Neurons*StoreBits', 'its data from the buffer behind'],
  ['behind_store_write', 'output', '1', 'currents for the buffer behind'],
  ['store_addr', 'output', 'StoreAddrBits', ''],
  ['store_data', 'output', 'Neurons*StoreBits', ''],
];

const isNamed =
  (prefix: string) =>
  ({ name }: Port): boolean =>
    name.startsWith(prefix) || (prefix === 's_axis_image' && name === 'frame_error');

/** Ports of a segment's module; widths are expressions over its constants. */
export function segmentPorts({ isFirst, isLast }: SegmentPlace, { buffers: { front, behind } }: SegmentPlan): Port[] {
  const rows = [
    ...ALL_PORTS,
    ...(isFirst ? [] : FRONT_PORTS),
    ...(front === null || front.currentWords === 0 ? [] : FRONT_CURRENT_PORTS),
    ...(isLast ? [] : BEHIND_PORTS),
    ...(behind === null || behind.currentWords === 0 ? [] : BEHIND_CURRENT_PORTS),
  ];
  const ports = rows.map(([name, direction, width, comment]): Port => ({ name, direction, width, comment }));
  const unique = ports.filter(({ name }, i) => ports.findIndex((other) => other.name === name) === i);
  const streams = [
    ...(isFirst ? ACCELERATOR_PORTS.filter(isNamed('s_axis_image')) : []),
    ...(isLast ? ACCELERATOR_PORTS.filter(isNamed('m_axis_result')) : []),
  ];
  return [...unique, ...streams];
}

const WIRES: readonly Wire[] = [
  ['own_spike_write', '1'],
  ['own_store_write', '1'],
  ['behind_spike_write', '1'],
  ['behind_store_write', '1'],
  ['own_row', 'RowSlots*Timesteps'],
  ['own_current', 'Neurons*StoreBits'],
].map(([name, width]) => ({ name: name!, width: width! }));

/** The same instance with some ports on other wires. */
function rewire(instance: Instance, ports: Readonly<Record<string, Connection>>): Instance {
  return { ...instance, ports: { ...instance.ports, ...ports } };
}

/** One address space over the own memory and the buffers around. */
function regions(name: string, width: string, addrBits: string, ports: Instance['ports']): Instance {
  const comment = 'own memory, buffer in front, buffer behind';
  return {
    module: 'smx_regions',
    name,
    comment,
    parameters: { Width: width, AddrBits: addrBits },
    ports: { clk_i: 'aclk', ...ports },
  };
}

function spikeRegions({ isFirst, isLast }: SegmentPlace): Instance {
  const zeros = { zeros: 'RowSlots*Timesteps' };
  return regions('u_spike_regions', 'RowSlots*Timesteps', 'RowBits', {
    read_addr_i: 'operand_row',
    own_i: 'own_row',
    front_i: isFirst ? zeros : 'front_row',
    behind_i: isLast ? zeros : 'behind_row',
    read_data_o: 'spike_row',
    write_i: 'spike_write',
    write_addr_i: 'spike_write_row',
    write_own_o: 'own_spike_write',
    write_behind_o: 'behind_spike_write',
  });
}

function currentRegions({ buffers: { front, behind } }: SegmentPlan): Instance {
  const zeros = { zeros: 'Neurons*StoreBits' };
  const [hasFront, hasBehind] = [(front?.currentWords ?? 0) > 0, (behind?.currentWords ?? 0) > 0];
  return regions('u_current_regions', 'Neurons*StoreBits', 'StoreAddrBits', {
    read_addr_i: 'residual_addr',
    own_i: 'own_current',
    front_i: hasFront ? 'front_current' : zeros,
    behind_i: hasBehind ? 'behind_current' : zeros,
    read_data_o: 'residual_data',
    write_i: 'store_write',
    write_addr_i: 'store_addr',
    write_own_o: 'own_store_write',
    write_behind_o: 'behind_store_write',
  });
}

/** Sequencer with the hand-overs around; a segment without head is done when its neurons are. */
function control(program: Program, constants: Record<string, number>, { isFirst, isLast }: SegmentPlace): Instance[] {
  return controlInstances(program, constants, isFirst ? 'image_full' : 'front_ready').map((instance) => {
    if (instance.name !== 'u_sequencer') return instance;
    return rewire(instance, {
      finish_o: 'finish',
      ...(isLast ? {} : { output_free_i: 'behind_free', result_ready_i: { constant: 1 }, done_i: 'neuron_done' }),
    });
  });
}

function operands(constants: Record<string, number>, { isFirst }: SegmentPlace): Instance[] {
  return operandInstances(constants).map((instance) => {
    if (instance.name === 'u_spikes') {
      return rewire(instance, { write_i: 'own_spike_write', read_data_o: 'own_row' });
    }
    return isFirst ? instance : rewire(instance, { pixels_row_i: { zeros: 'Inputs*8' } });
  });
}

/** The highest address bits choose the memory. */
function ownCurrents(instance: Instance): Instance {
  const ports = rewire(instance, {
    write_i: 'own_store_write',
    write_addr_i: lowBits('store_addr', 'CurrentAddrBits'),
    read_addr_i: lowBits('residual_addr', 'CurrentAddrBits'),
    read_data_o: 'own_current',
  });
  return { ...ports, parameters: { ...instance.parameters, AddrBits: 'CurrentAddrBits' } };
}

/** Only the arrays that have something to do; what reads the others sees zeros. */
function arrays(constants: Record<string, number>, { usesSpikes, usesPlanes }: SegmentPlan): Instance[] {
  return arrayInstances(constants).filter(({ name }) => {
    return (usesSpikes || name !== 'u_spike_array') && (usesPlanes || name !== 'u_plane_array');
  });
}

function neurons(program: Program, constants: Record<string, number>, plan: SegmentPlan): Instance[] {
  const results = plan.usesSpikes ? {} : { results_i: { zeros: 'Lanes*Timesteps*AccBits' } };
  const planes = plan.usesPlanes ? {} : { plane_results_i: { zeros: 'Lanes*PlaneAccBits' } };
  return neuronInstances(program, constants).map((instance) => rewire(instance, { ...results, ...planes }));
}

/** The stored memories that a segment has. */
export function segmentMemories({ usesSpikes, usesPlanes }: SegmentPlan, { isLast }: SegmentPlace): StoredMemory[] {
  const weights = WEIGHT_MEMORIES.filter(({ kind }) => (kind === 'plane-weights' ? usesPlanes : usesSpikes));
  return [...weights, ...NEURON_MEMORIES, ...(isLast ? [HEAD_MEMORY] : [])];
}

function instancesOf(
  program: Program,
  constants: Record<string, number>,
  plan: SegmentPlan,
  place: SegmentPlace,
): Instance[] {
  const currents = neuronMemories().map(ownCurrents);
  return [
    ...(place.isFirst ? inputInstances({ constant: 0 }) : []),
    ...control(program, constants, place),
    ...operands(constants, place),
    spikeRegions(place),
    ...segmentMemories(plan, place).map(rom),
    ...arrays(constants, plan),
    ...currents,
    currentRegions(plan),
    ...neurons(program, constants, plan),
    ...(place.isLast ? outputInstances(constants) : []),
  ];
}

/** Names that stand in an expression or connection. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.match(/[A-Za-z_]\w*/g) ?? [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(namesIn) : [];
}

/** Lint takes the name of an output that nothing reads for an excuse. */
function nameUnused(instances: readonly Instance[], ports: readonly Port[]): Instance[] {
  const isOutput = ({ module }: Instance, port: string): boolean =>
    libraryModule(module).ports.get(port)!.direction === 'output';
  const netsOf = (instance: Instance) => Object.entries(instance.ports);
  const read = new Set([
    'program_word', // by its fields
    ...ports.map(({ name }) => name),
    ...instances.flatMap((each) => netsOf(each).flatMap(([port, net]) => (isOutput(each, port) ? [] : namesIn(net)))),
  ]);
  return instances.map((instance) => {
    const nets = netsOf(instance).map(([port, net]) => {
      const isUnused = typeof net === 'string' && isOutput(instance, port) && !read.has(net) && !net.startsWith(UNUSED);
      return [port, isUnused ? UNUSED + net : net] as const;
    });
    return { ...instance, ports: Object.fromEntries(nets) };
  });
}

const UNUSED = 'unused_';

/** The wires that instances are connected to, by their own or their unused name. */
function wiresOf(program: Program, instances: readonly Instance[], ports: readonly Port[]): Wire[] {
  const taken = new Set(ports.map(({ name }) => name));
  const connected = new Set(instances.flatMap((instance) => namesIn(Object.values(instance.ports))));
  return [...engineWires(program), ...WIRES].flatMap((wire) => {
    const names = [wire.name, UNUSED + wire.name].filter((name) => connected.has(name) && !taken.has(name));
    return names.map((name) => ({ ...wire, name }));
  });
}

/**
 * Structure of a segment's module.
 *
 * @param images paths of its memory images by kind.
 */
export function makeSegment(
  name: string,
  header: readonly string[],
  network: QuantizedNetwork,
  plan: SegmentPlan,
  program: Program,
  place: SegmentPlace,
  images: Readonly<Record<string, string>>,
): Structure {
  const words = plan.depths;
  const all: Record<string, number> = {
    ...engineConstants(network, plan, program),
    SpikeWeightAddrBits: unsignedBits(words['spike-weights'] - 1),
    PlaneWeightAddrBits: unsignedBits(words['plane-weights'] - 1),
    AxialWeightAddrBits: unsignedBits(words['axial-weights'] - 1),
    CurrentAddrBits: unsignedBits(plan.buffers.currentWords - 1),
  };
  const ports = segmentPorts(place, plan);
  const instances = nameUnused(instancesOf(program, all, plan, place), ports);
  const wires = wiresOf(program, instances, ports);
  const texts = [instances.map(({ parameters, ports: nets }) => [parameters, nets]), ports, wires];
  const used = new Set(namesIn(texts));
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants: Object.fromEntries(Object.entries(all).filter(([constant]) => used.has(constant))),
    strings: Object.fromEntries(Object.entries(images).map(([kind, path]) => [fileParameter(kind), path])),
    ports,
    wires,
    instances,
  };
}
