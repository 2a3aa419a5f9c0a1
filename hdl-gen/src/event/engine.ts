/** The generated top of the event-driven style as a structure of library modules. Nothing here computes. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { ceilDivide, unsignedBits } from '../bits.js';
import { clocked, fieldPorts, lowBits, rom, type StoredMemory, sameParameters } from '../engine/connect.js';
import { inputInstances, RESET_INSTANCE } from '../engine/inputs.js';
import { fieldLsb, fileParameter } from '../engine/names.js';
import { resultInstances } from '../engine/outputs.js';
import { HEAD_MEMORY, NEURON_MEMORIES, PROGRAM_MEMORY } from '../engine/stored-memories.js';
import { ACCELERATOR_PORTS, fieldWires } from '../engine/wires.js';
import type { ImagePaths } from '../engine.js';
import { clog2 } from '../expression.js';
import type { Program } from '../program.js';
import type { Instance, Structure, Wire } from '../verilog/structure.js';
import { eventParamBits, eventTokenBits } from './images.js';
import { BANK_ROWS, type EventPlan } from './plan.js';
import { walkerBlock } from './program.js';

/** Pixels of a line from which on the loader may work ahead (smx_image_loader.v). */
const AHEAD_WIDTH = 4;

/** Bits of the tag beside the shift of a sum; smx_event_gather.v lists them. */
const TAG_FLAGS = 10;

/** Whether a batch norm over tokens turns a sign around. */
function hasNegativeScale({ firstLinearTokens, secondLinearTokens }: QuantizedNetwork): boolean {
  const first = [...firstLinearTokens.values()].some(({ negate }) => negate.some((flag) => flag === 1));
  return first || [...secondLinearTokens.values()].some(({ scale }) => scale.some((m) => m < 0));
}

/** Constants of the engine: dimensions, widths, depths, and the fields of a program word. */
export function eventConstants(network: QuantizedNetwork, plan: EventPlan, program: Program): Record<string, number> {
  const { grid, formats, depths, buffers, pixelInputs, pixelRows } = plan;
  const { config } = network;
  const rows = bankRows(plan);
  const { block, indexBits } = walkerBlock(grid);
  const { weightDigits: _, ...widths } = formats;
  const formatBits = Object.entries(widths).map(([name, bits]) => [name[0]!.toUpperCase() + name.slice(1), bits]);
  return {
    ...{ Lanes: grid.lanes, Neurons: grid.neurons, Timesteps: grid.timesteps },
    ...Object.fromEntries(formatBits),
    Identity: config.spe ? 0 : 1,
    Negative: hasNegativeScale(network) ? 1 : 0,
    Padding: plan.passes.some(({ write, outputs }) => write !== null && outputs.includes(null)) ? 1 : 0,
    ...{ Channels: config.inChannels, ImageHeight: config.imageHeight, ImageWidth: config.imageWidth },
    ...{ Patch: config.patchSize, PatchRows: plan.patchRows, Inputs: pixelInputs },
    ...{ PixelRows: pixelRows, PixelRowBits: unsignedBits(pixelRows - 1) },
    PixelBankBits: Math.max(1, clog2(pixelInputs)),
    LoaderAhead: config.imageWidth >= AHEAD_WIDTH ? 1 : 0,
    ...{ Classes: config.numClasses, ClassBits: unsignedBits(config.numClasses - 1) },
    ...{ SpikeRows: buffers.spikeRows, SpikeRowBits: unsignedBits(buffers.spikeRows - 1) },
    CurrentWords: buffers.currentWords,
    AxialRows: depths['axial-rows'],
    ...Object.fromEntries(rows.map((count, bank) => [`EventRows${bank}`, count])),
    EventRowBanks: rows.length,
    EventRowAddrBits: unsignedBits(depths['event-rows'] - 1),
    BankRowBits: unsignedBits(Math.min(BANK_ROWS, depths['event-rows']) - 1),
    ...{ ParamWords: depths.params, TokenWords: depths.tokens },
    ...{ Passes: program.words.length, PassBits: unsignedBits(program.words.length - 1) },
    ProgramBits: program.wordBits,
    ...program.widths,
    TagBits: formats.sumShiftBits + TAG_FLAGS,
    ...{ WalkerBlock: block, IndexBits: indexBits },
    ParamBits: eventParamBits(network, plan),
    TokenBits: eventTokenBits(plan),
    ...Object.fromEntries(program.fields.map(({ name, lsb }) => [fieldLsb(name), lsb])),
  };
}

