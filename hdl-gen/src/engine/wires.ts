/** Ports and wires of the generated top. */
import type { Program } from '../program.js';
import type { Port, Wire } from '../verilog/structure.js';
import { lineWires, WIDER_WIRES } from './lines.js';
import { fieldLsb } from './names.js';
import { OWN_PLANE_WIRES, planeWires } from './planes.js';
import { tableWires } from './tables.js';

/** Ports of every generated accelerator. */
export const ACCELERATOR_PORTS: readonly Port[] = [
  { name: 'aclk', direction: 'input', width: '1', comment: 'clock of everything' },
  { name: 'aresetn', direction: 'input', width: '1', comment: 'synchronous reset, active low' },
  {
    name: 's_axis_image_tvalid',
    direction: 'input',
    width: '1',
    comment: 'AXI4-Stream: uint8 pixels, [channel, row, column]',
  },
  { name: 's_axis_image_tready', direction: 'output', width: '1', comment: '' },
  { name: 's_axis_image_tdata', direction: 'input', width: '8', comment: '' },
  { name: 's_axis_image_tlast', direction: 'input', width: '1', comment: 'last pixel of an image' },
  { name: 'm_axis_result_tvalid', direction: 'output', width: '1', comment: 'AXI4-Stream: class, then signed logits' },
  { name: 'm_axis_result_tready', direction: 'input', width: '1', comment: '' },
  { name: 'm_axis_result_tdata', direction: 'output', width: '32', comment: '' },
  { name: 'm_axis_result_tlast', direction: 'output', width: '1', comment: 'last logit of an image' },
  { name: 'busy', direction: 'output', width: '1', comment: 'an image is being worked on' },
  { name: 'image_done', direction: 'output', width: '1', comment: 'pulse: the counters hold for this image' },
  { name: 'cycles', direction: 'output', width: '32', comment: 'cycles of the image without stalls' },
  { name: 'stalls', direction: 'output', width: '32', comment: 'cycles that the image waited for the result stream' },
  {
    name: 'frame_error',
    direction: 'output',
    width: '1',
    comment: 'pulse: an image with a misplaced tlast was dropped',
  },
].map((port) => ({ ...port, direction: port.direction as Port['direction'] }));

/** Wires that are no program field, by width. */
const WIRE_WIDTHS: Readonly<Record<string, readonly string[]>> = {
  '1': [
    ...['rst', 'pixel_write', 'image_full', 'image_release', 'result_ready', 'pass_start', 'pass_done', 'neuron_done'],
    ...['operand_valid', 'doubling', 'tile_last', 'tile_group_last', 'tile_inner_last', 'tile_outer_last'],
    ...['done_valid', 'done_group_last', 'done_inner_last', 'done_outer_last', 'lane_wise_operands'],
    ...['operand_double', 'operand_last', 'store_write', 'spike_write', 'logit_valid', 'head_done', 'unused_finish'],
  ],
  PassBits: ['pass'],
  ProgramBits: ['program_word'],
  RowBits: ['operand_row', 'spike_write_row'],
  PixelRowBits: ['pixel_write_row'],
  PixelBankBits: ['pixel_write_bank'],
  '8': ['pixel_write_data'],
  'Inputs*8': ['pixel_row'],
  SliceSelectBits: ['operand_slice'],
  WordSelectBits: ['operand_word', 'spike_write_word'],
  PlaneBits: ['operand_plane'],
  WeightAddrBits: ['weight_addr'],
  'RowSlots*Timesteps': ['spike_row'],
  'Inputs*Timesteps': ['dense_spikes'],
  'Lanes*Timesteps': ['lane_spikes', 'spike_write_data'],
  Inputs: ['plane_silent'],
  'Lanes*Inputs*WeightBits': ['spike_weights'],
  'Lanes*Inputs*PlaneWeightBits': ['plane_weights'],
  WeightBits: ['axial_weight'],
  'Lanes*Timesteps*AccBits': ['results'],
  'Lanes*PlaneAccBits': ['plane_results'],
  ParamAddrBits: ['param_addr'],
  'Neurons*ParamBits': ['param'],
  TokenAddrBits: ['token_addr'],
  TokenBits: ['token'],
  StoreAddrBits: ['residual_addr', 'store_addr'],
  'Neurons*StoreBits': ['residual_data', 'store_data'],
  ClassBits: ['head_bias_addr', 'logit_class', 'class_number'],
  HeadBiasBits: ['head_bias'],
  LogitBits: ['logit'],
};

/** One wire for every field of the program word. */
export function fieldWires(program: Program): Wire[] {
  return program.fields.map(({ name, width, comment }) => ({
    name: `pass_${name}`,
    width,
    field: { of: 'program_word', lsb: fieldLsb(name) },
    comment,
  }));
}

export function engineWires(program: Program): Wire[] {
  const hasLines = program.fields.some(({ name }) => name === 'line');
  const all = Object.entries(WIRE_WIDTHS).flatMap(([width, names]) => names.map((name) => ({ name, width })));
  const isShared = program.fields.some(({ name }) => name === 'digit_last');
  const own = isShared ? all.filter(({ name }) => !OWN_PLANE_WIRES.has(name)) : all;
  const wires = hasLines ? [...own.filter(({ name }) => !WIDER_WIRES.has(name)), ...lineWires()] : own;
  const isOrdered = program.fields.some(({ name }) => name === 'group_order');
  const isExternal = program.fields.some(({ name }) => name === 'external');
  const tables = program.fields.some(({ name }) => name === 'block_last') ? tableWires() : [];
  const flags = [
    ...(isOrdered ? ['tile_pass_last', 'done_pass_last'] : ['unused_tile_pass_last']),
    ...(isExternal || tables.length > 0 ? [] : ['unused_operand_step', 'unused_held']),
  ];
  const planes = tables.length > 0 ? [] : planeWires(isShared, isExternal);
  return [...wires, ...planes, ...tables, ...flags.map((name) => ({ name, width: '1' })), ...fieldWires(program)];
}
