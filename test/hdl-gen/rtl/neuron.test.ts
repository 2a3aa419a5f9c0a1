/** The modules of a neuron against the functions of the golden model, on random values at and beyond every corner. */
import { align, fireIntegers, smallestMembrane } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signedDigitForm } from '../../../hdl-gen/src/plan/signed-digits.js';
import { randomGenerator } from '../../support/random-network.js';
import { runModule, signed } from '../../support/rtl-bench.js';

const COUNT = 400;

/** Whole numbers of both signs, the ends of the range among them. */
function drawSigned(random: () => number, bits: number): number {
  const half = 2 ** (bits - 1);
  const pick = random();
  if (pick < 0.1) return -half;
  if (pick < 0.2) return half - 1;
  if (pick < 0.3) return 0;
  return Math.floor(random() * 2 * half) - half;
}

test('smx_lif: threshold, hard reset, floor and clamp', () => {
  const [timesteps, clampBits] = [4, 6];
  const shapes = [
    { CurrentBits: 9, ThetaBits: 6, MembraneBits: 6 },
    { CurrentBits: 6, ThetaBits: 11, MembraneBits: 11 },
    { CurrentBits: 12, ThetaBits: 1, MembraneBits: 6 },
    { CurrentBits: 14, ThetaBits: 8, MembraneBits: 8 },
    { CurrentBits: 14, ThetaBits: 7, MembraneBits: 7 },
  ];
  for (const shape of shapes) {
    const random = randomGenerator(shape.ThetaBits);
    const neurons = Array.from({ length: COUNT }, () => ({
      theta2: Math.floor(random() * 2 ** shape.ThetaBits),
      currents: Array.from({ length: timesteps }, () => drawSigned(random, shape.CurrentBits)),
    }));
    const inputs = neurons.flatMap(({ theta2, currents }) => {
      return currents.map((current, t) => ({ first_i: t === 0 ? 1 : 0, current_i: current, theta2_i: theta2 }));
    });
    const outputs = runModule('smx_lif', { ...shape, ClampBits: clampBits }, [...inputs, inputs[0]!, inputs[0]!]);
    const got = outputs.slice(2).map(({ spike_o: spike }) => Number(spike));
    const expected = neurons.flatMap(({ theta2, currents }) => {
      const one = { channels: 1, height: 1, width: 1 };
      const theta = Int32Array.of(theta2);
      return [...fireIntegers(one, Int32Array.from(currents), theta, smallestMembrane(clampBits)).spikes.data];
    });
    assert.equal(got, expected, JSON.stringify(shape));
    const fired = expected.reduce((sum, spike) => sum + spike, 0);
    assert.ok(fired > 0 && fired < expected.length, 'both outcomes occur');
  }
});

test('smx_align: shifts to both sides, rounding, bias', () => {
  for (const RoundBits of [0, 1, 5]) {
    const random = randomGenerator(RoundBits);
    const [accBits, biasBits, leftMost] = [7, 9, 4];
    const cases = Array.from({ length: COUNT }, () => ({
      acc: drawSigned(random, accBits),
      shift: Math.floor(random() * (leftMost + RoundBits + 1)) - RoundBits,
      bias: drawSigned(random, biasBits),
    }));
    const inputs = cases.map(({ acc, shift, bias }) => ({ acc_i: acc, shift_i: shift + RoundBits, bias_i: bias }));
    const shape = { AccBits: accBits, ShiftBits: 4, RoundBits, BiasBits: biasBits, AlignedBits: 13 };
    const outputs = runModule('smx_align', shape, [...inputs, inputs[0]!, inputs[0]!]);
    for (const [i, { acc, shift, bias }] of cases.entries()) {
      const got = signed(outputs[i + 2]!.aligned_o, shape.AlignedBits);
      assert.is(got, align(acc, shift) + bias, `${acc} by ${shift} plus ${bias}, rounding ${RoundBits}`);
    }
  }
});

test('smx_token_scale: any sum of signed powers of two, rounding, token bias', () => {
  for (const FractionBits of [0, 1, 4]) {
    const random = randomGenerator(FractionBits);
    const digits = 3;
    const shape = { AlignedBits: 10, Digits: digits, ExponentBits: 4, ProductBits: 20, FractionBits, TokenBiasBits: 8 };
    const cases = Array.from({ length: COUNT }, () => {
      const sum = Array.from({ length: digits }, () => Math.floor(random() * 3 - 1) * 2 ** Math.floor(random() * 7));
      return {
        aligned: drawSigned(random, shape.AlignedBits),
        scale: sum.reduce((total, digit) => total + digit, 0),
        bias: drawSigned(random, shape.TokenBiasBits),
      };
    });
    const inputs = cases.map(({ aligned, scale, bias }) => {
      const words = signedDigitForm(scale).map(({ negative, exponent }) => 32 + (negative ? 16 : 0) + exponent);
      const packed = words.reduce((sum, word, i) => sum + word * 2 ** (6 * i), 0);
      return { aligned_i: aligned, digits_i: packed, token_bias_i: bias };
    });
    // the bias comes two cycles behind
    const delayed = Array.from({ length: COUNT + 3 }, (_, cycle) => {
      return { ...inputs[cycle % COUNT]!, token_bias_i: inputs[Math.max(cycle - 2, 0) % COUNT]!.token_bias_i };
    });
    const outputs = runModule('smx_token_scale', { ...shape, CurrentBits: 20 }, delayed);
    for (const [i, { aligned, scale, bias }] of cases.entries()) {
      const expected = Math.floor((aligned * scale) / 2 ** FractionBits + 0.5) + bias;
      // S = 0 has nothing to round
      const exact = FractionBits === 0 ? aligned * scale + bias : expected;
      assert.is(signed(outputs[i + 3]!.scaled_o, 20), exact, `${aligned} by ${scale} plus ${bias}`);
    }
  }
});

test.run();
