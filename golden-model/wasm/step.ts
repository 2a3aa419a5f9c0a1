/**
 * One weighted layer of a program, as the host writes it (src/backend/wasm/step-record.ts): 32-bit fields in this
 * order. Pointers are byte addresses in the one memory.
 *
 * Bit maps: row (t, token) has ceil(channels / 8) bytes, channel c is bit c & 7 of byte c >> 3, padding bits are 0.
 * Number maps: row (t, token) has 8 * ceil(channels / 8) int32 values. A unit is 8 neighbouring channels. A short map has
 * int16 values, saturated, at half the distances that the record gives.
 */
@unmanaged
export class Step {
  // What is read: segmentCount records {bits, bytes of a row, bytes of a timestep, channels} that lie behind each other.
  segments: usize;
  segmentCount: i32;
  inputHeight: i32;
  inputWidth: i32;
  kernel: i32;
  stride: i32;
  padding: i32;
  // What is written.
  timesteps: i32;
  outputHeight: i32;
  outputWidth: i32;
  outputs: i32;
  // Weights by tile and input row; see row-sums.ts. The first largeTiles tiles have `registers` registers of 16 bytes,
  // the others one less. For the tables of axial-step.ts only rowBytes counts.
  rows: usize;
  tiles: i32;
  largeTiles: i32;
  registers: i32;
  /** Bytes of a tile for each of its registers. */
  registerBytes: i32;
  rowBytes: i32;
  /** 1: 8-bit lanes; events: weights are nibbles. */
  byteLanes: i32;
  /** Rows that 8-bit lanes bear. */
  rowsPerSpill: i32;
  /** What was added to each weight of 8-bit lanes, so that none is negative. */
  rowBias: i32;
  /** 1: sums of events may leave 16 bits. */
  wideSums: i32;
  /** Input channels of one kernel tap. */
  tapRows: i32;
  /** uint32 for each weight row: how often it was added; 0: not counted. */
  counts: usize;
  // ALIGN: 0 shift left alone, 1 multiply, round, shift right, 2 every lane for itself (see align.ts).
  alignMode: i32;
  /** int32 for each output: 2^(s + rightShift) in modes 0 and 1, s in mode 2. */
  align: usize;
  rightShift: i32;
  bias: usize;
  /** int16 factors and biases, if sum * factor, and the same shifted with bias, fit 16 bits; 0: they do not. */
  shortAlign: usize;
  shortBias: usize;
  // Batch norm over tokens: (value * scale[token] + rounding) >> scaleShift, plus tokenBias[token]. tokenScale 0: none.
  tokenScale: usize;
  tokenBias: usize;
  scaleShift: i32;
  /** 1: values behind the batch norm over tokens fit 16 bits. */
  shortTokens: i32;
  // A number map that is added; 0: none. Short maps: see below.
  residual: usize;
  residualRow: i32;
  residualTime: i32;
  residualShort: i32;
  // Where the sum goes; 0: nowhere.
  current: usize;
  currentRow: i32;
  currentTime: i32;
  currentShort: i32;
  // Neurons; theta 0: none. thetaStep: bytes from token to token, 0 if they share theta.
  theta: usize;
  thetaStep: i32;
  smallest: i32;
  /** 1: 16-bit saturating membranes give the same spikes and membranes as 32-bit ones; see neurons.ts. */
  narrow: i32;
  spikes: usize;
  spikesRow: i32;
  spikesTime: i32;
  /** Membranes after each timestep, a number map like current; 0: not kept. */
  membranes: usize;
  membranesRow: i32;
  membranesTime: i32;
  /** For each byte the positions of its set bits, 8 uint16; see bits.ts. */
  bitTable: usize;
  // Scratch memory.
  lists: usize;
  listBytes: i32;
  starts: usize;
  /** Most tokens whose lists are kept at a time. */
  blockTokens: i32;
  sums: usize;
  /** Aligned sums in mode 2. */
  aligned: usize;
  state: usize;
}
