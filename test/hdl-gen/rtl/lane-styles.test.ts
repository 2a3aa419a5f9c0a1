/** The three ways to sum gated weights against the sum itself, on weights and spikes of every kind. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomGenerator } from '../../support/random-network.js';
import { type PortValues, runModule, signed } from '../../support/rtl-bench.js';

function packAll(values: readonly number[], bits: number): bigint {
  return values.reduce((word, value, i) => word | (BigInt.asUintN(bits, BigInt(value)) << BigInt(bits * i)), 0n);
}

type Random = () => number;

/** Both ends of the range in the first two sets: no sum may overflow. */
function drawWeights(random: Random, count: number, bits: number, set: number): number[] {
  const half = 2 ** (bits - 1);
  const draw = (): number => (set === 0 ? -half : set === 1 ? half - 1 : Math.floor(random() * 2 * half) - half);
  return Array.from({ length: count }, draw);
}

/** All, none, then any. */
function drawSpikes(random: Random, count: number, cycle: number): number[] {
  return Array.from({ length: count }, () => (cycle === 0 ? 1 : cycle === 1 ? 0 : Math.floor(random() * 2)));
}

function dot(weights: readonly number[], spikes: readonly number[]): number {
  return spikes.reduce((sum, spike, i) => sum + spike * weights[i]!, 0);
}

function clog2(value: number): number {
  return Math.ceil(Math.log2(value));
}

test('smx_gated_sum: new weights every cycle', () => {
  for (const [inputs, bits] of [
    [1, 4],
    [5, 2],
    [16, 8],
  ] as const) {
    const random = randomGenerator(inputs);
    const latency = 1 + clog2(inputs);
    const cycles = Array.from({ length: 60 }, (_, i) => {
      return { weights: drawWeights(random, inputs, bits, i), spikes: drawSpikes(random, inputs, i < 2 ? 0 : i) };
    });
    const words = [...cycles, ...cycles.slice(0, latency)].map(({ weights, spikes }) => {
      return { silent_i: 2n ** BigInt(inputs) - 1n - packAll(spikes, 1), weights_i: packAll(weights, bits) };
    });
    const outputs = runModule('smx_gated_sum', { Inputs: inputs, WeightBits: bits }, words);
    for (const [i, { weights, spikes }] of cycles.entries()) {
      const sum = signed(outputs[i + latency]!.sum_o, bits + clog2(inputs));
      assert.is(sum, dot(weights, spikes), `${inputs} inputs, cycle ${i}`);
    }
  }
});

const SUBSETS = 16;

/** Port values that fill a table and where, as the walk and the adder of a table really say. */
function fillWords(weights: readonly number[], bits: number): { subset: number; sum: bigint }[] {
  const start = [
    { rst_i: 1, start_i: 0 },
    ...Array.from({ length: 20 }, (_, i) => ({ rst_i: 0, start_i: +(i === 1) })),
  ];
  const walk = runModule('smx_gray_walk', {}, start);
  const steps = walk.map(({ flip_o: flip, remove_o: remove }, i): PortValues => {
    // until the walk starts it says nothing
    return { clear_i: start[i]!.start_i, flip_i: flip ?? 0, remove_i: remove ?? 0, weights_i: packAll(weights, bits) };
  });
  const sums = runModule('smx_subset_sum', { WeightBits: bits }, steps);
  const valid = walk.flatMap(({ valid_o: isValid, subset_o: subset }, i) => {
    return isValid === 1n ? [{ subset: Number(subset), sum: sums[i]!.sum_o! }] : [];
  });
  const last = walk.findIndex(({ last_o: isLast }) => isLast === 1n);
  assert.is(last, start.findIndex(({ start_i: begins }) => begins === 1) + SUBSETS, 'the walk takes 16 cycles');
  assert.is(sums[last + 1]!.sum_o, 0n, 'it ends where it began');
  return valid;
}

test('smx_gray_walk and smx_subset_sum: every subset once, one weight apart, with its sum', () => {
  for (const bits of [2, 4, 8]) {
    const random = randomGenerator(bits);
    for (let set = 0; set < 3; set++) {
      const weights = drawWeights(random, 4, bits, set);
      const words = fillWords(weights, bits);
      assert.equal(new Set(words.map(({ subset }) => subset)).size, SUBSETS);
      for (const { subset, sum } of words) {
        const spikes = [0, 1, 2, 3].map((j) => (subset >> j) & 1);
        assert.is(signed(sum, bits + 2), dot(weights, spikes), `${weights}: ${spikes}`);
      }
    }
  }
});

