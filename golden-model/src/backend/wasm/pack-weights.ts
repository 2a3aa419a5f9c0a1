/** Weights in the order in which the kernels read them. What the kernels do with them: wasm/*.ts of this package. */
import { transposeToRows } from '../../arithmetic/accumulate.js';
import { SpikemillError } from '../../errors.js';
import type { Layer } from '../../network.js';
import type { QuantizedWeights } from '../../quantized-network.js';
import { unitCount } from './maps.js';

/** Fields of the step record that belong to the weights, and the bytes behind `rows`. */
export interface PackedWeights {
  readonly data: Int8Array | Int16Array | Int32Array;
  readonly tiles: number;
  readonly largeTiles: number;
  readonly registers: number;
  readonly registerBytes: number;
  readonly rowBytes: number;
  readonly byteLanes: 0 | 1;
  readonly rowsPerSpill: number;
  readonly rowBias: number;
  readonly wideSums: 0 | 1;
}

/** Lower and upper bound of each output's sum: all its negative weights, all its positive ones. */
export function boundOutputs({ weight, bias }: QuantizedWeights, largestInput: number): { min: number; max: number }[] {
  const fanIn = weight.length / bias.length;
  return Array.from({ length: bias.length }, (_, output) => {
    const bounds = { min: 0, max: 0 };
    for (const q of weight.subarray(output * fanIn, (output + 1) * fanIn)) {
      if (q < 0) bounds.min += q * largestInput;
      else bounds.max += q * largestInput;
    }
    return bounds;
  });
}

const UNIT = 8;
/** Of layers that are not cut into tiles. */
const NO_TILES = {
  tiles: 1,
  largeTiles: 1,
  registers: 1,
  registerBytes: 0,
  rowBytes: 0,
  byteLanes: 0,
  rowsPerSpill: 0,
  rowBias: 0,
  wideSums: 0,
} as const;

const REGISTER_BYTES = 16;
/** Registers of a row for which there are kernels. */
const MAX_REGISTERS = 4;
/** Largest weights that go into nibbles and 8-bit lanes: of 4 bits. */
const LARGEST_BYTE_LANE_WEIGHT = 7;
/** Added to any other weights: they are read as 0..255. */
const WORD_BIAS = 128;

function largestMagnitude(weight: Int8Array): number {
  return weight.reduce((most, q) => Math.max(most, Math.abs(q)), 0);
}

/** Units of 8 outputs in a row of so many registers: bytes, or nibbles, which leave the room of one unit empty. */
function unitsOf(registers: number, byteLanes: 0 | 1): number {
  return byteLanes ? 4 * registers - 1 : 2 * registers;
}

/** Tiles of nearly equal size, as few as there can be. */
function chooseTiles(outputs: number, byteLanes: 0 | 1): Pick<PackedWeights, 'tiles' | 'largeTiles' | 'registers'> {
  const units = unitCount(outputs);
  const tiles = Math.ceil(units / unitsOf(MAX_REGISTERS, byteLanes));
  let registers = 1;
  while (tiles * unitsOf(registers, byteLanes) < units) registers += 1;
  const small = registers === 1 ? 0 : unitsOf(registers - 1, byteLanes);
  const largeTiles = Math.ceil((units - tiles * small) / (unitsOf(registers, byteLanes) - small));
  return { tiles, largeTiles: registers === 1 ? tiles : largeTiles, registers };
}

/** Lanes, spilling and bias of a layer of events; see wasm/row-sums.ts. */
function chooseLanes(
  weights: QuantizedWeights,
): Pick<PackedWeights, 'byteLanes' | 'rowsPerSpill' | 'rowBias' | 'wideSums'> {
  const fits = boundOutputs(weights, 1).every(({ min, max }) => min >= -(2 ** 15) && max < 2 ** 15);
  const largest = largestMagnitude(weights.weight);
  if (largest <= LARGEST_BYTE_LANE_WEIGHT && fits) {
    const rowBias = Math.max(1, largest);
    return { byteLanes: 1, rowsPerSpill: Math.floor(255 / (2 * rowBias)), rowBias, wideSums: 0 };
  }
  return { byteLanes: 0, rowsPerSpill: 0, rowBias: WORD_BIAS, wideSums: fits ? 0 : 1 };
}

/** Rows are numbered in 16 bits. */
const MAX_ROWS = 2 ** 16;

/**
 * Layers of events: tiles of outputs, in each the row of every input.
 *
 * @throws SpikemillError INVALID_CONFIG for more rows than events can name.
 */
export function packRows(weights: QuantizedWeights): PackedWeights {
  const outputs = weights.bias.length;
  const inputs = weights.weight.length / outputs;
  if (inputs > MAX_ROWS) {
    throw new SpikemillError('INVALID_CONFIG', 'a layer is too wide for the fast back-end', {
      expected: `at most ${MAX_ROWS} weight rows`,
      actual: String(inputs),
      suggestions: ['run with --backend spec'],
    });
  }
  const lanes = chooseLanes(weights);
  const tiling = chooseTiles(outputs, lanes.byteLanes);
  const rows = new Int32Array(weights.weight.length);
  transposeToRows(weights.shape, weights.weight, rows);
  const registerBytes = inputs * REGISTER_BYTES;
  const vectors = tiling.tiles * (tiling.registers - 1) + tiling.largeTiles;
  const data = new Int8Array(vectors * registerBytes);
  let tileStart = 0;
  let first = 0;
  for (let tile = 0; tile < tiling.tiles; tile++) {
    const registers = tile < tiling.largeTiles ? tiling.registers : tiling.registers - 1;
    const places = placesOf(registers, lanes.byteLanes);
    for (let input = 0; input < inputs; input++) {
      const row = tileStart + input * registers * REGISTER_BYTES;
      const from = input * outputs + first;
      for (let output = 0; output < places.length; output++) {
        const { byte, shift } = places[output]!;
        const weight = first + output < outputs ? rows[from + output]! : 0;
        data[row + byte]! |= (weight + lanes.rowBias) << shift;
      }
    }
    tileStart += registers * registerBytes;
    first += places.length;
  }
  return { data, ...tiling, registerBytes, rowBytes: 0, ...lanes };
}

