/** The program, the sequencer, the addresses, and the operands that they pick. */
import type { Program } from '../program.js';
import type { Connection, Instance } from '../verilog/structure.js';
import { clocked, orderedPorts, rom, sameParameters } from './connect.js';
import { hasLines, lineBuffer, linePorts } from './lines.js';
import { digitPorts, hasSharedPlanes } from './planes.js';
import { PROGRAM_MEMORY } from './stored-memories.js';
import { tablePorts } from './tables.js';

/** @param imageReady wire: an image may start. */
export function controlInstances(program: Program, constants: Record<string, number>, imageReady: string): Instance[] {
  const isExternal = 'WeightRingWords' in constants;
  return [
    rom(PROGRAM_MEMORY),
    {
      module: 'smx_sequencer',
      name: 'u_sequencer',
      comment: 'walks the layer program',
      parameters: sameParameters('smx_sequencer', constants),
      ports: {
        ...clocked,
        image_ready_i: imageReady,
        output_free_i: { constant: 1 },
        image_release_o: 'image_release',
        result_ready_i: 'result_ready',
        pass_o: 'pass',
        pixels_i: 'pass_pixels',
        head_i: 'pass_head',
        last_i: 'pass_last',
        start_o: 'pass_start',
        held_i: isExternal ? 'weight_held' : { constant: 0 },
        done_i: 'pass_done',
        finish_o: 'unused_finish',
        image_done_o: 'image_done',
        busy_o: 'busy',
        cycles_o: 'cycles',
        stalls_o: 'stalls',
      },
    },
    gatherInstance(program, constants),
  ];
}

/** With tables or lines, also what leads them. */
function gatherInstance(program: Program, constants: Record<string, number>): Instance {
  const isTables = 'PlaceBits' in constants;
  const isLines = hasLines(constants);
  const module = isTables ? 'smx_table_gather' : isLines ? 'smx_line_gather' : 'smx_gather';
  return {
    module,
    name: 'u_gather',
    comment: 'addresses of operands and weights',
    parameters: sameParameters(module, constants),
    ports: {
      ...clocked,
      start_i: 'pass_start',
      ...orderedPorts(module, program),
      ...(isTables ? tablePorts('o') : { ...holdPorts(constants), ...digitPorts(constants) }),
      ...(isLines ? linePorts('o') : {}),
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
      pass_last_o: 'GroupOrder' in constants ? 'tile_pass_last' : 'unused_tile_pass_last',
    },
  };
}

/** Weights from outside may be late. */
function holdPorts(constants: Record<string, number>): Record<string, Connection> {
  const isExternal = 'WeightRingWords' in constants;
  return {
    hold_i: isExternal ? 'weight_hold' : { constant: 0 },
    step_o: isExternal ? 'operand_step' : 'unused_operand_step',
    held_o: isExternal ? 'weight_held' : 'unused_held',
  };
}

export function operandInstances(constants: Record<string, number>): Instance[] {
  return [
    {
      module: 'smx_spike_memory',
      name: 'u_spikes',
      comment: 'all spike maps, rows of RowSlots channels x T',
      parameters: {
        WordBits: 'Lanes*Timesteps',
        RowWords: 'RowWords',
        Rows: 'SpikeRows',
        RowBits: 'RowBits',
        AddrBits: 'SpikeRowBits',
        WordSelectBits: 'WordSelectBits',
      },
      ports: {
        clk_i: 'aclk',
        write_i: 'spike_write',
        write_row_i: 'spike_write_row',
        write_word_i: 'spike_write_word',
        write_data_i: 'spike_write_data',
        read_row_i: 'operand_row',
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
        digit_i: hasSharedPlanes(constants) ? 'operand_digit' : { constant: 0 },
        double_i: 'doubling',
        last_i: 'tile_last',
        lane_wise_i: 'pass_lane_wise',
        planes_i: 'pass_planes',
        pixels_i: 'pass_pixels',
        row_i: 'spike_row',
        pixels_row_i: 'pixel_row',
        lane_wise_o: hasLines(constants) ? 'unused_lane_wise' : 'lane_wise_operands',
        double_o: 'operand_double',
        last_o: 'operand_last',
        spikes_o: 'dense_spikes',
        lane_spikes_o: hasLines(constants) ? 'lane_word' : 'lane_spikes',
        plane_silent_o: hasSharedPlanes(constants) ? 'unused_plane_silent' : 'plane_silent',
      },
    },
    ...(hasLines(constants) ? [lineBuffer(constants)] : []),
  ];
}
