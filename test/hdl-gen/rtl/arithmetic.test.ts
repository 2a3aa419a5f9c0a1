/** Adders, lanes, selectors: every size around the corners. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { treeLevels } from '../../../hdl-gen/src/plan/pass.js';
import { randomGenerator } from '../../support/random-network.js';
import { runModule, signed } from '../../support/rtl-bench.js';

/** Numbers behind each other in one word, the first in the lowest bits. */
function packAll(values: readonly number[], bits: number): bigint {
  return values.reduce((word, value, i) => word | (BigInt.asUintN(bits, BigInt(value)) << BigInt(bits * i)), 0n);
}

function levels(inputs: number): number {
  return Math.ceil(Math.log2(inputs));
}

test('smx_adder_tree: any number of terms, one sum a cycle', () => {
  const bits = 4;
  for (const inputs of [1, 2, 3, 5, 8, 9]) {
    const random = randomGenerator(inputs);
    const latency = levels(inputs);
    const sets = Array.from({ length: 40 + latency }, (_, i) => {
      // the extremes first: no sum overflows
      const draw = () => (i === 0 ? -8 : i === 1 ? 7 : Math.floor(random() * 16) - 8);
      return Array.from({ length: inputs }, draw);
    });
    const outputs = runModule(
      'smx_adder_tree',
      { Inputs: inputs, Width: bits },
      sets.map((set) => ({ terms_i: packAll(set, bits) })),
    );
    for (let i = latency; i < sets.length; i++) {
      const expected = sets[i - latency]!.reduce((sum, term) => sum + term, 0);
      assert.is(signed(outputs[i]!.sum_o, bits + latency), expected, `${inputs} terms, set ${i}`);
    }
  }
});

test('smx_ternary_tree: two terms that make up the sum, any number of inputs, both ends of the range', () => {
  for (const [inputs, bits] of [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 19, 28, 52, 54, 55, 64, 78, 82, 163].map((count) => [count, 4] as const),
    [27, 1],
    [81, 2],
    [256, 8],
  ] as const) {
    const random = randomGenerator(inputs);
    const latency = treeLevels({ inputs, adders: 'ternary' });
    const half = 2 ** (bits - 1);
    const sets = Array.from({ length: 20 + latency }, (_, i) => {
      // the extremes first: no sum overflows
      const draw = () => (i === 0 ? -half : i === 1 ? half - 1 : Math.floor(random() * 2 * half) - half);
      return Array.from({ length: inputs }, draw);
    });
    const parameters = { Inputs: inputs, Width: bits, OutBits: bits + 9 };
    const outputs = runModule(
      'smx_ternary_tree',
      parameters,
      sets.map((set) => ({ terms_i: packAll(set, bits) })),
    );
    for (let i = latency; i < sets.length; i++) {
      const expected = sets[i - latency]!.reduce((sum, term) => sum + term, 0);
      const { first_o: first, second_o: second } = outputs[i]!;
      assert.is(signed(first, bits + 9) + signed(second, bits + 9), expected, `${inputs} terms, set ${i}`);
    }
  }
});

/** Variants of the adder that the library uses, and the plain sum. */
const ADDERS = [
  { From: 1, To: 1 },
  { From: 6, To: 6 },
  { From: 4, To: 6, Signed: 1 },
  { From: 4, To: 5, Signed: 1, Flip: 1 },
  { From: 2, To: 4, Flip: 1, Extra: 4 },
  { From: 4, To: 6, Flip: 1, Extra: 18 },
  { From: 4, To: 6, Extra: 2 },
] as const;

test('smx_add3: signed, unsigned and flipped words and a constant, modulo', () => {
  for (const parameters of ADDERS) {
    const {
      From: from,
      To: to,
      Signed: isSigned = 0,
      Flip: flip = 0,
      Extra: extra = 0,
    } = { ...{ Signed: 0, Flip: 0, Extra: 0 }, ...parameters };
    const size = 2 ** from;
    const sets = Array.from({ length: Math.min(512, size ** 3) }, (_, i) => {
      const word = size ** 3 <= 512 ? i : Math.floor((i * (size ** 3 - 1)) / 511);
      return [word % size, Math.floor(word / size) % size, Math.floor(word / size ** 2)] as const;
    });
    const value = (word: number): number => {
      const plain = flip === 1 ? word ^ (size / 2) : word;
      return isSigned === 1 && plain >= size / 2 ? plain - size : plain;
    };
    const outputs = runModule(
      'smx_add3',
      parameters,
      sets.map(([a, b, c]) => ({ a_i: a, b_i: b, c_i: c })),
    );
    for (const [i, [a, b, c]] of sets.entries()) {
      const sum = value(a) + value(b) + value(c) + extra;
      assert.is(
        Number(outputs[i]!.sum_o),
        Number(BigInt.asUintN(to, BigInt(sum))),
        `${JSON.stringify(parameters)}: ${a} ${b} ${c}`,
      );
    }
  }
});

test('smx_ternary_nine: the sum with its top bit inverted, two cycles later', () => {
  for (const [bits, count] of [4, 3, 2].flatMap((width) =>
    [1, 2, 3, 4, 7, 9].map((terms) => [width, terms] as const),
  )) {
    const random = randomGenerator(10 * bits + count);
    const half = 2 ** (bits - 1);
    const sets = Array.from({ length: 30 }, (_, i) => {
      const draw = () => (i === 0 ? -half : i === 1 ? half - 1 : Math.floor(random() * 2 * half) - half);
      return Array.from({ length: count }, draw);
    });
    const words = sets.map((set) => ({ terms_i: packAll(set, bits) }));
    const outputs = runModule('smx_ternary_nine', { Count: count, Width: bits }, words);
    for (let i = 2; i < sets.length; i++) {
      const sum = sets[i - 2]!.reduce((all, term) => all + term, 0);
      assert.is(Number(outputs[i]!.sum_o), sum + 2 ** (bits + 3), `${count} of ${bits} bits, set ${i}`);
    }
  }
});

