/** From the head to the result stream. */
import type { Instance } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';
import { hasSharedPlanes } from './planes.js';

/** Where smx_head gets its accumulators from; names of constants and wires. */
export interface HeadSource {
  /** Accumulators of a tile, and their bits. */
  readonly lanes: string;
  readonly accBits: string;
  readonly start: string;
  readonly head: string;
  readonly valid: string;
  readonly last: string;
  readonly results: string;
}

const PLANE_ARRAY: HeadSource = {
  lanes: 'Lanes',
  accBits: 'PlaneAccBits',
  start: 'pass_start',
  head: 'pass_head',
  valid: 'done_valid',
  last: 'done_group_last',
  results: 'plane_results',
};

export function outputInstances(constants: Record<string, number>): Instance[] {
  // only weights of the spike array are read in group order
  const isOrdered = hasSharedPlanes(constants) && 'GroupOrder' in constants;
  return resultInstances(constants, isOrdered ? { ...PLANE_ARRAY, last: 'done_pass_last' } : PLANE_ARRAY);
}

export function resultInstances(constants: Record<string, number>, source: HeadSource): Instance[] {
  return [
    {
      module: 'smx_head',
      name: 'u_head',
      comment: 'logits and argmax',
      parameters: {
        ...sameParameters('smx_head', constants),
        ...{ Lanes: source.lanes, AccBits: source.accBits, BiasBits: 'HeadBiasBits' },
      },
      ports: {
        ...clocked,
        start_i: source.start,
        head_i: source.head,
        tile_valid_i: source.valid,
        tile_group_last_i: source.last,
        results_i: source.results,
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
