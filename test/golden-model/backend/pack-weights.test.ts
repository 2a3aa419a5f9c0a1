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
    const { byteLanes, rowsPerSpill } = packRows(weights(4, inputs, fill));
    return [byteLanes, rowsPerSpill < 1000 ? rowsPerSpill : 'never'];
  };
  assert.equal(lanes(300, 127), [0, 255]);
  assert.equal(lanes(258, 127), [0, 'never']);
  assert.equal(lanes(259, 127), [0, 255]);
  assert.equal(lanes(300, 8), [0, 'never']);
  assert.equal(lanes(300, 7), [1, 18]);
  assert.equal(lanes(18, 7), [1, 'never']);
  assert.equal(lanes(19, 7), [1, 18]);
  assert.equal(lanes(300, -1), [1, 127]);
  assert.equal(lanes(5000, 7), [0, 255]);
});

test('more rows than 16 bits name are refused', () => {
  assert.is(packRows(weights(1, 65_536, 1)).tiles, 1);
  assert.throws(() => packRows(weights(1, 65_537, 1)), /too wide/);
});

test.run();