/** Wires that are no program field, by width. */
const WIRE_WIDTHS: Readonly<Record<string, readonly string[]>> = {
  '1': [
    ...['rst', 'pixel_write', 'image_full', 'image_release', 'result_ready', 'pass_start', 'pass_done', 'neuron_done'],
    ...[
      'item_valid',
      'item_operand',
      'item_slice_first',
      'item_slice_last',
      'word_valid',
      'word_walk',
      'word_ready',
      'walk_valid',
      'walk_ready',
    ],
    ...['event_valid', 'event_ready', 'event_hit', 'event_last', 'lane_unsigned', 'round_end', 'round_load'],
    ...['result_shift', 'store_write', 'spike_write', 'head_start', 'sums_valid', 'sums_last', 'logit_valid'],
    ...['head_done', 'unused_finish'],
  ],
  PassBits: ['pass'],
  ProgramBits: ['program_word'],
  RowBits: ['operand_row', 'spike_write_row'],
  BankBits: ['spike_write_word'],
  PixelRowBits: ['pixel_write_row'],
  PixelBankBits: ['pixel_write_bank'],
  '8': ['pixel_write_data'],
  '3': ['item_plane'],
  'Inputs*8': ['pixel_row'],
  EventRowBits: ['item_weight_row', 'word_weight_row', 'walk_base', 'event_base', 'weight_row'],
  AxialRowBits: ['axial_row'],
  TagBits: ['item_tag', 'word_tag', 'walk_tag', 'event_tag', 'round_tag'],
  IndexBits: ['event_index'],
  Lanes: ['spike_word', 'word', 'walk_word', 'event_lanes', 'lane_spikes'],
  '2*WeightBits': ['axial_weight'],
  'Neurons*AccBits': ['results'],
  Neurons: ['spike_write_data'],
  ParamAddrBits: ['param_addr'],
  'Neurons*ParamBits': ['param'],
  TokenAddrBits: ['token_addr'],
  TokenBits: ['token'],
  StoreAddrBits: ['residual_addr', 'store_addr'],
  'Neurons*StoreBits': ['residual_data', 'store_data'],
  'Neurons*SumBits': ['sums'],
  ClassBits: ['head_bias_addr', 'logit_class', 'class_number'],
  HeadBiasBits: ['head_bias'],
  LogitBits: ['logit'],
};

function eventWires(plan: EventPlan, program: Program): Wire[] {
  const banks = bankRows(plan).map((_, bank) => ({ name: `weights_${bank}`, width: 'Lanes*WeightBits' }));
  const wires = Object.entries(WIRE_WIDTHS).flatMap(([width, names]) => names.map((name) => ({ name, width })));
  return [...wires, ...banks, ...fieldWires(program)];
}

/** Row 0 is zero: what an address that adds nothing reads. */
const AXIAL_MEMORY: StoredMemory = {
  kind: 'axial-rows',
  depth: 'AxialRows',
  width: '2*WeightBits',
  addr: 'axial_row',
  addrBits: 'AxialRowBits',
  data: 'axial_weight',
  comment: 'axial matrices: a weight for each half of the lanes',
};

/** Rows of every bank of the weight memory. */
function bankRows({ depths }: EventPlan): number[] {
  const rows = depths['event-rows'];
  return Array.from({ length: ceilDivide(rows, BANK_ROWS) }, (_, bank) => Math.min(BANK_ROWS, rows - bank * BANK_ROWS));
}

/** The banks of the weight memory: all but the one that is addressed give zero. */
function rowInstances(plan: EventPlan): Instance[] {
  return bankRows(plan).map((_, bank) => ({
    module: 'smx_gated_rom',
    name: `u_event_rows_${bank}`,
    comment: 'one row of Lanes weights per input; row 0 is zero',
    parameters: {
      ...{
        Width: 'Lanes*WeightBits',
        Depth: `EventRows${bank}`,
        AddrBits: 'EventRowAddrBits',
        WordBits: 'BankRowBits',
      },
      ...{ Bank: String(bank), File: fileParameter(`event-rows-${bank}`) },
    },
    ports: { clk_i: 'aclk', addr_i: lowBits('weight_row', 'EventRowAddrBits'), data_o: `weights_${bank}` },
  }));
}

function controlInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    rom(PROGRAM_MEMORY),
    {
      module: 'smx_sequencer',
      name: 'u_sequencer',
      comment: 'walks the layer program',
      parameters: sameParameters('smx_sequencer', constants),
      ports: {
        ...clocked,
        ...{ image_ready_i: 'image_full', image_release_o: 'image_release', result_ready_i: 'result_ready' },
        ...{ pass_o: 'pass', pixels_i: 'pass_pixels', head_i: 'pass_drain', last_i: 'pass_last' },
        ...{ start_o: 'pass_start', done_i: 'pass_done', image_done_o: 'image_done' },
        held_i: { constant: 0 },
        ...{ output_free_i: { constant: 1 } as const, finish_o: 'unused_finish' },
        ...{ busy_o: 'busy', cycles_o: 'cycles', stalls_o: 'stalls' },
      },
    },
    {
      module: 'smx_event_gather',
      name: 'u_gather',
      comment: 'addresses of operand words and weight rows',
      parameters: sameParameters('smx_event_gather', constants),
      ports: {
        ...clocked,
        ...{ start_i: 'pass_start', next_i: 'word_ready' },
        ...fieldPorts('smx_event_gather', program),
        ...{ valid_o: 'item_valid', operand_o: 'item_operand', row_o: 'operand_row', plane_o: 'item_plane' },
        ...{ slice_first_o: 'item_slice_first', slice_last_o: 'item_slice_last' },
        ...{ weight_row_o: 'item_weight_row', tag_o: 'item_tag' },
      },
    },
  ];
}

function operandInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    {
      module: 'smx_event_spike_memory',
      name: 'u_spikes',
      comment: 'all spike maps, words of Lanes channels, one timestep each',
      parameters: {
        ...{ Lanes: 'Lanes', Neurons: 'Neurons', Rows: 'SpikeRows', RowBits: 'RowBits', AddrBits: 'SpikeRowBits' },
        BankBits: 'BankBits',
      },
      ports: {
        clk_i: 'aclk',
        ...fieldPorts('smx_event_spike_memory', program),
        ...{ write_i: 'spike_write', write_row_i: 'spike_write_row', write_bank_i: 'spike_write_word' },
        ...{
          write_data_i: 'spike_write_data',
          read_i: 'word_ready',
          read_row_i: 'operand_row',
          read_data_o: 'spike_word',
        },
      },
    },
    {
      module: 'smx_event_operands',
      name: 'u_operands',
      comment: 'words of spikes or of bit planes',
      parameters: { ...sameParameters('smx_event_operands', constants), PixelInputs: 'Inputs' },
      ports: {
        ...clocked,
        next_i: 'word_ready',
        ...fieldPorts('smx_event_operands', program),
        ...{ valid_i: 'item_valid', operand_i: 'item_operand', plane_i: 'item_plane' },
        ...{ slice_first_i: 'item_slice_first', slice_last_i: 'item_slice_last' },
        ...{ weight_row_i: 'item_weight_row', tag_i: 'item_tag', spikes_i: 'spike_word', pixels_row_i: 'pixel_row' },
        ...{
          valid_o: 'word_valid',
          walk_o: 'word_walk',
          word_o: 'word',
          weight_row_o: 'word_weight_row',
          tag_o: 'word_tag',
        },
      },
    },
  ];
}

/** From words to events. */
function walkerInstances(): Instance[] {
  return [
    {
      module: 'smx_skid',
      name: 'u_skid',
      comment: 'what stops the walker stops the words before it a cycle later',
      parameters: { Width: 'Lanes+EventRowBits+TagBits' },
      ports: {
        ...clocked,
        ...{
          valid_i: 'word_valid',
          ready_o: 'word_ready',
          data_i: { concat: ['word', 'word_weight_row', 'word_tag'] },
        },
        ...{ valid_o: 'walk_valid', ready_i: 'walk_ready', data_o: { concat: ['walk_word', 'walk_base', 'walk_tag'] } },
      },
    },
    {
      module: 'smx_walker',
      name: 'u_walker',
      comment: 'one event per spike',
      parameters: {
        Width: 'Lanes',
        Block: 'WalkerBlock',
        BaseBits: 'EventRowBits',
        TagBits: 'TagBits',
        IndexBits: 'IndexBits',
      },
      ports: {
        ...clocked,
        ...{ valid_i: 'walk_valid', ready_o: 'walk_ready', walk_i: 'word_walk', word_i: 'walk_word' },
        ...{ base_i: 'walk_base', tag_i: 'walk_tag', valid_o: 'event_valid', ready_i: 'event_ready' },
        ...{ hit_o: 'event_hit', index_o: 'event_index', base_o: 'event_base', lanes_o: 'event_lanes' },
        ...{ last_o: 'event_last', tag_o: 'event_tag' },
      },
    },
  ];
}

