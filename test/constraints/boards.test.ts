import { readdirSync } from 'node:fs';
import { type Board, findBoard, findDevice, listBoards, parseBoard } from '@spikemill/constraints';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../support/errors.js';

const FOLDER = new URL('../../constraints/data/boards/', import.meta.url);

/** Every pin that a record names. */
function pinsOf({ clock, uart, led, reset }: Board): string[] {
  return [...clock.pins, uart.rx, uart.tx, ...[led, reset].flatMap((pin) => (pin === null ? [] : [pin.pin]))];
}

test('every file is one board of its name', () => {
  const names = listBoards().map(({ name }) => `${name}.json`);
  assert.equal(names, readdirSync(FOLDER).sort());
});

test('the boards that people have are there', () => {
  const wanted = [
    ...['icebreaker', 'upduino', 'tinyfpga-bx', 'ice40-hx8k-breakout'],
    ...['ulx3s-12f', 'ulx3s-25f', 'ulx3s-45f', 'ulx3s-85f', 'orangecrab-25f', 'colorlight-i5'],
    ...['arty-a7-35t', 'arty-a7-100t', 'pynq-z2', 'kv260', 'zcu104', 'zcu102', 'alveo-u250'],
  ];
  for (const name of wanted) assert.is(findBoard(name).name, name);
});

for (const board of listBoards()) {
  test(`${board.name}: the record agrees with itself`, () => {
    const { family, clock: deviceClock } = findDevice(board.device);
    assert.is(board.nextpnr !== null, family === 'ice40' || family === 'ecp5');
    assert.is(new Set(pinsOf(board)).size, pinsOf(board).length, 'a pin has two uses');
    const { divide, megahertz } = board.clock;
    assert.ok(divide === 1 || divide % 2 === 0);
    assert.ok(
      megahertz / divide <= deviceClock.megahertz,
      'the design is too fast for what its device is thought to do',
    );
    // what nothing here can read must not be called tried
    if (board.nextpnr === null) assert.is(board.checked.level, 'files');
  });
}

test('what was found in one place, is disputed or concluded says why', () => {
  for (const { name, clock, uart, led, reset } of listBoards()) {
    for (const group of [clock, uart, led, reset]) {
      if (group === null) continue;
      const { level, note } = group.verified;
      assert.ok(note.length > 3, name);
      if (level === 'disputed') assert.match(note, /other/, name);
    }
  }
});

test('an unknown board is refused with the known ones', () => {
  assert.is(findBoard('ICEBreaker').name, 'icebreaker');
  assertError(() => findBoard('icebraker'), 'USAGE', 'icebraker', ...listBoards().map(({ name }) => name));
});

test('a record that is not as its schema says is refused', () => {
  const good = findBoard('icebreaker');
  assert.equal(parseBoard(JSON.stringify(good), 'icebreaker.json'), good);
  const { uart: _, ...withoutUart } = good;
  const wrong: object[] = [
    withoutUart,
    { ...good, extra: 1 },
    { ...good, clock: { ...good.clock, pins: [] } },
    { ...good, clock: { ...good.clock, megahertz: 0 } },
    { ...good, uart: { ...good.uart, rx: 'B-10' } },
    { ...good, led: { ...good.led, verified: { level: 'sure', note: '' } } },
  ];
  for (const record of wrong) {
    assertError(() => parseBoard(JSON.stringify(record), 'my.json'), 'INVALID_CONFIG', 'my.json');
  }
  assertError(() => parseBoard('{', 'my.json'), 'INVALID_CONFIG', 'not JSON');
});

test.run();
