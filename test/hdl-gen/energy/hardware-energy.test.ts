import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkActivity,
  type EventPlan,
  eventMemoryTraffic,
  eventPassWork,
  findTechnology,
  hardwareEnergy,
  listTechnologies,
  memoryTraffic,
  mostWork,
  parseTechnology,
  plan,
  planDesign,
  planDigest,
  readActivity,
  type Technology,
} from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';
import { loadQuant } from '../../support/references.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const NETWORK = loadQuant('digits-tiny', 'w4-ptqbc');
const PLAN = plan(NETWORK, { lanes: 4, inputs: 2, neurons: 2, tokenBlock: 16 });
const TOGGLES = { accumulators: 600, planeAccumulators: 200, weights: 9, planeWeights: 9, spikes: 9, currents: 200 };
const PRICES: Technology = { name: 'x', description: 'x', sources: ['x'], pjPerAdderBit: 3, pjPerMemoryBit: 2 };

test('bits that memories move, by hand', () => {
  const traffic = new Map(memoryTraffic(NETWORK, PLAN).map((memory) => [memory.name, memory]));
  // 64 tokens of stage 0: 3 words of 4 channels, 2 pixels of 4 in a row, 8 planes
  assert.equal(traffic.get('pixels'), { name: 'pixels', read: 64 * 3 * 2 * 8 * 16, written: 8 * 256 });
  // axial matrices: 8 taps a tile over 64 x 3 tiles in stage 0, 4 taps over 16 x 6 in stage 1, two each
  assert.is(traffic.get('axial-weights')!.read, 2 * (64 * 3 * 8 + 16 * 6 * 4) * PLAN.formats.weightBits);
  // weights: of stage 0 every token reads fuse, fc1, fc2; of stage 1 also the five convolutions
  const stage0 = 64 * (3 * 18 + 6 * 6 + 3 * 12);
  const convolutions = 16 * 2 * 9 * (3 * 6 + 2 * 4);
  const stage1 = 16 * (6 * 36 + 12 * 12 + 6 * 24) + convolutions;
  assert.is(traffic.get('spike-weights')!.read, (stage0 + stage1) * 8 * PLAN.formats.weightBits);
  assert.is(traffic.get('spike-weights')!.written, 0);
});

test('energy is the bits at the prices of the technology; without a simulation it is that of the memories', () => {
  const bits = memoryTraffic(NETWORK, PLAN).reduce((sum, { read, written }) => sum + read + written, 0);
  const alone = hardwareEnergy(NETWORK, PLAN, PRICES);
  assert.is(alone.adders, null);
  assert.is(alone.total, 2 * bits);
  assert.is(alone.basis, 'model');
  const simulated = hardwareEnergy(NETWORK, PLAN, PRICES, { images: 2, planDigest: '', toggles: TOGGLES });
  assert.equal(simulated.adders, { bitsChanged: 500, images: 2, energy: 1500 });
  assert.is(simulated.total, 2 * bits + 1500);
});

test('technologies name their sources; files of users are checked', () => {
  assert.equal(listTechnologies(), ['asic-45nm', 'fpga-scaled']);
  for (const name of listTechnologies()) {
    const technology = findTechnology(name);
    assert.is(technology.name, name);
    assert.match(technology.sources.join(), /ISSCC 2014/);
  }
  assertError(() => findTechnology('asic-1nm'), 'USAGE', '--technology', 'asic-45nm, fpga-scaled');
  assertError(() => findTechnology('none.json'), 'INVALID_CONFIG', 'no such file');
  const text = JSON.stringify({ ...PRICES, sources: [] });
  assertError(() => parseTechnology(text, 'mine.json'), 'INVALID_CONFIG', 'mine.json', '/sources');
  const path = join(makeTemporaryFolder(), 'mine.json');
  writeFileSync(path, JSON.stringify(PRICES));
  assert.equal(findTechnology(path), PRICES);
});

test('an activity file without toggles is refused', () => {
  const path = join(makeTemporaryFolder(), 'activity.json');
  writeFileSync(path, JSON.stringify({ images: 3, planDigest: 'x', toggles: TOGGLES, passed: true }));
  assert.equal(readActivity(path).toggles, TOGGLES);
  writeFileSync(path, JSON.stringify({ images: 3, planDigest: 'x', toggles: null }));
  assertError(() => readActivity(path), 'INVALID_CONFIG', '/toggles');
});

test('activity of another plan is refused', () => {
  const activity = { images: 1, planDigest: planDigest(NETWORK, PLAN.options), toggles: TOGGLES };
  checkActivity(activity, planDigest(NETWORK, PLAN.options), 'activity.json');
  const other = planDigest(NETWORK, { ...PLAN.options, neurons: 1 });
  assertError(
    () => checkActivity(activity, other, 'activity.json'),
    'USAGE',
    'activity.json',
    'another network or plan',
  );
});

test('events move words: silence reads no weight, and half of the timesteps half of the membranes', () => {
  const planned = planDesign(NETWORK, { style: 'event', lanes: 6, neurons: 3 }) as EventPlan;
  const most = eventMemoryTraffic(NETWORK, planned, mostWork(planned));
  const traffic = new Map(most.map((memory) => [memory.name, memory]));
  const silent = planned.passes.map((pass) => eventPassWork(pass, planned.grid, () => 0));
  const none = new Map(
    eventMemoryTraffic(NETWORK, planned, { basis: 'mean', passes: silent }).map((memory) => [memory.name, memory]),
  );
  assert.is(none.get('event-rows')!.read, 0);
  assert.ok(traffic.get('event-rows')!.read > 0);
  assert.is(traffic.get('axial-rows')!.read, none.get('axial-rows')!.read);
  assert.is(traffic.get('spikes')!.written, none.get('spikes')!.written);
  const { read, written } = traffic.get('membranes')!;
  const { timesteps } = NETWORK.config;
  assert.is(read * timesteps, written * (timesteps - 1));
});

test.run();