interface LaneCycle {
  readonly spikes: readonly number[];
  readonly weights: readonly number[];
  readonly isDoubled: boolean;
  readonly isLast: boolean;
}

/** Results of the tiles of a lane, with the sums modulo nothing. */
function laneResults(cycles: readonly LaneCycle[]): number[] {
  const results: number[] = [];
  let acc = 0;
  for (const { spikes, weights, isDoubled, isLast } of cycles) {
    const sum = spikes.reduce((total, spike, i) => total + spike * weights[i]!, 0);
    acc = (isDoubled ? 2 * acc : acc) + sum;
    if (!isLast) continue;
    results.push(acc);
    acc = 0;
  }
  return results;
}

test('smx_lane: gated sums, doubling, tiles behind each other, with adders of two and of three terms', () => {
  for (const [inputs, doubling, ternary] of [
    [1, 0, 0],
    [3, 1, 0],
    [8, 0, 0],
    [1, 1, 1],
    [7, 1, 1],
    [20, 0, 1],
  ] as const) {
    const random = randomGenerator(inputs);
    const [weightBits, accBits] = [4, 16];
    const latency = treeLevels({ inputs, adders: ternary === 1 ? 'ternary' : 'binary' }) + 1;
    const cycles = Array.from(
      { length: 120 },
      (_, i): LaneCycle => ({
        spikes: Array.from({ length: inputs }, () => Math.floor(random() * 2)),
        weights: Array.from({ length: inputs }, () => Math.floor(random() * 16) - 8),
        isDoubled: doubling === 1 && random() < 0.3,
        isLast: i % 7 === 6 || random() < 0.1 || i === 119,
      }),
    );
    const noSpike = 2 ** inputs - 1;
    const silent = { silent_i: noSpike, weights_i: 0, double_i: 0, last_i: 0 };
    const words = Array.from({ length: cycles.length + latency + 1 }, (_, i) => {
      // the flags arrive as late as their sums
      const [now, flags] = [cycles[i], cycles[i - latency]];
      return {
        ...silent,
        rst_i: 0,
        silent_i: BigInt(noSpike) - packAll(now?.spikes ?? [], 1),
        weights_i: packAll(now?.weights ?? [], weightBits),
        double_i: flags?.isDoubled ? 1 : 0,
        last_i: flags?.isLast ? 1 : 0,
      };
    });
    const reset = Array.from({ length: latency + 1 }, () => ({ ...silent, rst_i: 1 }));
    const shape = { Inputs: inputs, WeightBits: weightBits, AccBits: accBits, Doubling: doubling, Ternary: ternary };
    const outputs = runModule('smx_lane', shape, [...reset, ...words]).slice(reset.length);
    const got = words.flatMap(({ last_i }, i) => (last_i === 1 ? [signed(outputs[i + 1]!.result_o, accBits)] : []));
    assert.equal(got, laneResults(cycles), `${inputs} inputs, ternary ${ternary}`);
  }
});

test('smx_select: every choice, zero beyond the last', () => {
  const [count, width, selectBits] = [5, 3, 3];
  const choices = [1, 7, 2, 5, 6];
  const inputs = Array.from({ length: 2 ** selectBits }, (_, select) => ({
    select_i: select,
    choices_i: packAll(choices, width),
  }));
  const outputs = runModule('smx_select', { Count: count, Width: width, SelectBits: selectBits }, inputs);
  assert.equal(
    outputs.map(({ data_o }) => Number(data_o)),
    [...choices, 0, 0, 0],
  );
});

test('smx_round: to nearest, ties up, with an addend and a carry', () => {
  const width = 5;
  for (const drop of [0, 1, 2, 4]) {
    const values = Array.from({ length: 2 ** (width + drop) }, (_, i) => i - 2 ** (width + drop - 1));
    const cases = values.flatMap((value) => [0, 1].map((carry) => ({ value, carry, addend: (value * 7) % 16 })));
    const outputs = runModule(
      'smx_round',
      { Width: width, Drop: drop },
      cases.map(({ value, carry, addend }) => ({ data_i: value, addend_i: addend, carry_i: carry })),
    );
    for (const [i, { value, carry, addend }] of cases.entries()) {
      const rounded = Math.floor((value + carry) / 2 ** drop + (drop === 0 ? 0 : 0.5)) + addend;
      const wrapped = Number(BigInt.asIntN(width, BigInt(rounded)));
      assert.is(signed(outputs[i]!.data_o, width), wrapped, `${value} + ${carry} by ${drop}, then + ${addend}`);
    }
  }
});

test('smx_delay: as many cycles as it says, zero after reset', () => {
  for (const Stages of [0, 1, 3]) {
    const reset = Array.from({ length: 4 }, () => ({ rst_i: 1, data_i: 0 }));
    const data = Array.from({ length: 10 }, (_, i) => ({ rst_i: 0, data_i: i + 1 }));
    const outputs = runModule('smx_delay', { Width: 4, Stages }, [...reset, ...data]).slice(reset.length);
    const expected = data.map((_, i) => (i < Stages ? 0 : i - Stages + 1));
    assert.equal(
      outputs.map(({ data_o }) => Number(data_o)),
      expected,
      `${Stages} stages`,
    );
  }
});

test.run();
