/** The generated top: one engine as a structure of library modules. Structure only: nothing here computes. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { unsignedBits } from './bits.js';
import { clog2 } from './expression.js';
import { arrayLatency } from './plan/pass.js';
import type { Plan } from './plan/plan.js';
import type { Program } from './program.js';
import { libraryModule } from './verilog/library.js';
import type { Connection, Instance, Port, Structure, Wire } from './verilog/structure.js';

/** snake_case to UpperCamelCase: `outer_last` to `OuterLast`. */
function upperCamel(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** kebab-case kind of a memory image to the name of its path parameter: `spike-weights` to `SpikeWeightsFile`. */
export function fileParameter(kind: string): string {
  return `${upperCamel(kind.replaceAll('-', '_'))}File`;
}

/** Constant with the lowest bit of a program field. */
function fieldLsb(name: string): string {
  return `Pass${upperCamel(name)}Lsb`;
}

/** Constants of the engine: dimensions of the grid, widths, depths, and the fields of a program word. */
export function engineConstants(network: QuantizedNetwork, plan: Plan, program: Program): Record<string, number> {
  const { grid, formats, depths, buffers } = plan;
  const { config } = network;
  const fields = program.fields.map(({ name, lsb }) => [fieldLsb(name), lsb]);
  return {
    Lanes: grid.lanes,
    Inputs: grid.inputs,
    Neurons: grid.neurons,
    Timesteps: grid.timesteps,
    RowSlots: grid.rowSlots,
    RowWords: grid.rowWords,
    RowSlices: grid.rowSlices,
    ...Object.fromEntries(
      Object.entries(formats).map(([name, bits]) => [name[0]!.toUpperCase() + name.slice(1), bits]),
    ),
    Identity: config.spe ? 0 : 1,
    Channels: config.inChannels,
    ImageHeight: config.imageHeight,
    ImageWidth: config.imageWidth,
    Patch: config.patchSize,
    PatchRows: plan.patchRows,
    PixelRows: plan.pixelRows,
    PixelRowBits: unsignedBits(plan.pixelRows - 1),
    PixelBankBits: Math.max(1, clog2(grid.inputs)),
    Classes: config.numClasses,
    ClassBits: unsignedBits(config.numClasses - 1),
    SpikeRows: buffers.spikeRows,
    SpikeRowBits: unsignedBits(buffers.spikeRows - 1),
    CurrentWords: buffers.currentWords,
    SpikeWeightWords: depths['spike-weights'],
    PlaneWeightWords: depths['plane-weights'],
    AxialWeightWords: depths['axial-weights'],
    ParamWords: depths.params,
    TokenWords: depths.tokens,
    Passes: program.words.length,
    PassBits: unsignedBits(program.words.length - 1),
    ProgramBits: program.wordBits,
    ...program.widths,
    PlaneBits: Math.max(3, clog2(grid.timesteps)),
    TileLatency: arrayLatency(grid),
    ParamBits: formats.biasBits + formats.shiftBits + (config.spe ? 0 : 8),
    TokenBits: formats.digits * (formats.exponentBits + 2) + formats.tokenBiasBits + formats.thetaBits,
    ...Object.fromEntries(fields),
  };
}

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
    ...['operand_double', 'operand_last', 'store_write', 'spike_write', 'logit_valid', 'head_done'],
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
  Inputs: ['plane_bits'],
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

function engineWires(program: Program): Wire[] {
  const wires = Object.entries(WIRE_WIDTHS).flatMap(([width, names]) => names.map((name) => ({ name, width })));
  const fields = program.fields.map(({ name, width, comment }) => ({
    name: `pass_${name}`,
    width,
    field: { of: 'program_word', lsb: fieldLsb(name) },
    comment,
  }));
  return [...wires, ...fields];
}

/** Ports of a module that carry program fields of their name, such as `outer_last_i`. */
function fieldPorts(module: string, program: Program): Record<string, Connection> {
  const { ports } = libraryModule(module);
  const fields = program.fields.filter(({ name }) => ports.has(`${name}_i`));
  return Object.fromEntries(fields.map(({ name }) => [`${name}_i`, `pass_${name}`]));
}

/** Parameters of a module that are constants of the same name. */
function sameParameters(module: string, constants: Readonly<Record<string, number>>): Record<string, string> {
  const names = [...libraryModule(module).parameters.keys()].filter((name) => name in constants);
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** An address for a memory that is smaller than the address space of its wire. */
function lowBits(wire: string, width: string): Connection {
  return { wire, lsb: '0', width };
}

const clocked = { clk_i: 'aclk', rst_i: 'rst' } as const;

/** A memory with an image; the address takes the low bits of a shared address wire. */
function rom(
  kind: string,
  depth: string,
  width: string,
  addr: Connection,
  addrBits: string,
  data: string,
  comment: string,
): Instance {
  return {
    module: 'smx_rom',
    name: `u_${kind.replaceAll('-', '_')}`,
    comment,
    parameters: { Width: width, Depth: depth, AddrBits: addrBits, File: fileParameter(kind) },
    ports: { clk_i: 'aclk', addr_i: addr, data_o: data },
  };
}

function inputInstances(): Instance[] {
  return [
    {
      module: 'smx_reset',
      name: 'u_reset',
      comment: 'reset in step with the clock',
      parameters: {},
      ports: { clk_i: 'aclk', aresetn_i: 'aresetn', rst_o: 'rst' },
    },
    {
      module: 'smx_image_loader',
      name: 'u_image_loader',
      comment: 'pixels [channel, row, column] into patch order',
      parameters: {
        Channels: 'Channels',
        Height: 'ImageHeight',
        Width: 'ImageWidth',
        Patch: 'Patch',
        Inputs: 'Inputs',
        PatchRows: 'PatchRows',
        RowBits: 'PixelRowBits',
        BankBits: 'PixelBankBits',
      },
      ports: {
        ...clocked,
        s_axis_tvalid_i: 's_axis_image_tvalid',
        s_axis_tready_o: 's_axis_image_tready',
        s_axis_tdata_i: 's_axis_image_tdata',
        s_axis_tlast_i: 's_axis_image_tlast',
        write_o: 'pixel_write',
        write_row_o: 'pixel_write_row',
        write_bank_o: 'pixel_write_bank',
        write_data_o: 'pixel_write_data',
        full_o: 'image_full',
        release_i: 'image_release',
        frame_error_o: 'frame_error',
      },
    },
    {
      module: 'smx_pixel_memory',
      name: 'u_pixels',
      comment: 'one image, uint8, rows of Inputs pixels of one patch',
      parameters: { Inputs: 'Inputs', Rows: 'PixelRows', RowBits: 'PixelRowBits', BankBits: 'PixelBankBits' },
      ports: {
        clk_i: 'aclk',
        write_i: 'pixel_write',
        write_row_i: 'pixel_write_row',
        write_bank_i: 'pixel_write_bank',
        write_data_i: 'pixel_write_data',
        read_row_i: lowBits('operand_row', 'PixelRowBits'),
        read_data_o: 'pixel_row',
      },
    },
  ];
}

function controlInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    rom('program', 'Passes', 'ProgramBits', 'pass', 'PassBits', 'program_word', 'layer program, one word per pass'),
    {
      module: 'smx_sequencer',
      name: 'u_sequencer',
      comment: 'walks the layer program',
      parameters: sameParameters('smx_sequencer', constants),
      ports: {
        ...clocked,
        image_ready_i: 'image_full',
        image_release_o: 'image_release',
        result_ready_i: 'result_ready',
        pass_o: 'pass',
        pixels_i: 'pass_pixels',
        head_i: 'pass_head',
        last_i: 'pass_last',
        start_o: 'pass_start',
        done_i: 'pass_done',
        image_done_o: 'image_done',
        busy_o: 'busy',
        cycles_o: 'cycles',
        stalls_o: 'stalls',
      },
    },
    {
      module: 'smx_gather',
      name: 'u_gather',
      comment: 'addresses of operands and weights',
      parameters: sameParameters('smx_gather', constants),
      ports: {
        ...clocked,
        start_i: 'pass_start',
        ...fieldPorts('smx_gather', program),
        valid_o: 'operand_valid',
        row_o: 'operand_row',
        slice_o: 'operand_slice',
        word_o: 'operand_word',
        plane_o: 'operand_plane',
        weight_addr_o: 'weight_addr',
        double_o: 'doubling',
        tile_last_o: 'tile_last',
        group_last_o: 'tile_group_last',
        inner_last_o: 'tile_inner_last',
        outer_last_o: 'tile_outer_last',
      },
    },
  ];
}

