import { existsSync } from 'node:fs';
import { findNode, gateLevelBuild } from '@spikemill/synthesis';
import { verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomImages } from '../support/simulation.js';
import { assertAsPlanned, synthesisBuild, synthesizeSmall } from '../support/synthesized-design.js';

test('ice40: memories are where they were planned, the design is placed, there is a bitstream', async () => {
  const report = await synthesizeSmall({ device: 'ice40-hx8k' });
  assertAsPlanned(report);
  assert.is(report.basis, 'placed and routed');
  const { fmaxMegahertz, acceleratorCells, utilisation, criticalPath } = report.placement!;
  assert.ok(fmaxMegahertz! > 20 && fmaxMegahertz! < 300);
  const { used } = utilisation.ICESTORM_LC!;
  assert.ok(acceleratorCells > 0.9 * used && acceleratorCells < used);
  assert.is(utilisation.ICESTORM_RAM!.used, report.tree.total.blockRam);
  assert.ok(criticalPath.every(({ module }) => module.startsWith('u_')));
  assert.ok(report.outputs.includes('ice40-hx8k.bin'));
  const neuron = findNode(report.tree, ['u_accelerator', 'u_neuron_unit', 'u_neuron'])!;
  assert.is(neuron.module, 'smx_neuron');
});

test('the netlist does what the golden model does, spike for spike', async () => {
  const build = synthesisBuild();
  const gates = await gateLevelBuild(build, { yosys: 'system' });
  assert.ok(existsSync(gates.folder));
  const images = randomImages(build.network, 2, 5);
  const options = { seed: 2, idlePercent: 30, stallPercent: 30, simulator: 'icarus' } as const;
  const result = await verify(gates, images, options);
  assert.ok(result.passed, result.firstMismatch?.message);
  assert.is(result.images, 2);
  assert.ok(result.comparedSpikes > 1000);
  assert.is(result.cyclesPerImage, build.plan.cyclesPerImage);
});

test.run();
