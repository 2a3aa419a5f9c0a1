/** The way of weights from external memory: addresses and credits, beats into words, tiles out of the ring. */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PortValues, runModule } from '../../support/rtl-bench.js';

/** Steps of a generator that is the same on every machine. */
function* bits(seed: number): Generator<boolean> {
  let state = seed + 1;
  for (;;) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield state > 1073741824;
  }
}

test('bursts run through the region again and again, as credits allow', () => {
  const parameters = { BusBits: 64, AddrBits: 20, BurstBytes: 64, Bursts: 3, LastBeats: 5, UnitBits: 6 };
  const credits = { Capacity: 20, BurstUnits: 8, LastUnits: 5 };
  const idle = { rst_i: 0, valid_i: 1, base_i: 0x7000, release_i: 0, release_units_i: 0, m_axi_arready_i: 1 };
  const quiet = { ...idle, m_axi_rvalid_i: 0, m_axi_rresp_i: 2 };
  const ready = bits(3);
  const cycles = 200;
  const inputs: PortValues[] = Array.from({ length: cycles }, (_, cycle) => ({
    ...quiet,
    rst_i: cycle < 2 ? 1 : 0,
    valid_i: cycle < 6 ? 0 : 1,
    release_i: cycle > 30 && cycle % 9 === 0 ? 1 : 0,
    release_units_i: 7,
    m_axi_arready_i: ready.next().value ? 1 : 0,
    m_axi_rvalid_i: cycle > 150 ? 1 : 0,
    m_axi_rresp_i: cycle === 190 ? 2 : 0,
  }));
  const outputs = runModule('smx_weight_fetch', { ...parameters, ...credits }, inputs);
  let [burst, free] = [0, credits.Capacity];
  let held: string | null = null;
  for (const [cycle, output] of outputs.entries()) {
    if (cycle < 3) continue;
    const { m_axi_arvalid_o: valid, m_axi_araddr_o: addr, m_axi_arlen_o: length, error_o: error } = output;
    assert.is(Number(error), cycle > 190 ? 1 : 0, 'a response that is no OKAY stays visible');
    const asked = `${addr} ${length}`;
    if (held !== null) assert.is(asked, held, 'an address is neither changed nor withdrawn');
    held = null;
    if (Number(valid) === 1) {
      const last = burst % 3 === 2;
      assert.is(Number(addr), 0x7000 + (burst % 3) * 64);
      assert.is(Number(length), last ? 4 : 7);
      if (inputs[cycle]!.m_axi_arready_i === 1) {
        free -= last ? 5 : 8;
        assert.ok(free >= 0, 'nothing comes that has no place');
        burst++;
      } else held = asked;
    }
    if (inputs[cycle]!.release_i === 1) free += 7;
  }
  assert.ok(burst > 12);
  assert.ok(free < 8 + 7, 'all that is free is asked for');
});

interface Words {
  readonly busBits: number;
  readonly wordBits: number;
  readonly beatsPerWord: number;
  readonly wordsPerBeat: number;
  /** Words of an image. */
  readonly count: number;
}

const anyWords: fc.Arbitrary<Words> = fc
  .record({ wordBits: fc.integer({ min: 3, max: 70 }), count: fc.integer({ min: 1, max: 9 }) })
  .map(({ wordBits, count }) => ({
    busBits: 32,
    wordBits,
    count,
    beatsPerWord: Math.ceil(wordBits / 32),
    wordsPerBeat: Math.max(1, Math.floor(32 / wordBits)),
  }));

/** Beats of the words of an image, the last one marked; the place that no word takes is all ones. */
function packBeats({ wordBits, wordsPerBeat, beatsPerWord }: Words, words: readonly bigint[]): bigint[] {
  if (wordsPerBeat === 1) {
    return words.flatMap((word) =>
      Array.from({ length: beatsPerWord }, (_, beat) => BigInt.asUintN(32, word >> BigInt(32 * beat))),
    );
  }
  const beats: bigint[] = [];
  for (let first = 0; first < words.length; first += wordsPerBeat) {
    let beat = 0xffffffffn;
    for (const [i, word] of words.slice(first, first + wordsPerBeat).entries()) {
      const mask = ((1n << BigInt(wordBits)) - 1n) << BigInt(i * wordBits);
      beat = (beat & ~mask) | (word << BigInt(i * wordBits));
    }
    beats.push(beat);
  }
  return beats;
}

