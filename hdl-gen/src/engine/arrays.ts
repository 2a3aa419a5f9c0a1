/** The arrays. */
import type { Connection, Instance } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';
import { hasSharedPlanes, planeArray, planePorts } from './planes.js';
import { tablePorts } from './tables.js';

/** Without planes on the spike array, PlaneAccBits is for the plane array alone. */
function withoutPlanes({ PlaneAccBits: _, ...others }: Record<string, number>): Record<string, number> {
  return others;
}

function spikeArray(constants: Record<string, number>): Instance {
  const isTables = 'PlaceBits' in constants;
  const module = isTables ? 'smx_table_array' : 'smx_spike_array';
  return {
    module,
    name: 'u_spike_array',
    comment: `${isTables ? 'tables' : 'dense lanes'}: Lanes x Inputs x T additions a cycle`,
    parameters: sameParameters(module, hasSharedPlanes(constants) ? constants : withoutPlanes(constants)),
    ports: {
      ...clocked,
      lane_wise_i: 'lane_wise_operands',
      spikes_i: 'dense_spikes',
      weights_i: 'spike_weights',
      lane_spikes_i: 'lane_spikes',
      lane_weight_i: 'axial_weight',
      ...(isTables
        ? { ...tablePorts('i'), dense_i: 'pass_group_order', lane_last_i: 'operand_last' }
        : { last_i: 'operand_last', ...planePorts(constants) }),
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
    ...(hasSharedPlanes(constants) ? [] : [planeArray(constants)]),
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
