/** From the head to the result stream. */
import type { Instance } from '../verilog/structure.js';
import { clocked, sameParameters } from './connect.js';

export function outputInstances(constants: Record<string, number>): Instance[] {
  return [
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