test('beats become words, whatever the widths, image after image', () => {
  const law = fc.property(anyWords, fc.nat(1000), (shape, seed) => {
    const random = bits(seed);
    const word = (): bigint => {
      let value = 0n;
      for (let i = 0; i < shape.wordBits; i++) value = 2n * value + (random.next().value ? 1n : 0n);
      return value;
    };
    const images = [0, 1].map(() => Array.from({ length: shape.count }, word));
    const beats = images.flatMap((words) =>
      packBeats(shape, words).map((data, i, all) => ({ data, last: i === all.length - 1 })),
    );
    const lastWords = shape.wordsPerBeat > 1 ? ((shape.count - 1) % shape.wordsPerBeat) + 1 : 1;
    const { busBits, wordBits, beatsPerWord, wordsPerBeat } = shape;
    const parameters = {
      ...{ BusBits: busBits, WordBits: wordBits, BeatsPerWord: beatsPerWord, WordsPerBeat: wordsPerBeat },
      ...{ Bursts: 1, LastWords: lastWords },
    };
    // an offer stands until it is taken: every beat stays as long as the slowest takes
    const perBeat = wordsPerBeat + 1;
    const reset: PortValues = { rst_i: 1, m_axi_rvalid_i: 0, m_axi_rdata_i: 0, m_axi_rlast_i: 0 };
    const inputs: PortValues[] = [reset];
    for (const { data, last } of beats) {
      const none = { rst_i: 0, m_axi_rvalid_i: 0, m_axi_rdata_i: 0xdead, m_axi_rlast_i: 1 };
      inputs.push({ rst_i: 0, m_axi_rvalid_i: 1, m_axi_rdata_i: data, m_axi_rlast_i: last ? 1 : 0 });
      for (let i = 0; i < perBeat; i++) inputs.push(none);
    }
    const outputs = runModule('smx_weight_unpack', parameters, inputs);
    for (const [cycle, { m_axi_rready_o: ready }] of outputs.entries()) {
      if (inputs[cycle]!.m_axi_rvalid_i === 1) assert.is(Number(ready), 1, 'ready behind the last word of a beat');
    }
    const seen = outputs.slice(1).filter(({ write_o: write }) => Number(write) === 1);
    assert.equal(
      seen.map(({ data_o: data }) => data),
      images.flat(),
    );
  });
  fc.assert(law, { numRuns: 12 });
});

test('the ring hands out tiles as often as they are used, and holds until they are there', () => {
  const parameters = { Width: 8, Depth: 7, AddrBits: 3, UnitBits: 5, UnitsPerWord: 2 };
  // tiles of three words, each used twice; a word comes every fourth cycle as long as there is room
  const tile = 3;
  const uses = 2;
  const order: number[] = [];
  for (let t = 0; t < 5; t++) for (let use = 0; use < uses; use++) for (let w = 0; w < tile; w++) order.push(3 * t + w);
  const idle = {
    rst_i: 0,
    write_i: 0,
    data_i: 0,
    external_i: 1,
    tile_units_i: 6,
    step_i: 0,
    tile_last_i: 0,
    next_i: 0,
  };
  // what the ring answers decides what comes next: run it again with one cycle more until all is read
  const reset = { ...idle, rst_i: 1 };
  const inputs: PortValues[] = [reset, reset];
  const read: number[] = [];
  let [written, released, step] = [0, 0, 0];
  let outputs = runModule('smx_weight_ring', parameters, inputs);
  for (let cycle = 0; step < order.length && cycle < 80; cycle++) {
    const isWritten = cycle % 4 !== 3 && written - released < parameters.Depth && written < 15;
    const write = isWritten ? { write_i: 1, data_i: 100 + written } : {};
    outputs = runModule('smx_weight_ring', parameters, [...inputs, { ...idle, ...write }]);
    const isHeld = Number(outputs.at(-1)!.hold_o) === 1;
    const isLast = step % tile === tile - 1;
    const isNext = Math.floor(step / tile) % uses === uses - 1;
    const steps = isHeld ? {} : { step_i: 1, tile_last_i: isLast ? 1 : 0, next_i: isNext ? 1 : 0 };
    inputs.push({ ...idle, ...write, ...steps });
    if (isWritten) written++;
    if (isHeld) continue;
    read.push(inputs.length + 1);
    if (isLast && isNext) released += tile;
    step++;
  }
  outputs = runModule('smx_weight_ring', parameters, [...inputs, idle, idle]);
  assert.is(step, order.length, 'all tiles are read');
  assert.equal(
    read.map((cycle) => Number(outputs[cycle]!.data_o)),
    order.map((word) => 100 + word),
  );
  assert.is(outputs.filter(({ release_o: release }) => Number(release) === 1).length, 5);
  const [first] = read;
  assert.ok(first! > tile + 1, 'the first tile waits for its last word');
});

test('stalls are counted from image to image', () => {
  const busy = [0, 1, 1, 1, 1, 0, 1, 1, 1, 0];
  const stall = [0, 0, 1, 0, 1, 0, 0, 1, 0, 0];
  const inputs = busy.map((busy_i, i) => ({ rst_i: i === 0 ? 1 : 0, busy_i, stall_i: stall[i]! }));
  const counts = runModule('smx_stall_counter', {}, inputs).map(({ count_o: count }) => Number(count));
  assert.equal(counts.slice(2), [0, 1, 1, 2, 2, 0, 1, 1]);
});

test.run();
