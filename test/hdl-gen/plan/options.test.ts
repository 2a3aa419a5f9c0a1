import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeOptions, DEFAULT_PLAN, makeGrid, type PlanOptions, readPlanFile } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

test('adders of three terms: dense lanes of trees; the default leaves no trace', () => {
  assert.equal(completeOptions({ adders: 'binary' }), completeOptions({}));
  assert.is(completeOptions({ adders: 'ternary' }).adders, 'ternary');
  assert.is(makeGrid(completeOptions({}), 1).adders, 'binary');
  const choose = (choice: Partial<PlanOptions>) => () => completeOptions({ adders: 'ternary', ...choice });
  assertError(choose({ lane: 'table' }), 'PLAN', 'plan.adders', 'lanes of trees', 'lane table', '--lane tree');
  assertError(choose({ style: 'event' }), 'PLAN', 'plan.adders', 'style event', '--style dense');
});

test('what is left out has a default', () => {
  assert.equal(completeOptions({}), { ...DEFAULT_PLAN, neurons: 4 });
  assert.is(completeOptions({ lanes: 9 }).neurons, 3);
  assert.is(completeOptions({ lanes: 7 }).neurons, 1);
  assert.is(completeOptions({ lanes: 1 }).neurons, 1);
  assert.is(completeOptions({ tokenBlock: null }).tokenBlock, null);
});

test('numbers out of range', () => {
  for (const lanes of [0, -1, 1.5, 1025, Number.NaN]) {
    assertError(() => completeOptions({ lanes }), 'USAGE', 'plan.lanes', '1 to 1024', `actual:   ${lanes}`);
  }
  assertError(() => completeOptions({ inputs: 0 }), 'USAGE', 'plan.inputs', '1 to 256');
  assertError(() => completeOptions({ inputs: 257 }), 'USAGE', 'plan.inputs');
  assertError(() => completeOptions({ tokenBlock: 0 }), 'USAGE', 'plan.tokenBlock');
  assertError(() => completeOptions({ lanes: 4, neurons: 5 }), 'USAGE', 'plan.neurons', '1 to 4');
});

test('neurons that do not divide the lanes: the limit and the way on', () => {
  const wrong = () => completeOptions({ lanes: 9, neurons: 2 });
  assertError(wrong, 'PLAN', 'plan.neurons', 'a divisor of 9 lanes', '2 neurons', 'use --neurons 3');
});

test('tables keep their weights: in group order, in one engine', () => {
  assert.is(completeOptions({ lane: 'table' }).loopOrder, 'group');
  const inTokenOrder = () => completeOptions({ lane: 'table', loopOrder: 'token' });
  assertError(inTokenOrder, 'PLAN', 'plan.loopOrder', 'group', 'token', '--lane tree');
  const cut = () => completeOptions({ lane: 'table', segments: 2 });
  assertError(cut, 'PLAN', 'plan.segments', '1 segment, or lanes of trees', '2, lane: table');
  const fromOutside = () => completeOptions({ lane: 'table', weights: 'external' });
  assertError(fromOutside, 'PLAN', 'plan.weights', 'image or stream', 'external');
});

test('axial inputs: part of the inputs, of trees in one engine; one of them is what a plan without them has', () => {
  assert.equal(completeOptions({ axialInputs: 1 }), completeOptions({}));
  assert.is(completeOptions({ inputs: 6, axialInputs: 6 }).axialInputs, 6);
  assert.is(makeGrid(completeOptions({}), 1).axialInputs, 1);
  const choose = (choice: Partial<PlanOptions>) => () => completeOptions({ inputs: 6, axialInputs: 2, ...choice });
  assertError(choose({ axialInputs: 0 }), 'USAGE', 'plan.axialInputs', '1 to 256');
  const most = ['at most the 6 inputs', 'axialInputs 7, inputs 6', '--axial-inputs 6, or --inputs 7'];
  assertError(choose({ axialInputs: 7 }), 'PLAN', 'plan.axialInputs', ...most);
  assertError(choose({ inputs: 1 }), 'PLAN', 'at most the 1 input that a lane has');
  assertError(choose({ lane: 'table' }), 'PLAN', 'lanes of trees', 'axialInputs 2, lane table', '--lane tree');
  assertError(choose({ segments: 2 }), 'PLAN', '1 segment', 'axialInputs 2, segments 2', '--segments');
  const event = () => completeOptions({ style: 'event', axialInputs: 2 });
  assertError(event, 'PLAN', 'style dense', 'axialInputs 2, style event', '--style dense');
});

test('the grid: rows hold whole words and whole slices', () => {
  const grid = makeGrid(completeOptions({ lanes: 6, inputs: 4, neurons: 2 }), 3);
  const { steps, rowSlots, rowWords, rowSlices } = grid;
  assert.equal({ steps, rowSlots, rowWords, rowSlices }, { steps: 9, rowSlots: 12, rowWords: 2, rowSlices: 3 });
});

test('plan files', () => {
  const path = join(makeTemporaryFolder(), 'plan.json');
  const read = (text: string) => {
    writeFileSync(path, text);
    return readPlanFile(path);
  };
  assert.equal(read('{"$schema": "x", "lanes": 3, "tokenBlock": null}'), { lanes: 3, tokenBlock: null });
  assert.equal(read('{"inputs": 8, "axialInputs": 4}'), { inputs: 8, axialInputs: 4 });
  assertError(() => read('{"lanes": 0}'), 'INVALID_CONFIG', '/lanes', 'must be >= 1');
  assertError(() => read('{"laness": 4}'), 'INVALID_CONFIG', 'only the properties that the schema knows', 'laness');
  assertError(() => readPlanFile(`${path}.none`), 'INVALID_CONFIG', 'no such file');
});

test.run();
