/** The neuron unit with the memory of its currents. */
import type { Program } from '../program.js';
import type { Instance } from '../verilog/structure.js';
import { clocked, orderedPorts, sameParameters } from './connect.js';

export function neuronMemories(): Instance[] {
  return [
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
        read_i: { constant: 1 },
        read_addr_i: 'residual_addr',
        read_data_o: 'residual_data',
      },
    },
  ];
}

export function neuronInstances(program: Program, constants: Record<string, number>): Instance[] {
  return [
    {
      module: 'smx_neuron_unit',
      name: 'u_neuron_unit',
      comment: 'ALIGN, bias, token scale, residual, LIF: Neurons outputs of one timestep a cycle',
      parameters: sameParameters('smx_neuron_unit', constants),
      ports: {
        ...clocked,
        start_i: 'pass_start',
        ...orderedPorts('smx_neuron_unit', program),
        tile_valid_i: 'done_valid',
        tile_group_last_i: 'done_group_last',
        tile_inner_last_i: 'done_inner_last',
        tile_outer_last_i: 'done_outer_last',
        tile_pass_last_i: 'GroupOrder' in constants ? 'done_pass_last' : 'done_outer_last',
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