/** Where a weight stands in its row. */
interface Place {
  readonly byte: number;
  /** Bits by which it is shifted in the byte. */
  readonly shift: number;
}

/** The places of the outputs of a tile in their order. */
function placesOf(registers: number, byteLanes: 0 | 1): readonly Place[] {
  return Array.from({ length: unitsOf(registers, byteLanes) * UNIT }, (_, output) =>
    byteLanes ? nibblePlace(output, registers) : { byte: pairOrder(output), shift: 0 },
  );
}

/** Lanes of the last fourth unit that stand in for lanes 3 and 7 of the other fourth units. */
const LENT_LANES = [
  [0, 1],
  [2, 4],
  [5, 6],
] as const;

/**
 * Each vector has four units: low nibbles of even bytes, of odd bytes, high nibbles of even bytes, of odd bytes. Of the
 * last ones bytes 7 and 15 stay empty (wasm/row-sums.ts says why): lanes 3 and 7, which the last vector lends.
 */
function nibblePlace(output: number, registers: number): Place {
  const unit = Math.floor(output / UNIT);
  const lane = output % UNIT;
  const whole = 3 * registers;
  if (unit < whole) {
    const part = unit % 3;
    return {
      byte: REGISTER_BYTES * Math.floor(unit / 3) + 2 * lane + (part === 1 ? 1 : 0),
      shift: part === 2 ? 4 : 0,
    };
  }
  const isLent = lane % 4 === 3;
  const vector = isLent ? registers - 1 : unit - whole;
  const from = isLent ? LENT_LANES[unit - whole]![lane >> 2]! : lane;
  return { byte: REGISTER_BYTES * vector + 2 * from + 1, shift: 4 };
}

/** The first 8 outputs of a register in its even bytes, the others in the odd ones. */
function pairOrder(output: number): number {
  const lane = output % REGISTER_BYTES;
  return output - lane + 2 * (lane % UNIT) + Math.floor(lane / UNIT);
}

const GROUP = 4;
const SUBSETS = 2 ** GROUP;
/** One plane pays if its 8-bit sums bear this many groups. */
const LEAST_GROUPS_PER_SPILL = 2;
const LOW_PLANE_BITS = 6;

/** Axial matrices: for each output and each group of 4 inputs the sums of all subsets, in one or two planes. */
export function packTables({ weight, bias }: QuantizedWeights): PackedWeights {
  const length = bias.length;
  const groups = Math.ceil(length / GROUP);
  const subsetSum = (output: number, group: number, subset: number): number => {
    let sum = 0;
    for (let i = 0; i < GROUP; i++) {
      const input = group * GROUP + i;
      if ((subset >> i) & 1 && input < length) sum += weight[output * length + input]!;
    }
    return sum;
  };
  const sums = new Int16Array(length * groups * SUBSETS);
  for (let i = 0; i < sums.length; i++) {
    const table = Math.floor(i / SUBSETS);
    sums[i] = subsetSum(Math.floor(table / groups), table % groups, i % SUBSETS);
  }
  const largest = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 1);
  const rowsPerSpill = Math.floor(127 / largest);
  const isOnePlane = rowsPerSpill >= LEAST_GROUPS_PER_SPILL;
  const data = isOnePlane ? Int8Array.from(sums) : splitPlanes(sums);
  const rowBytes = data.length / length;
  return { data, ...NO_TILES, rowBytes, byteLanes: isOnePlane ? 1 : 0, rowsPerSpill };
}

/** sum = 64 * high + low: the table of the high parts, then that of the low parts, group by group. */
function splitPlanes(sums: Int16Array): Int8Array {
  const data = new Int8Array(2 * sums.length);
  sums.forEach((sum, i) => {
    const at = 2 * (i - (i % SUBSETS)) + (i % SUBSETS);
    data[at] = sum >> LOW_PLANE_BITS;
    data[at + SUBSETS] = sum & (2 ** LOW_PLANE_BITS - 1);
  });
  return data;
}

/** Patch embedding: for each unit of 8 outputs and each pair of inputs 8 pairs of int16. Inputs in the order [I, kh, kw]. */
export function packPairs({ weight, bias }: QuantizedWeights): PackedWeights {
  const outputs = bias.length;
  const inputs = weight.length / outputs;
  const pairs = Math.ceil(inputs / 2);
  const data = new Int16Array(unitCount(outputs) * pairs * 2 * UNIT);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const unit = Math.floor(output / UNIT);
      const pair = (unit * pairs + (input >> 1)) * UNIT + (output % UNIT);
      data[2 * pair + (input & 1)] = weight[output * inputs + input]!;
    }
  }
  return { data, ...NO_TILES };
}

/** Identity branch: one int32 for each channel. */
export function packChannels({ weight }: QuantizedWeights): PackedWeights {
  const data = new Int32Array(UNIT * unitCount(weight.length));
  data.set(weight);
  return { data, ...NO_TILES };
}

/** Weights of any layer but the head. */
export function packWeights(layer: Layer, weights: QuantizedWeights): PackedWeights {
  switch (layer.kind) {
    case 'patch-embedding':
      return packPairs(weights);
    case 'identity':
      return packChannels(weights);
    case 'axial-h':
    case 'axial-w':
      return packTables(weights);
    default:
      return packRows(weights);
  }
}