/** Tables of every lane in one bank, filled word by word. */
function fillCycles(lanes: readonly (readonly number[])[], bits: number, bank: number, idle: PortValues): PortValues[] {
  const tables = Math.ceil(lanes[0]!.length / 4);
  const tableBits = bits + 2;
  return Array.from({ length: tables }, (_, k) => {
    const words = lanes.map((weights) =>
      fillWords(
        [0, 1, 2, 3].map((j) => weights[4 * k + j] ?? 0),
        bits,
      ),
    );
    return words[0]!.map(({ subset }, step) => {
      const data = words.reduce((all, word, p) => all | (word[step]!.sum << BigInt(tableBits * p)), 0n);
      const place = BigInt(tableBits * lanes.length * k);
      const write = { write_i: 2 ** k, write_bank_i: bank, write_subset_i: subset, write_data_i: data << place };
      return { ...idle, ...write };
    });
  }).flat();
}

test('smx_table_sum: one bank works while the other is filled', () => {
  for (const [laneCount, inputs, bits] of [
    [1, 3, 4],
    [3, 8, 2],
    [2, 9, 8],
  ] as const) {
    const random = randomGenerator(inputs);
    const tables = Math.ceil(inputs / 4);
    const latency = 1 + clog2(tables);
    const idle = { write_i: 0, write_bank_i: 0, write_subset_i: 0, write_data_i: 0, bank_i: 0, spikes_i: 0 };
    const contents = [0, 1, 2].map((set) => {
      return Array.from({ length: laneCount }, () => drawWeights(random, inputs, bits, set));
    });
    const expected: { readonly cycle: number; readonly sums: readonly number[] }[] = [];
    const cycles: PortValues[] = fillCycles(contents[0]!, bits, 0, idle);
    // each bank works while the next contents are written to the other
    for (let turn = 0; turn < contents.length; turn++) {
      const next = contents[turn + 1];
      const writes = next === undefined ? Array(20).fill(idle) : fillCycles(next, bits, (turn + 1) % 2, idle);
      for (const [i, write] of writes.entries()) {
        const spikes = drawSpikes(random, inputs, i);
        expected.push({ cycle: cycles.length, sums: contents[turn]!.map((weights) => dot(weights, spikes)) });
        cycles.push({ ...write, bank_i: turn % 2, spikes_i: packAll(spikes, 1) });
      }
    }
    cycles.push(...Array(latency).fill(idle));
    const outputs = runModule('smx_table_sum', { Lanes: laneCount, Inputs: inputs, WeightBits: bits }, cycles);
    const sumBits = bits + 2 + clog2(tables);
    for (const { cycle, sums } of expected) {
      const word = outputs[cycle + latency]!.sums_o!;
      const got = sums.map((_, p) => signed(BigInt.asUintN(sumBits, word >> BigInt(sumBits * p)), sumBits));
      assert.equal(got, sums, `${laneCount} lanes, ${inputs} inputs, cycle ${cycle}`);
    }
  }
});

test('smx_constant_sum: any number of inputs, a new sum every cycle', () => {
  for (const [inputs, bits, set] of [
    [1, 4, 0],
    [6, 4, 1],
    [7, 2, 2],
    [11, 4, 0],
    [13, 8, 2],
    [40, 4, 2],
    [70, 4, 1],
  ] as const) {
    const random = randomGenerator(inputs);
    const weights = drawWeights(random, inputs, bits, set);
    const latency = 2 + clog2(Math.ceil(inputs / 11));
    const spikes = Array.from({ length: 40 + latency }, (_, i) => drawSpikes(random, inputs, i));
    const outputs = runModule(
      'smx_constant_sum',
      { Inputs: inputs, WeightBits: bits, Weights: packAll(weights, bits) },
      spikes.map((set) => ({ spikes_i: packAll(set, 1) })),
    );
    for (let i = 0; i + latency < spikes.length; i++) {
      const sum = signed(outputs[i + latency]!.sum_o, bits + clog2(inputs));
      assert.is(sum, dot(weights, spikes[i]!), `${inputs} inputs, cycle ${i}`);
    }
  }
});

test.run();