function operandInstances(constants: Record<string, number>): Instance[] {
  return [
    {
      module: 'smx_spike_memory',
      name: 'u_spikes',
      comment: 'all spike maps, rows of RowSlots channels x T',
      parameters: {
        WordBits: 'Lanes*Timesteps',
        RowWords: 'RowWords',
        Rows: 'SpikeRows',
        RowBits: 'SpikeRowBits',
        WordSelectBits: 'WordSelectBits',
      },
      ports: {
        clk_i: 'aclk',
        write_i: 'spike_write',
        write_row_i: lowBits('spike_write_row', 'SpikeRowBits'),
        write_word_i: 'spike_write_word',
        write_data_i: 'spike_write_data',
        read_row_i: lowBits('operand_row', 'SpikeRowBits'),
        read_data_o: 'spike_row',
      },
    },
    {
      module: 'smx_operands',
      name: 'u_operands',
      comment: 'picks slice, word or plane out of the rows',
      parameters: sameParameters('smx_operands', constants),
      ports: {
        ...clocked,
        valid_i: 'operand_valid',
        slice_i: 'operand_slice',
        word_i: 'operand_word',
        plane_i: 'operand_plane',
        double_i: 'doubling',
        last_i: 'tile_last',
        lane_wise_i: 'pass_lane_wise',
        planes_i: 'pass_planes',
        pixels_i: 'pass_pixels',
        row_i: 'spike_row',
        pixels_row_i: 'pixel_row',
        lane_wise_o: 'lane_wise_operands',
        double_o: 'operand_double',
        last_o: 'operand_last',
        spikes_o: 'dense_spikes',
        lane_spikes_o: 'lane_spikes',
        plane_o: 'plane_bits',
      },
    },
  ];
}

