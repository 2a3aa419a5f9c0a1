/** The two arrays. */
import type { Connection, Instance } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';
import { tablePorts } from './tables.js';

function spikeArray(constants: Record<string, number>): Instance {
  const isTables = 'PlaceBits' in constants;
  const module = isTables ? 'smx_table_array' : 'smx_spike_array';
  return {
    module,
    name: 'u_spike_array',
    comment: `${isTables ? 'tables' : 'dense lanes'}: Lanes x Inputs x T additions a cycle`,
    parameters: sameParameters(module, constants),
    ports: {
      ...clocked,
      lane_wise_i: 'lane_wise_operands',
      spikes_i: 'dense_spikes',
      weights_i: 'spike_weights',
      lane_spikes_i: 'lane_spikes',
      lane_weight_i: 'axial_weight',
      ...(isTables
        ? { ...tablePorts('i'), dense_i: 'pass_group_order', lane_last_i: 'operand_last' }
        : { last_i: 'operand_last' }),
      results_o: 'results',
    },
  };
}

export function arrayInstances(constants: Record<string, number>): Instance[] {
  const flags = ['group_last', 'inner_last', 'outer_last', ...('GroupOrder' in constants ? ['pass_last'] : [])];
  const behind = (first: string, prefix: string): Connection => {
    return { concat: [first, ...flags.map((flag) => `${prefix}_${flag}`)] };
  };
  return [
    spikeArray(constants),
    {
      module: 'smx_plane_array',
      name: 'u_plane_array',
      comment: 'bit planes of pixels, timesteps of the head: Lanes x Inputs additions a cycle',
      parameters: { Lanes: 'Lanes', Inputs: 'Inputs', WeightBits: 'PlaneWeightBits', AccBits: 'PlaneAccBits' },
      ports: {
        ...clocked,
        silent_i: 'plane_silent',
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
      parameters: { Width: String(1 + flags.length), Stages: 'TileLatency' },
      ports: {
        ...clocked,
        data_i: behind('tile_last', 'tile'),
        data_o: behind('done_valid', 'done'),
      },
    },
  ];
}
