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

test('tiles of nearly equal size: 1 to 4 registers of 16 outputs, 5 with 8-bit lanes', () => {
  const tiles = (outputs: number, fill: number) => {
    const { data, tiles, largeTiles, registers, registerBytes } = packRows(weights(outputs, 3, fill));
    assert.is(data.length, Math.ceil(outputs / 16) * registerBytes);
    return [largeTiles, registers, tiles - largeTiles];
  };
  assert.equal(tiles(1, 127), [1, 1, 0]);
  assert.equal(tiles(64, 127), [1, 4, 0]);
  assert.equal(tiles(65, 127), [1, 3, 1]);
  assert.equal(tiles(156, 127), [1, 4, 2]);
  assert.equal(tiles(80, 7), [1, 5, 0]);
  assert.equal(tiles(81, 7), [2, 3, 0]);
  assert.equal(tiles(97, 7), [1, 4, 1]);
});

test('tiles of 5 registers only while they fit the cache', () => {
  assert.is(packRows(weights(80, 500, 7)).registers, 5);
  assert.is(packRows(weights(80, 501, 7)).registers, 3);
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
