/** Weights that come at run time: the stream's sink and a section for every memory. */
import type { Connection, Instance, Port, Wire } from '../verilog/structure.js';
import { clocked, type StoredMemory } from './connect.js';
import { addressWire, fullWire, writeWire, writeWord } from './names.js';

/** Ports of an accelerator whose weights are streamed in, beside those that all have. */
export const WEIGHT_PORTS: readonly Port[] = (
  [
    ['s_axis_weights_tvalid', 'input', '1', 'AXI4-Stream: weight frames'],
    ['s_axis_weights_tready', 'output', '1', ''],
    ['s_axis_weights_tdata', 'input', '32', ''],
    ['s_axis_weights_tlast', 'input', '1', 'CRC of a frame'],
    ['weights_loaded', 'output', '1', 'a good frame has come: images may'],
    ['weights_error', 'output', '1', 'pulse: a weight frame was dropped'],
  ] as const
).map(([name, direction, width, comment]) => ({ name, direction, width, comment }));

/** @param memories that a frame fills, in its order. */
export function weightStreamWires(memories: readonly StoredMemory[]): Wire[] {
  const sections = memories.flatMap(({ kind, width, addrBits }) => [
    { name: writeWire(kind), width: '1' },
    { name: fullWire(kind), width: '1' },
    { name: addressWire(kind), width: addrBits },
    { name: writeWord(kind), width },
  ]);
  const shared = ['weights_start', 'weight_beat', 'image_ready', 'image_hold'].map((name) => ({ name, width: '1' }));
  return [...shared, { name: 'weight_word', width: 'WeightWordBits' }, ...sections];
}

function section({ kind, depth, width, addrBits }: StoredMemory, active: Connection): Instance {
  return {
    module: 'smx_weight_section',
    name: `u_fill_${kind.replaceAll('-', '_')}`,
    comment: `words of ${kind} out of a weight frame`,
    parameters: { Width: width, Words: depth, AddrBits: addrBits, WordBits: 'WeightWordBits' },
    ports: {
      clk_i: 'aclk',
      start_i: 'weights_start',
      active_i: active,
      beat_i: 'weight_beat',
      word_i: 'weight_word',
      full_o: fullWire(kind),
      write_o: writeWire(kind),
      addr_o: addressWire(kind),
      data_o: writeWord(kind),
    },
  };
}

/** @param memories that a frame fills, in its order. */
export function weightStreamInstances(memories: readonly StoredMemory[]): Instance[] {
  const sections = memories.map((memory, i) =>
    section(memory, i === 0 ? { constant: 1 } : fullWire(memories[i - 1]!.kind)),
  );
  return [
    {
      module: 'smx_weight_stream',
      name: 'u_weight_stream',
      comment: 'weight frames: header, words, CRC',
      parameters: { Layout: 'WeightLayout', WordBits: 'WeightWordBits' },
      ports: {
        ...clocked,
        s_axis_tvalid_i: 's_axis_weights_tvalid',
        s_axis_tready_o: 's_axis_weights_tready',
        s_axis_tdata_i: 's_axis_weights_tdata',
        s_axis_tlast_i: 's_axis_weights_tlast',
        start_o: 'weights_start',
        beat_o: 'weight_beat',
        word_o: 'weight_word',
        full_i: fullWire(memories.at(-1)!.kind),
        image_full_i: 'image_full',
        busy_i: 'busy',
        image_ready_o: 'image_ready',
        hold_o: 'image_hold',
        loaded_o: 'weights_loaded',
        error_o: 'weights_error',
      },
    },
    ...sections,
  ];
}
