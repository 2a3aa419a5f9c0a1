import { foldNetwork, type QuantizeOptions, quantizeNetwork } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomCheckpoint, smallConfig } from '../support/random-network.js';

const folded = foldNetwork(randomCheckpoint(smallConfig(), 2));

test('defaults: 4 bits, 8 for the two ends and the identity, F 8, M 10, S 4', () => {
  const { format } = quantizeNetwork(folded);
  assert.equal(format, {
    fractionBits: 8,
    membraneBits: 10,
    scaleFractionBits: 4,
    weightBits: {
      'patch-embedding': 8,
      spe: 4,
      'patch-step': 4,
      identity: 8,
      'axial-h': 4,
      'axial-w': 4,
      fuse: 4,
      fc1: 4,
      fc2: 4,
      head: 8,
    },
  });
});

test('bits for each kind, and M follows F', () => {
  const { format, layers } = quantizeNetwork(folded, { weightBits: { fuse: 2, spe: 6 }, fractionBits: 6 });
  assert.equal([format.weightBits.fuse, format.weightBits.spe, format.weightBits.fc1], [2, 6, 4]);
  assert.is(format.membraneBits, 8);
  assert.ok(layers.get('token_mix.0.fuse')!.weight.every((q) => Math.abs(q) <= 1));
  assert.ok(layers.get('to_patch_embedding.1.cell2node.0')!.weight.some((q) => Math.abs(q) > 7));
});

test('digits of the token scale', () => {
  const digitsOf = (scaleDigits: number): number[] =>
    [...quantizeNetwork(folded, { scaleDigits }).secondLinearTokens.values()].flatMap(({ scale }) => [...scale]);
  assert.ok(digitsOf(1).every((m) => m === 0 || Number.isInteger(Math.log2(Math.abs(m)))));
  assert.not.ok(digitsOf(2).every((m) => m === 0 || Number.isInteger(Math.log2(Math.abs(m)))));
});

test('options out of range name themselves', () => {
  const cases: [QuantizeOptions, string][] = [
    [{ weightBits: 1 }, 'weight bits of spe'],
    [{ weightBits: 9 }, 'weight bits of spe'],
    [{ weightBits: 4.5 }, 'weight bits of spe'],
    [{ weightBits: { head: 4 } }, 'weight bits of head'],
    [{ fractionBits: 0 }, 'fraction bits (F)'],
    [{ fractionBits: 8, membraneBits: 8 }, 'membrane bits (M)'],
    [{ scaleFractionBits: -1 }, 'scale bits (S)'],
    [{ scaleDigits: 0 }, 'scale digits (D)'],
  ];
  for (const [options, where] of cases) {
    assert.throws(
      () => quantizeNetwork(folded, options),
      (error: { code: string; details: { where: string } }) => error.code === 'USAGE' && error.details.where === where,
      where,
    );
  }
});

test.run();
