/** The two arrays. */
import type { Instance } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';

export function arrayInstances(constants: Record<string, number>): Instance[] {
  return [
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