function arrayInstances(constants: Record<string, number>): Instance[] {
  const weightRom = (kind: string, prefix: string, width: string, data: string, comment: string): Instance =>
    rom(kind, `${prefix}Words`, width, lowBits('weight_addr', `${prefix}AddrBits`), `${prefix}AddrBits`, data, comment);
  return [
    weightRom(
      'spike-weights',
      'SpikeWeight',
      'Lanes*Inputs*WeightBits',
      'spike_weights',
      'SPE, patch step, fuse, fc1, fc2: lanes x inputs a word',
    ),
    weightRom(
      'plane-weights',
      'PlaneWeight',
      'Lanes*Inputs*PlaneWeightBits',
      'plane_weights',
      'patch embedding and head: lanes x inputs a word',
    ),
    weightRom('axial-weights', 'AxialWeight', 'WeightBits', 'axial_weight', 'axial matrices: one weight a word'),
    {
      module: 'smx_spike_array',
      name: 'u_spike_array',
      comment: 'dense lanes: Lanes x Inputs x T additions a cycle',
      parameters: sameParameters('smx_spike_array', constants),
      ports: {
        ...clocked,
        lane_wise_i: 'lane_wise_operands',
        spikes_i: 'dense_spikes',
        weights_i: 'spike_weights',
        lane_spikes_i: 'lane_spikes',
        lane_weight_i: 'axial_weight',
        last_i: 'operand_last',
        results_o: 'results',
      },
    },
    {
      module: 'smx_plane_array',
      name: 'u_plane_array',
      comment: 'bit planes of pixels, timesteps of the head: Lanes x Inputs additions a cycle',
      parameters: { Lanes: 'Lanes', Inputs: 'Inputs', WeightBits: 'PlaneWeightBits', AccBits: 'PlaneAccBits' },
      ports: {
        ...clocked,
        plane_i: 'plane_bits',
        weights_i: 'plane_weights',
        double_i: 'operand_double',
        last_i: 'operand_last',
        results_o: 'plane_results',
      },
    },
    {
      module: 'smx_delay',
      name: 'u_tile_flags',
      comment: 'flags of a tile, in step with its results',
      parameters: { Width: '4', Stages: 'TileLatency' },
      ports: {
        ...clocked,
        data_i: { concat: ['tile_last', 'tile_group_last', 'tile_inner_last', 'tile_outer_last'] },
        data_o: { concat: ['done_valid', 'done_group_last', 'done_inner_last', 'done_outer_last'] },
      },
    },
  ];
}

function neuronInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    rom(
      'params',
      'ParamWords',
      'Neurons*ParamBits',
      'param_addr',
      'ParamAddrBits',
      'param',
      '{identity weight, shift, bias} of Neurons outputs',
    ),
    rom(
      'tokens',
      'TokenWords',
      'TokenBits',
      'token_addr',
      'TokenAddrBits',
      'token',
      '{scale digits, token bias, theta2} of a token',
    ),
    {
      module: 'smx_ram',
      name: 'u_currents',
      comment: 'h, its partial sums and h + tok of Neurons outputs, units 2^-F',
      parameters: { Width: 'Neurons*StoreBits', Depth: 'CurrentWords', AddrBits: 'StoreAddrBits' },
      ports: {
        clk_i: 'aclk',
        write_i: 'store_write',
        write_addr_i: 'store_addr',
        write_data_i: 'store_data',
        read_addr_i: 'residual_addr',
        read_data_o: 'residual_data',
      },
    },
    {
      module: 'smx_neuron_unit',
      name: 'u_neuron_unit',
      comment: 'ALIGN, bias, token scale, residual, LIF: Neurons outputs of one timestep a cycle',
      parameters: sameParameters('smx_neuron_unit', constants),
      ports: {
        ...clocked,
        start_i: 'pass_start',
        ...fieldPorts('smx_neuron_unit', program),
        tile_valid_i: 'done_valid',
        tile_group_last_i: 'done_group_last',
        tile_inner_last_i: 'done_inner_last',
        tile_outer_last_i: 'done_outer_last',
        results_i: 'results',
        plane_results_i: 'plane_results',
        param_addr_o: 'param_addr',
        param_i: 'param',
        token_addr_o: 'token_addr',
        token_i: 'token',
        residual_addr_o: 'residual_addr',
        residual_data_i: 'residual_data',
        store_o: 'store_write',
        store_addr_o: 'store_addr',
        store_data_o: 'store_data',
        write_o: 'spike_write',
        write_row_o: 'spike_write_row',
        write_word_o: 'spike_write_word',
        write_data_o: 'spike_write_data',
        done_o: 'neuron_done',
      },
    },
  ];
}

function outputInstances(constants: Record<string, number>): Instance[] {
  return [
    rom('head-bias', 'Classes', 'HeadBiasBits', 'head_bias_addr', 'ClassBits', 'head_bias', 'B_k of every class'),
    {
      module: 'smx_head',
      name: 'u_head',
      comment: 'logits and argmax',
      parameters: { ...sameParameters('smx_head', constants), AccBits: 'PlaneAccBits', BiasBits: 'HeadBiasBits' },
      ports: {
        ...clocked,
        start_i: 'pass_start',
        head_i: 'pass_head',
        tile_valid_i: 'done_valid',
        tile_group_last_i: 'done_group_last',
        results_i: 'plane_results',
        bias_addr_o: 'head_bias_addr',
        bias_i: 'head_bias',
        neuron_done_i: 'neuron_done',
        logit_valid_o: 'logit_valid',
        logit_class_o: 'logit_class',
        logit_o: 'logit',
        done_o: 'head_done',
        pass_done_o: 'pass_done',
        class_o: 'class_number',
      },
    },
    {
      module: 'smx_result_stream',
      name: 'u_result_stream',
      comment: 'class and logits, 32 bits a beat',
      parameters: sameParameters('smx_result_stream', constants),
      ports: {
        ...clocked,
        logit_valid_i: 'logit_valid',
        logit_class_i: 'logit_class',
        logit_i: 'logit',
        done_i: 'head_done',
        class_i: 'class_number',
        ready_o: 'result_ready',
        m_axis_tvalid_o: 'm_axis_result_tvalid',
        m_axis_tready_i: 'm_axis_result_tready',
        m_axis_tdata_o: 'm_axis_result_tdata',
        m_axis_tlast_o: 'm_axis_result_tlast',
      },
    },
  ];
}

/** Paths of the memory images, relative to the folder in which the design is simulated or synthesized. */
export type ImagePaths = Readonly<Record<string, string>>;

/**
 * Structure of the accelerator `name` of a network.
 *
 * @param header comment lines for both generated files: tool, digests, how to regenerate.
 */
export function makeEngine(
  name: string,
  header: readonly string[],
  network: QuantizedNetwork,
  plan: Plan,
  program: Program,
  images: ImagePaths,
): Structure {
  const words = plan.depths;
  const constants = {
    ...engineConstants(network, plan, program),
    SpikeWeightAddrBits: unsignedBits(words['spike-weights'] - 1),
    PlaneWeightAddrBits: unsignedBits(words['plane-weights'] - 1),
    AxialWeightAddrBits: unsignedBits(words['axial-weights'] - 1),
  };
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants,
    strings: Object.fromEntries(Object.entries(images).map(([kind, path]) => [fileParameter(kind), path])),
    ports: ACCELERATOR_PORTS,
    wires: engineWires(program),
    instances: [
      ...inputInstances(),
      ...controlInstances(program, constants),
      ...operandInstances(constants),
      ...arrayInstances(constants),
      ...neuronInstances(program, constants),
      ...outputInstances(constants),
    ],
  };
}