function eventInstances(plan: EventPlan, program: Program, constants: Record<string, number>): Instance[] {
  const banks = bankRows(plan).map((_, bank) => `weights_${bank}`);
  return [
    ...walkerInstances(),
    {
      module: 'smx_event_issue',
      name: 'u_issue',
      comment: 'weight rows of the events, ends of rounds',
      parameters: sameParameters('smx_event_issue', constants),
      ports: {
        ...clocked,
        ...fieldPorts('smx_event_issue', program),
        ...{ valid_i: 'event_valid', ready_o: 'event_ready', hit_i: 'event_hit', index_i: 'event_index' },
        ...{ base_i: 'event_base', lanes_i: 'event_lanes', last_i: 'event_last', tag_i: 'event_tag' },
        ...{ weight_row_o: 'weight_row', axial_row_o: 'axial_row', lanes_o: 'lane_spikes' },
        ...{ unsigned_o: 'lane_unsigned', end_o: 'round_end', load_o: 'round_load', tag_o: 'round_tag' },
      },
    },
    ...rowInstances(plan),
    rom(AXIAL_MEMORY),
    {
      module: 'smx_event_array',
      name: 'u_array',
      comment: 'event-driven lanes: one weight row a cycle',
      parameters: { ...sameParameters('smx_event_array', constants), Banks: 'EventRowBanks' },
      ports: {
        ...clocked,
        ...fieldPorts('smx_event_array', program),
        ...{
          row_i: { concat: banks.reverse() },
          unsigned_i: 'lane_unsigned',
          spikes_i: 'lane_spikes',
          axial_weight_i: 'axial_weight',
        },
        ...{ end_i: 'round_end', load_i: 'round_load', shift_i: 'result_shift', results_o: 'results' },
      },
    },
  ];
}

function neuronInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    ...NEURON_MEMORIES.map(rom),
    {
      module: 'smx_ram',
      name: 'u_currents',
      comment: 'h, its partial sums and h + tok of Neurons outputs, units 2^-F',
      parameters: { Width: 'Neurons*StoreBits', Depth: 'CurrentWords', AddrBits: 'StoreAddrBits' },
      ports: {
        clk_i: 'aclk',
        ...{ write_i: 'store_write', write_addr_i: 'store_addr', write_data_i: 'store_data', read_i: { constant: 1 } },
        ...{ read_addr_i: 'residual_addr', read_data_o: 'residual_data' },
      },
    },
    {
      module: 'smx_event_neuron_unit',
      name: 'u_neuron_unit',
      comment: 'ALIGN, bias, token scale, residual, LIF: Neurons outputs of one timestep a cycle',
      parameters: sameParameters('smx_event_neuron_unit', constants),
      ports: {
        ...clocked,
        start_i: 'pass_start',
        ...fieldPorts('smx_event_neuron_unit', program),
        ...{ round_valid_i: 'round_load', tag_i: 'round_tag', shift_o: 'result_shift', results_i: 'results' },
        ...{ param_addr_o: 'param_addr', param_i: 'param', token_addr_o: 'token_addr', token_i: 'token' },
        ...{ residual_addr_o: 'residual_addr', residual_data_i: 'residual_data' },
        ...{ store_o: 'store_write', store_addr_o: 'store_addr', store_data_o: 'store_data' },
        ...{ write_o: 'spike_write', write_row_o: 'spike_write_row', write_bank_o: 'spike_write_word' },
        ...{ write_data_o: 'spike_write_data', head_start_o: 'head_start', sums_valid_o: 'sums_valid' },
        ...{ sums_last_o: 'sums_last', sums_o: 'sums', done_o: 'neuron_done' },
      },
    },
  ];
}

/** Structure of the accelerator `name` of a network; see makeEngine. */
export function makeEventEngine(
  name: string,
  header: readonly string[],
  network: QuantizedNetwork,
  plan: EventPlan,
  program: Program,
  images: ImagePaths,
): Structure {
  const constants = eventConstants(network, plan, program);
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants,
    strings: Object.fromEntries(Object.entries(images).map(([kind, path]) => [fileParameter(kind), path])),
    ports: ACCELERATOR_PORTS,
    wires: eventWires(plan, program),
    instances: [
      RESET_INSTANCE,
      ...inputInstances({ constant: 0 }, 'word_ready', 'smx_event_pixel_memory', { Ahead: 'LoaderAhead' }),
      ...controlInstances(program, constants),
      ...operandInstances(program, constants),
      ...eventInstances(plan, program, constants),
      ...neuronInstances(program, constants),
      rom(HEAD_MEMORY),
      ...resultInstances(constants, {
        ...{ lanes: 'Neurons', accBits: 'SumBits', start: 'head_start', head: 'pass_drain' },
        ...{ valid: 'sums_valid', last: 'sums_last', results: 'sums' },
      }),
    ],
  };
}
