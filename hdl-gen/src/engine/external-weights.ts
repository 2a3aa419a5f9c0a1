/** Weights that are read from external memory: an AXI4 read master, and the ring that hands out tiles. */
import { unsignedBits } from '../bits.js';
import { type ExternalWeights, ringUnits } from '../plan/external-weights.js';
import type { Connection, Instance, Port, Wire } from '../verilog/structure.js';
import { clocked } from './connect.js';

/** Bits of an address: what the parts with the largest memory have. */
const ADDRESS_BITS = 40;

/** Ports of an accelerator whose weights lie in external memory, beside those that all have. */
export function externalPorts({ busBits }: ExternalWeights): Port[] {
  const rows: readonly (readonly [name: string, direction: Port['direction'], width: number, comment: string])[] = [
    ['weights_valid', 'input', 1, 'the memory holds the weights; stays high until a reset'],
    ['weights_base', 'input', ADDRESS_BITS, 'where, a multiple of 4096'],
    ['m_axi_weights_arvalid', 'output', 1, 'AXI4: reads of weights, one ID, in order'],
    ['m_axi_weights_arready', 'input', 1, ''],
    ['m_axi_weights_araddr', 'output', ADDRESS_BITS, ''],
    ['m_axi_weights_arlen', 'output', 8, ''],
    ['m_axi_weights_arsize', 'output', 3, ''],
    ['m_axi_weights_arburst', 'output', 2, ''],
    ['m_axi_weights_arcache', 'output', 4, ''],
    ['m_axi_weights_arprot', 'output', 3, ''],
    ['m_axi_weights_rvalid', 'input', 1, ''],
    ['m_axi_weights_rready', 'output', 1, ''],
    ['m_axi_weights_rdata', 'input', busBits, ''],
    ['m_axi_weights_rresp', 'input', 2, ''],
    ['m_axi_weights_rlast', 'input', 1, ''],
    ['weights_error', 'output', 1, 'a read failed: results are wrong until a reset'],
    ['weight_stalls', 'output', 32, 'cycles that the image waited for weights'],
  ];
  return rows.map(([name, direction, width, comment]) => ({ name, direction, width: String(width), comment }));
}

/** Constants of the engine that the memory sets. */
export function externalConstants(external: Omit<ExternalWeights, 'tiles'>): Record<string, number> {
  return {
    WeightBusBits: external.busBits,
    WeightBusAddrBits: ADDRESS_BITS,
    WeightBurstBytes: external.burstBytes,
    WeightBursts: external.bursts,
    WeightLastBeats: external.lastBeats,
    WeightLastWords: external.lastWords,
    WeightBeatsPerWord: external.beatsPerWord,
    WeightWordsPerBeat: external.wordsPerBeat,
    WeightRingWords: external.ringWords,
    WeightRingAddrBits: unsignedBits(external.ringWords - 1),
    WeightRingUnits: ringUnits(external),
    WeightBurstUnits: external.burstUnits,
    WeightLastUnits: external.lastUnits,
  };
}

export function externalWires(): Wire[] {
  const flags = ['weight_write', 'weight_release', 'weight_hold', 'weight_held', 'operand_step'];
  return [...flags.map((name) => ({ name, width: '1' })), { name: 'weight_word', width: 'Lanes*Inputs*WeightBits' }];
}

function axi(channel: 'ar' | 'r', names: readonly string[]): Record<string, Connection> {
  const ports = names.map((name) => [`m_axi_${channel}${name}`, `m_axi_weights_${channel}${name.slice(0, -2)}`]);
  return Object.fromEntries(ports);
}

/** The read master: addresses, and beats into words. */
function readInstances(): Instance[] {
  return [
    {
      module: 'smx_weight_fetch',
      name: 'u_weight_fetch',
      comment: 'reads the weights of an image in a straight line, image after image',
      parameters: {
        ...{ BusBits: 'WeightBusBits', AddrBits: 'WeightBusAddrBits', BurstBytes: 'WeightBurstBytes' },
        ...{ Bursts: 'WeightBursts', LastBeats: 'WeightLastBeats', UnitBits: 'WeightUnitBits' },
        ...{ Capacity: 'WeightRingUnits', BurstUnits: 'WeightBurstUnits', LastUnits: 'WeightLastUnits' },
      },
      ports: {
        ...clocked,
        valid_i: 'weights_valid',
        base_i: 'weights_base',
        release_i: 'weight_release',
        release_units_i: 'pass_tile_units',
        ...axi('ar', ['valid_o', 'ready_i', 'addr_o', 'len_o', 'size_o', 'burst_o', 'cache_o', 'prot_o']),
        ...axi('r', ['valid_i', 'resp_i']),
        error_o: 'weights_error',
      },
    },
    {
      module: 'smx_weight_unpack',
      name: 'u_weight_unpack',
      comment: 'beats into words of lanes x inputs weights',
      parameters: {
        ...{ BusBits: 'WeightBusBits', WordBits: 'Lanes*Inputs*WeightBits', BeatsPerWord: 'WeightBeatsPerWord' },
        ...{ WordsPerBeat: 'WeightWordsPerBeat', Bursts: 'WeightBursts', LastWords: 'WeightLastWords' },
      },
      ports: {
        ...clocked,
        ...axi('r', ['valid_i', 'ready_o', 'data_i', 'last_i']),
        write_o: 'weight_write',
        data_o: 'weight_word',
      },
    },
  ];
}

/** @param tileLast wire: the last of the words that a tile walks through, as often as it does. */
export function externalInstances(tileLast: string): Instance[] {
  return [
    ...readInstances(),
    {
      module: 'smx_weight_ring',
      name: 'u_weight_ring',
      comment: 'weights of the spike array: the tile in use and those that follow',
      parameters: {
        ...{ Width: 'Lanes*Inputs*WeightBits', Depth: 'WeightRingWords', AddrBits: 'WeightRingAddrBits' },
        ...{ UnitBits: 'WeightUnitBits', UnitsPerWord: 'WeightBeatsPerWord' },
      },
      ports: {
        ...clocked,
        write_i: 'weight_write',
        data_i: 'weight_word',
        external_i: 'pass_external',
        tile_units_i: 'pass_tile_units',
        hold_o: 'weight_hold',
        step_i: 'operand_step',
        tile_last_i: tileLast,
        next_i: 'tile_outer_last',
        release_o: 'weight_release',
        data_o: 'spike_weights',
      },
    },
    {
      module: 'smx_stall_counter',
      name: 'u_weight_stalls',
      comment: 'cycles that the image waited for weights',
      parameters: {},
      ports: { ...clocked, busy_i: 'busy', stall_i: 'weight_held', count_o: 'weight_stalls' },
    },
  ];
}
