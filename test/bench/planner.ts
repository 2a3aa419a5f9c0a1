/**
 * Synthesizes what the planner chooses and looks whether it fits, the limits that it was given and the device itself.
 *
 *   npm run bench:planner                  one to three minutes a design
 *
 * Exits 1 if a design does not fit its device. iCE40 is compared by LUTs: lone flip-flops show when a design is placed.
 */
import { findDevice } from '@spikemill/constraints';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { deviceResources, type FitRequest, fitPlan, settle } from '@spikemill/hdl-gen';
import { addCells, findTool, measureDesign, NO_CELLS } from '@spikemill/synthesis';
import { randomQuantized, smallConfig } from '../support/random-network.js';
import { loadQuant } from '../support/references.js';

interface Case {
  readonly name: string;
  readonly network: QuantizedNetwork;
  readonly device: string;
  readonly request: Partial<FitRequest>;
}

const DIGITS = loadQuant('digits-tiny', 'w4-ptqbc');

/** Nine tenths of the cells leave room for the deviation of the formulas. */
const CASES: readonly Case[] = [
  { name: 'digits-tiny', network: DIGITS, device: 'ice40-hx8k', request: { logicShare: 0.9 } },
  { name: 'digits-tiny', network: DIGITS, device: 'ecp5-12f', request: { logicShare: 0.9 } },
  { name: 'digits-tiny', network: DIGITS, device: 'ecp5-12f', request: { framesPerSecond: 3000 } },
  { name: 'digits-tiny', network: DIGITS, device: 'xc7a35t', request: { framesPerSecond: 10_000 } },
  { name: 'random', network: randomQuantized(smallConfig(), 1), device: 'ice40-up5k', request: { logicShare: 0.9 } },
  { name: 'random, no SPE', network: randomQuantized(smallConfig({ spe: false }), 2), device: 'ecp5-12f', request: {} },
];

const STOP = new AbortController().signal;
const TOOL = await findTool('yosys', STOP, 'system');

async function check({ name, network, device: deviceName, request }: Case): Promise<boolean> {
  const device = findDevice(deviceName);
  const { chosen } = settle(fitPlan(network, { device, ...request }));
  if (chosen === null) throw new Error(`no plan of ${name} fits ${deviceName}`);
  const measured = await measureDesign({ network, plan: chosen.options }, device.family, TOOL, STOP);
  const cells = { ...Object.values(measured!.cells).reduce(addCells, NO_CELLS), loneFf: 0 };
  const { lanes, inputs, neurons, tokenBlock } = chosen.options;
  const plan = `${lanes} x ${inputs}, ${neurons} neurons, ${tokenBlock ?? 'all'} tokens`;
  const uses = deviceResources(device).map(({ resource, available, used }, i) => {
    return {
      text: `${resource} ${chosen.fit.uses[i]!.used} / ${used(cells)} of ${available}`,
      fits: used(cells) <= available,
    };
  });
  const fits = uses.every((use) => use.fits);
  console.log(
    `${fits ? 'fits' : 'DOES NOT FIT'} ${deviceName}: ${name}, ${plan}: ${uses.map(({ text }) => text).join(', ')}`,
  );
  return fits;
}

console.log('estimated / synthesized of available');
const results: boolean[] = [];
for (const each of CASES) results.push(await check(each));
process.exitCode = results.every((fits) => fits) ? 0 : 1;
