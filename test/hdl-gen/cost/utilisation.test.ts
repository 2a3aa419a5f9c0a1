import { listLayers, startStatistics } from '@spikemill/golden-model';
import { estimate, plan, type Utilisation, utilisationOf } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../../support/designs.js';
import { loadPixels, loadQuant } from '../../support/references.js';

const CHOICES = [
  { lanes: 1, inputs: 1 },
  { lanes: 8, inputs: 4, neurons: 4 },
  { lanes: 5, inputs: 7, neurons: 1, tokenBlock: 3 },
  { lanes: 24, inputs: 3, neurons: 24, tokenBlock: null },
];

function each(check: (utilisation: Utilisation, cycles: number, choice: (typeof CHOICES)[number]) => void): void {
  for (const network of [loadQuant('digits-tiny', 'w4-ptq'), tinyNetwork(true), tinyNetwork(false)]) {
    for (const choice of CHOICES) {
      const planned = plan(network, choice);
      check(utilisationOf(planned), planned.cyclesPerImage, choice);
    }
  }
}

test('layers share out all cycles of an image', () => {
  each(({ layers }, cycles) => {
    assert.is(
      layers.reduce((sum, layer) => sum + layer.cycles, 0),
      cycles,
    );
    for (const { name, overheadCycles, waitingCycles, operandCycles } of layers) {
      assert.ok(overheadCycles > 0 && waitingCycles >= 0 && operandCycles > 0, name);
    }
  });
});

test('a layer waits where the operands of a tile are fewer than the steps of its neurons', () => {
  each(({ layers }) => {
    for (const { name, waitingCycles, binding } of layers) {
      if (waitingCycles > 0) assert.is.not(binding, 'operands', name);
    }
  });
});

test('effective <= dense <= physical <= peak', () => {
  each(({ operationsPerCycle: { peak, physical, dense }, laneUtilisation, adderUtilisation }) => {
    assert.ok(dense <= physical && physical <= peak, `${dense} ${physical} ${peak}`);
    assert.ok(adderUtilisation <= laneUtilisation && laneUtilisation <= 1);
  });
});

test('lanes that divide all widths are never padded', () => {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  const filled = (lanes: number): number[] => {
    const { layers } = utilisationOf(plan(network, { lanes, inputs: 4 }));
    // ten classes are no multiple of anything here
    return layers.filter(({ kind }) => kind !== 'head').map(({ filledLanes }) => filledLanes);
  };
  assert.ok(filled(4).every((share) => share === 1));
  // 12 channels in two words of 8
  assert.ok(filled(8).includes(0.75));
});

test('one lane with one input adds one weight of each timestep a cycle', () => {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  const { layers } = utilisationOf(plan(network, { lanes: 1, inputs: 1 }));
  const fuse = layers.find(({ kind }) => kind === 'fuse')!;
  assert.is(fuse.physicalOperations, fuse.denseOperations);
  assert.is(fuse.operandCycles * network.config.timesteps, fuse.denseOperations);
});

test('effective operations and energy are those of a run', () => {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  const run = startStatistics(network);
  for (const image of loadPixels('digits-tiny', network.config, 'test').slice(0, 3)) run.run(image);
  const statistics = run.summary();
  const { utilisation, energy } = estimate(network, plan(network), statistics);
  assert.is(utilisation.effectiveOperations, statistics.effectiveOperations);
  assert.ok(utilisation.operationsPerCycle.effective! < utilisation.operationsPerCycle.dense);
  assert.is(utilisation.layers.length, listLayers(network.config).length);
  assert.is(energy?.layers.length, utilisation.layers.length);
  assert.is(estimate(network, plan(network)).energy, null);
});

test.run();
