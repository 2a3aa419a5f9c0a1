import { readFileSync } from 'node:fs';
import {
  defaultEnergyModel,
  derive,
  type EnergyModel,
  estimateEnergy,
  parseEnergyModel,
  signedBits,
  startStatistics,
} from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomImage, randomQuantized, smallConfig } from '../support/random-network.js';

const NOTHING: EnergyModel = {
  description: 'one kind of event at a time',
  pjPerAccumulate: 0,
  pjPerNeuronUpdate: 0,
  pjPerWeightBit: 0,
  pjPerSpikeBit: 0,
  pjPerResidualBit: 0,
  pjPerMembraneBit: 0,
};
const network = randomQuantized(smallConfig(), 3, { weightBits: 5 });
const run = startStatistics(network);
run.run(randomImage(network.config, 1));
const statistics = run.summary();
const { layers } = derive(network);

function total(changes: Partial<EnergyModel>): number {
  return estimateEnergy(network, statistics, { ...NOTHING, ...changes }).total;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

test('one picojoule for one kind of event counts these events', () => {
  const updates = sum(layers.map(({ lifUpdates }) => lifUpdates));
  const bitsRead = statistics.layers.map(({ layer, effectiveOperations }) => {
    return effectiveOperations * network.format.weightBits[layer.kind];
  });
  const close = (actual: number, expected: number): void => assert.ok(Math.abs(actual / expected - 1) < 1e-12);
  close(total({ pjPerAccumulate: 1 }), statistics.effectiveOperations);
  close(total({ pjPerNeuronUpdate: 1 }), updates);
  close(total({ pjPerWeightBit: 1 }), sum(bitsRead));
  close(total({ pjPerMembraneBit: 1 }), 2 * 10 * updates);
  const reads = layers.map(({ layer, denseOperations }) => denseOperations / layer.weightShape[0]!);
  close(total({ pjPerSpikeBit: 1 }), sum(reads) + updates);
});

test('kept currents: encodings write, fuse reads and writes, fc2 reads, in their static widths', () => {
  const { layers: rows } = estimateEnergy(network, statistics, { ...NOTHING, pjPerResidualBit: 1 });
  const expected: Record<string, number> = {
    'to_patch_embedding.0': 1 * 4 * 7 * 3,
    'to_patch_embedding.1.cell2node.0': 2 * 3 * (2 * 4 * 2),
    'token_mix.0.fuse': 2 * 3 * (4 * 7 * 3),
    'channel_mix.0.1.net.0': 0,
    'channel_mix.0.1.net.3': 1 * 3 * (4 * 7 * 3),
    'token_mix.0.proj_h': 0,
    mlp_head: 0,
  };
  for (const [name, accesses] of Object.entries(expected)) {
    const { current } = layers.find(({ layer }) => layer.name === name)!;
    assert.is(rows.find((row) => row.name === name)!.residualMemory, accesses * signedBits(current), name);
  }
});

test('the table adds up', () => {
  const report = estimateEnergy(network, statistics);
  assert.equal(
    report.layers.map(({ name }) => name),
    layers.map(({ layer }) => layer.name),
  );
  for (const row of report.layers) {
    const { name: _, total: rowTotal, ...parts } = row;
    assert.is(rowTotal, sum(Object.values(parts)));
    assert.ok(rowTotal > 0);
  }
  assert.is(report.total, sum(report.layers.map((row) => row.total)));
});

test('the shipped figures obey their schema, and a wrong one is named', () => {
  const file = new URL('../../golden-model/data/energy-model.json', import.meta.url);
  const text = readFileSync(file, 'utf8');
  assert.equal(defaultEnergyModel(), parseEnergyModel(text, 'energy-model.json'));
  const negative = text.replace('"pjPerAccumulate": 0', '"pjPerAccumulate": -0');
  assert.throws(
    () => parseEnergyModel(negative, 'mine.json'),
    ({ code, details }: { code: string; details: { where: string } }) =>
      code === 'INVALID_CONFIG' && details.where === 'mine.json: /pjPerAccumulate',
  );
  assert.throws(
    () => parseEnergyModel('{"description": "x"}', 'mine.json'),
    ({ details }: { details: { where: string } }) => details.where.startsWith('mine.json'),
  );
});

test.run();
