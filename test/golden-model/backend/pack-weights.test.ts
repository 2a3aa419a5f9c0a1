import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packRows } from '../../../golden-model/src/backend/wasm/pack-weights.js';

function weights(outputs: number, inputs: number, fill: number) {
  return {
    shape: [outputs, inputs],
    weight: new Int8Array(outputs * inputs).fill(fill),
    exponent: new Int8Array(outputs),
    bias: new Int32Array(outputs),
  };
}

test('lanes by the size of the weights, spilling by what they can reach', () => {
  const lanes = (inputs: number, fill: number) => {
    const { byteLanes, rowsPerSpill, wideSums } = packRows(weights(4, inputs, fill));
    if (!byteLanes) return wideSums ? '32 bits' : '16 bits';
    return rowsPerSpill;
  };
  assert.is(lanes(300, 127), '32 bits');
  assert.is(lanes(258, 127), '16 bits');
  assert.is(lanes(259, 127), '32 bits');
  assert.is(lanes(300, 8), '16 bits');
  assert.is(lanes(300, 7), 18);
  assert.is(lanes(300, 3), 42);
  assert.is(lanes(300, -1), 127);
  assert.is(lanes(300, 0), 127);
  assert.is(lanes(5000, 7), '32 bits');
});

test('tiles of nearly equal size: 1 to 4 registers of 16 outputs, or of 30 where weights are nibbles', () => {
  const tiles = (outputs: number, fill: number) => {
    const { data, tiles, largeTiles, registers, registerBytes } = packRows(weights(outputs, 3, fill));
    assert.is(data.length, (tiles * (registers - 1) + largeTiles) * registerBytes);
    return [largeTiles, registers, tiles - largeTiles];
  };
  assert.equal(tiles(1, 127), [1, 1, 0]);
  assert.equal(tiles(64, 127), [1, 4, 0]);
  assert.equal(tiles(65, 127), [1, 3, 1]);
  assert.equal(tiles(156, 127), [1, 4, 2]);
  assert.equal(tiles(1, 7), [1, 1, 0]);
  assert.equal(tiles(24, 7), [1, 1, 0]);
  assert.equal(tiles(25, 7), [1, 2, 0]);
  assert.equal(tiles(88, 7), [1, 3, 0]);
  assert.equal(tiles(120, 7), [1, 4, 0]);
  assert.equal(tiles(121, 7), [1, 3, 1]);
  assert.equal(tiles(312, 7), [2, 4, 1]);
});

test('rows of nibbles: every output once, the uppermost nibble of every 64 bits empty', () => {
  for (const outputs of [24, 56, 88, 120]) {
    const fill = Int8Array.from({ length: outputs * outputs }, (_, i) => (i % (outputs + 1) === 0 ? 7 : -7));
    const { data, registers } = packRows({ ...weights(outputs, outputs, 0), weight: fill });
    const found = new Set<number>();
    for (let input = 0; input < outputs; input++) {
      const row = new Uint8Array(data.buffer, input * registers * 16, registers * 16);
      const nibbles = [...row].flatMap((byte) => [byte & 15, byte >> 4]);
      assert.is(nibbles.filter((nibble) => nibble !== 0).length, 1);
      assert.is(nibbles.indexOf(14) === nibbles.findIndex((nibble) => nibble !== 0), true);
      assert.is.not(nibbles.indexOf(14) % 16, 15);
      found.add(nibbles.indexOf(14));
    }
    assert.is(found.size, outputs);
  }
});

test('rows of pairs: the first 8 outputs in even bytes, the others in odd ones, 128 more than the weight', () => {
  const outputs = 16;
  const numbered = { ...weights(outputs, 1, 0), weight: Int8Array.from({ length: outputs }, (_, i) => i - 120) };
  const bytes = new Uint8Array(packRows(numbered).data.buffer);
  assert.equal([...bytes.subarray(0, 4)], [8, 16, 9, 17]);
  assert.is(bytes[15], 23);
});

test('more rows than 16 bits name are refused', () => {
  assert.is(packRows(weights(1, 65_536, 1)).tiles, 1);
  assert.throws(() => packRows(weights(1, 65_537, 1)), /too wide/);
});

test.run();
