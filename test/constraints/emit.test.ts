/** Constraint files against committed text: `UPDATE_EXPECTED=1` writes it, and the diff is the review. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  boardPorts,
  constraintFiles,
  emitLpf,
  emitPcf,
  emitSdc,
  emitXdc,
  findBoard,
  listBoards,
} from '@spikemill/constraints';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../support/errors.js';

const EXPECTED = new URL('./expected/', import.meta.url);
const DIVIDED = { net: 'clk_core', register: 'u_divide/g_divide.divided_q' };

/** The files of a board with its own divider. */
function filesOf(name: string): ReadonlyMap<string, string> {
  const board = findBoard(name);
  return constraintFiles(board, boardPorts(board), { ...DIVIDED, divide: board.clock.divide });
}

if (process.env.UPDATE_EXPECTED) {
  mkdirSync(EXPECTED, { recursive: true });
  for (const { name } of listBoards()) {
    for (const [file, text] of filesOf(name)) writeFileSync(new URL(file, EXPECTED), text);
  }
}

for (const { name } of listBoards()) {
  test(`${name}: constraint files are as committed`, () => {
    for (const [file, text] of filesOf(name)) {
      const path = fileURLToPath(new URL(file, EXPECTED));
      assert.ok(existsSync(path), file);
      assert.fixture(text, readFileSync(path, 'utf8'), file);
    }
  });
}

test('no committed file is left over', () => {
  const files = listBoards().flatMap(({ name }) => [...filesOf(name).keys()]);
  assert.equal(readdirSync(EXPECTED).sort(), files.sort());
});

test('every pin of a record is in its file, at the port that it belongs to', () => {
  for (const board of listBoards()) {
    const { clock, uart, led, reset } = board;
    const ports = boardPorts(board);
    const [text] = [...filesOf(board.name).values()];
    const wanted: [port: string | undefined, pin: string | undefined][] = [
      [ports.clock, clock.pins[0]],
      [ports.clockNegative, clock.pins[1]],
      [ports.uartRx, uart.rx],
      [ports.uartTx, uart.tx],
      [ports.led, led?.pin],
      [ports.reset, reset?.pin],
    ];
    for (const [port, pin] of wanted) {
      assert.is(port === undefined, pin === undefined, board.name);
      if (port === undefined) continue;
      const line = new RegExp(
        `set_io (-pullup yes )?${port} ${pin} |COMP "${port}" SITE "${pin}"|PACKAGE_PIN ${pin} .*get_ports ${port}\\]`,
      );
      assert.match(text!, line);
    }
  }
});

test('the same record gives the same bytes', () => {
  for (const { name } of listBoards()) assert.equal([...filesOf(name)], [...filesOf(name)]);
});

test('a design may leave parts of the board alone, and name its ports as it likes', () => {
  const board = findBoard('icebreaker');
  const text = emitPcf(board, { clock: 'aclk', uartTx: 'serial_out' });
  assert.match(text, 'set_io aclk 35 ');
  assert.match(text, 'set_io serial_out 9 ');
  assert.not.match(text, 'led');
  assert.match(text, 'set_frequency aclk 12\n');
});

test('a divided clock is constrained where the format can', () => {
  const divided = { ...DIVIDED, divide: 4 };
  assert.match(emitPcf(findBoard('icebreaker'), undefined, divided), 'set_frequency clk_core 3\n');
  assert.match(emitLpf(findBoard('ulx3s-85f'), undefined, divided), 'FREQUENCY NET "clk_core" 6.25 MHZ;\n');
  const xdc = emitXdc(findBoard('arty-a7-35t'), undefined, divided);
  assert.match(xdc, 'create_clock -period 10.000 -name clk [get_ports clk]\n');
  assert.match(
    xdc,
    'create_generated_clock -name clk_core -source [get_ports clk] -divide_by 4 [get_pins u_divide/g_divide.divided_q_reg/Q]\n',
  );
  for (const emit of [emitPcf, emitLpf, emitXdc, emitSdc]) {
    assert.not.match(emit(findBoard('icebreaker'), undefined, { ...DIVIDED, divide: 1 }), 'clk_core');
  }
});

test('an open receiver line reads as idle, a button as released', () => {
  assert.match(emitPcf(findBoard('icebreaker')), 'set_io -pullup yes uart_rx 6 ');
  assert.match(emitLpf(findBoard('ulx3s-12f')), 'IOBUF PORT "uart_rx" IO_TYPE=LVCMOS33 PULLMODE=UP;');
  assert.match(emitLpf(findBoard('ulx3s-12f')), 'IOBUF PORT "reset_button" IO_TYPE=LVCMOS33 PULLMODE=DOWN;');
  assert.match(emitXdc(findBoard('zcu102')), 'LVCMOS33 PULLTYPE PULLDOWN} [get_ports reset_button]');
});

test('a port without a pin is refused', () => {
  const kv260 = findBoard('kv260');
  assertError(() => emitXdc(kv260, { clock: 'clk', led: 'led' }), 'USAGE', 'no LED', 'kv260');
  assertError(() => emitXdc(kv260, { clock: 'clk', reset: 'button' }), 'USAGE', 'no reset button', 'button');
  assertError(() => emitXdc(kv260, { clock: 'p', clockNegative: 'n' }), 'USAGE', 'no differential clock');
});

test.run();
