/** The serial line, bit by bit: receiver, transmitter, checksum, clock, reset. */
import { crc16 } from '@spikemill/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomGenerator } from '../../../support/random-network.js';
import { runModule } from '../../../support/rtl-bench.js';

/** Levels of a byte on the line: start bit, data from the lowest bit on, stop bit. */
function bitsOf(byte: number): number[] {
  return [0, ...Array.from({ length: 8 }, (_, i) => (byte >> i) & 1), 1];
}

/** A line in samples: every bit lasts `clocks`, which need not be whole. */
function sampled(bits: readonly number[], clocks: number): number[] {
  return Array.from({ length: Math.round(bits.length * clocks) }, (_, i) => bits[Math.floor((i + 0.5) / clocks)]!);
}

/** What the receiver made of a line. */
function receive(line: readonly number[], clocksPerBit: number): { bytes: number[]; errors: number } {
  const idle = Array.from({ length: 3 * clocksPerBit }, () => 1);
  const inputs = [...idle, ...line, ...idle].map((rx_i, i) => ({ rst_i: i < 2 ? 1 : 0, rx_i }));
  const outputs = runModule('smx_uart_rx', { ClocksPerBit: clocksPerBit }, inputs).slice(2);
  const bytes = outputs.filter(({ valid_o }) => valid_o === 1n).map(({ data_o }) => Number(data_o));
  return { bytes, errors: outputs.filter(({ error_o }) => error_o === 1n).length };
}

const ALL_BYTES = Array.from({ length: 256 }, (_, i) => (i * 73) & 0xff);

test('smx_uart_rx: every byte, back to back, at the least and at uneven clocks per bit', () => {
  for (const clocks of [4, 5, 13]) {
    const line = sampled(ALL_BYTES.flatMap(bitsOf), clocks);
    assert.equal(receive(line, clocks), { bytes: ALL_BYTES, errors: 0 });
  }
});

test('smx_uart_rx: a sender that is up to three percent off', () => {
  const bytes = [0x00, 0xff, 0x55, 0xaa, 0x01, 0x80];
  for (const factor of [0.97, 0.99, 1.01, 1.03]) {
    assert.equal(receive(sampled(bytes.flatMap(bitsOf), 50 * factor), 50), { bytes, errors: 0 }, String(factor));
  }
});

test('smx_uart_rx: a glitch is no start bit', () => {
  const line = [...sampled([1, 1], 8), 0, 0, 0, ...sampled([1, 1], 8), ...sampled(bitsOf(0x3c), 8)];
  assert.equal(receive(line, 8), { bytes: [0x3c], errors: 0 });
});

test('smx_uart_rx: a break is one error, and the next byte is read', () => {
  const line = [
    ...sampled(
      Array.from({ length: 25 }, () => 0),
      8,
    ),
    ...sampled([1, 1], 8),
    ...sampled(bitsOf(0xa7), 8),
  ];
  assert.equal(receive(line, 8), { bytes: [0xa7], errors: 1 });
});

test('smx_uart_tx: the line is the one that the receiver reads', () => {
  for (const clocks of [4, 7, 104]) {
    const bytes = ALL_BYTES.slice(0, clocks > 50 ? 6 : 60);
    const total = 4 + bytes.length * (10 * clocks + 1) + 12;
    let next = 0;
    let readyAt = 3;
    // the transmitter takes a byte in the clock in which it is ready, and is busy for ten bits
    const inputs = Array.from({ length: total }, (_, i) => {
      const isTaken = i === readyAt && next < bytes.length;
      if (isTaken) readyAt += 10 * clocks + 1;
      const data_i = isTaken ? bytes[next++]! : 0;
      return { rst_i: i < 2 ? 1 : 0, valid_i: isTaken ? 1 : 0, data_i };
    });
    const outputs = runModule('smx_uart_tx', { ClocksPerBit: clocks }, inputs).slice(2);
    assert.is(outputs[0]!.tx_o, 1n, 'the line idles high');
    const line = outputs.map(({ tx_o }) => Number(tx_o));
    assert.equal(receive(line, clocks), { bytes, errors: 0 });
    // a start bit and nothing else begins each byte: ten bits later the stop bit
    assert.equal(line.slice(2, 2 + 10 * clocks), sampled(bitsOf(bytes[0]!), clocks));
  }
});

test('smx_crc16: the published check value, and the host agrees', () => {
  const crcOf = (bytes: readonly number[]): number => {
    let crc = 0xffffn;
    for (const data_i of bytes) crc = runModule('smx_crc16', {}, [{ crc_i: crc, data_i }])[0]!.crc_o!;
    return Number(crc);
  };
  const check = [...Buffer.from('123456789')];
  assert.is(crcOf(check), 0x29b1);
  assert.is(crc16(Uint8Array.from(check)), 0x29b1);
  const random = randomGenerator(1);
  const steps = Array.from({ length: 500 }, () => ({
    crc_i: Math.floor(random() * 65536),
    data_i: Math.floor(random() * 256),
  }));
  const outputs = runModule('smx_crc16', {}, steps);
  for (const [i, { crc_i, data_i }] of steps.entries()) {
    let value = crc_i ^ (data_i << 8);
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & 0x8000 ? 0x11021 : 0);
    assert.is(Number(outputs[i]!.crc_o), value & 0xffff);
  }
});

test('smx_clock_divide: one cycle for that many of the oscillator, half of it high', () => {
  for (const divide of [2, 4, 6]) {
    const outputs = runModule(
      'smx_clock_divide',
      { Divide: divide },
      Array.from({ length: 8 * divide }, () => ({})),
    );
    const levels = outputs.map(({ clk_o }) => Number(clk_o));
    const rises = levels.flatMap((level, i) => (level === 1 && levels[i - 1] === 0 ? [i] : []));
    assert.ok(rises.length >= 6);
    for (const [i, rise] of rises.entries()) {
      if (i > 0) assert.is(rise - rises[i - 1]!, divide);
      assert.equal(
        levels.slice(rise, rise + divide / 2),
        Array.from({ length: divide / 2 }, () => 1),
      );
    }
  }
});

test('smx_board_reset: after power-on, and by a button of either level', () => {
  for (const ActiveLow of [0, 1]) {
    const [released, pressed] = ActiveLow === 1 ? [1, 0] : [0, 1];
    const inputs = Array.from({ length: 700 }, (_, i) => ({ button_i: i >= 300 && i < 310 ? pressed : released }));
    const resets = runModule('smx_board_reset', { ActiveLow }, inputs).map(({ rst_o }) => Number(rst_o));
    assert.equal(new Set(resets.slice(0, 255)), new Set([1]), 'after power-on');
    assert.equal(new Set(resets.slice(265, 300)), new Set([0]), 'released');
    assert.equal(new Set(resets.slice(304, 310)), new Set([1]), 'pressed');
    assert.equal(new Set(resets.slice(312, 560)), new Set([1]), 'it bounces for a while');
    assert.equal(new Set(resets.slice(580)), new Set([0]), 'released again');
  }
});

test.run();
