/** The memories that hold a network: each filled by an image or by a weight frame, in the order of the frame. */
import { lowBits, type StoredMemory } from './connect.js';
import { hasLines } from './lines.js';
import { hasSharedPlanes } from './planes.js';

/** The three weight memories share the weight address; each takes the bits that it needs. */
function weightMemory(kind: string, prefix: string, width: string, data: string, comment: string): StoredMemory {
  const addrBits = `${prefix}AddrBits`;
  return { kind, depth: `${prefix}Words`, width, addr: lowBits('weight_addr', addrBits), addrBits, data, comment };
}

export const WEIGHT_MEMORIES: readonly StoredMemory[] = [
  weightMemory(
    'spike-weights',
    'SpikeWeight',
    'Lanes*Inputs*WeightBits',
    'spike_weights',
    'SPE, patch step, fuse, fc1, fc2: lanes x inputs a word',
  ),
  weightMemory(
    'plane-weights',
    'PlaneWeight',
    'Lanes*Inputs*PlaneWeightBits',
    'plane_weights',
    'patch embedding and head: lanes x inputs a word',
  ),
  weightMemory('axial-weights', 'AxialWeight', 'WeightBits', 'axial_weight', 'axial matrices: one weight a word'),
];

export const NEURON_MEMORIES: readonly StoredMemory[] = [
  {
    kind: 'params',
    depth: 'ParamWords',
    width: 'Neurons*ParamBits',
    addr: 'param_addr',
    addrBits: 'ParamAddrBits',
    data: 'param',
    comment: '{identity weight, shift, bias} of Neurons outputs',
  },
  {
    kind: 'tokens',
    depth: 'TokenWords',
    width: 'TokenBits',
    addr: 'token_addr',
    addrBits: 'TokenAddrBits',
    data: 'token',
    comment: '{scale digits, token bias, theta2} of a token',
  },
];

export const HEAD_MEMORY: StoredMemory = {
  kind: 'head-bias',
  depth: 'Classes',
  width: 'HeadBiasBits',
  addr: 'head_bias_addr',
  addrBits: 'ClassBits',
  data: 'head_bias',
  comment: 'B_k of every class',
};

export const PROGRAM_MEMORY: StoredMemory = {
  kind: 'program',
  depth: 'Passes',
  width: 'ProgramBits',
  addr: 'pass',
  addrBits: 'PassBits',
  data: 'program_word',
  comment: 'layer program, one word per pass',
};

/** Weight memories of an engine: the words of the axial matrices are wider where its axial branches work on lines. */
export function weightMemories(constants: Readonly<Record<string, number>>): readonly StoredMemory[] {
  const memories = WEIGHT_MEMORIES.filter(({ kind }) => kind !== 'plane-weights' || !hasSharedPlanes(constants));
  if (!hasLines(constants)) return memories;
  const axial = { width: 'AxialInputs*WeightBits', comment: 'axial matrices: AxialInputs weights a word' };
  return memories.map((memory) => (memory.kind === 'axial-weights' ? { ...memory, ...axial } : memory));
}

/** All but the program, which is the same for all networks of a shape. */
export function networkMemories(constants: Readonly<Record<string, number>>): readonly StoredMemory[] {
  return [...weightMemories(constants), ...NEURON_MEMORIES, HEAD_MEMORY];
}
