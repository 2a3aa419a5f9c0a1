import { Progress } from '@spikemill/plugin-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** Work that takes `milliseconds` for each of 100 steps; what is written. */
function work(milliseconds: number, isTTY: boolean): string[] {
  const lines: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => lines.push(text) };
  const progress = new Progress('running', 100, stream, () => now);
  for (let done = 1; done <= 100; done++) {
    now += milliseconds;
    progress.update(done);
  }
  progress.end();
  return lines;
}

test('work of under a second is silent', () => {
  assert.equal(work(9, true), []);
  assert.equal(work(9, false), []);
});

test('on a terminal one line is rewritten, ten times a second at most, and cleared in the end', () => {
  const lines = work(20, true);
  assert.is(lines[0], '\r\x1b[Krunning 50/100 (50 %, 1 s left)');
  assert.is(lines.length, 12);
  assert.is(lines.at(-1), '\r\x1b[K');
});

test('elsewhere there is a line every ten seconds', () => {
  const lines = work(300, false);
  assert.equal(lines, [
    'running 4/100 (4 %, 29 s left)\n',
    'running 38/100 (38 %, 19 s left)\n',
    'running 72/100 (72 %, 9 s left)\n',
  ]);
});

test('what somebody else has done says nothing about the time that is left; shares count', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = new Progress('running', 2, { write: (text: string) => lines.push(text) }, () => now, 1.5);
  now = 10_000;
  progress.update(1.75);
  assert.equal(lines, ['running 1/2 (87 %, 10 s left)\n']);
});

test('without a stream nothing happens', () => {
  const progress = new Progress('running', 1, null);
  progress.update(1);
  progress.end();
});

test('long work lets signals through', async () => {
  let now = 0;
  const progress = new Progress('running', 3, null, () => now);
  let isSeen = false;
  setImmediate(() => {
    isSeen = true;
  });
  await progress.step(1);
  assert.not(isSeen);
  now = 60;
  await progress.step(2);
  assert.ok(isSeen);
});

test.run();
