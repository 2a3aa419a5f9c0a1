/** Quantizing the float models reproduces the reference files, tensor by tensor, byte by byte. */
import { foldNetwork, type QuantizeProgress, quantizeNetwork, writeQuantizedFile } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadFloat, loadPixels, MODELS, type Model, readTensors } from '../support/references.js';

function assertReproduces(model: Model, name: string, weightBits: number, isCorrected: boolean): void {
  const network = foldNetwork(loadFloat(model));
  const images = isCorrected ? loadPixels(model, network.config, 'calib') : [];
  assert.is(images.length, isCorrected ? 128 : 0);
  const made = writeQuantizedFile(quantizeNetwork(network, { weightBits, biasCorrection: images })).tensors;
  const expected = readTensors(model, `quant-${name}.safetensors`).tensors;
  assert.equal([...made.keys()].sort(), [...expected.keys()].sort());
  for (const [key, { dtype, shape, bytes }] of expected) {
    const tensor = made.get(key)!;
    assert.is(tensor.dtype, dtype, key);
    assert.equal(tensor.shape, shape, key);
    assert.equal([...tensor.bytes], [...bytes], key);
  }
}

for (const model of MODELS) {
  for (const bits of [8, 4]) {
    test(`${model} at ${bits} bits`, () => assertReproduces(model, `w${bits}-ptq`, bits, false));
  }
}
for (const model of ['digits-tiny', 'mnist-small'] as const) {
  test(`${model} at 4 bits with bias correction`, () => assertReproduces(model, 'w4-ptqbc', 4, true));
}

test('progress counts the calibration images, then the layers', () => {
  const network = foldNetwork(loadFloat('digits-tiny'));
  const biasCorrection = loadPixels('digits-tiny', network.config, 'calib').slice(0, 2);
  const seen: QuantizeProgress[] = [];
  const { method } = quantizeNetwork(network, { biasCorrection, onProgress: (progress) => seen.push(progress) });
  assert.is(method, 'post-training with bias correction on 2 images');
  assert.equal(seen.slice(0, 2), [
    { phase: 'calibrate', done: 1, total: 2 },
    { phase: 'calibrate', done: 2, total: 2 },
  ]);
  assert.equal(seen.at(-1), { phase: 'quantize', done: network.layers.size, total: network.layers.size });
  assert.is(seen.length, 2 + network.layers.size);
});

test('weights that no exponent of int8 can hold are refused', () => {
  const network = foldNetwork(loadFloat('digits-tiny'));
  const layers = new Map(network.layers);
  const fuse = layers.get('token_mix.0.fuse')!;
  layers.set('token_mix.0.fuse', { ...fuse, weight: fuse.weight.map((w) => w * 2 ** 140) });
  assert.throws(
    () => quantizeNetwork({ ...network, layers }),
    ({ code, details }: { code: string; details: { where: string } }) =>
      code === 'INVALID_TENSOR' && details.where === 'token_mix.0.fuse',
  );
});

test('sums that could leave int32 are refused', () => {
  const network = foldNetwork(loadFloat('digits-tiny'));
  const layers = new Map(network.layers);
  const fuse = layers.get('token_mix.0.fuse')!;
  layers.set('token_mix.0.fuse', { ...fuse, weight: fuse.weight.map((w) => w * 2 ** 24) });
  assert.throws(() => quantizeNetwork({ ...network, layers }), /can leave int32/);
});

test('biases that do not fit 32 bits are refused', () => {
  const network = foldNetwork(loadFloat('digits-tiny'));
  const layers = new Map(network.layers);
  const fuse = layers.get('token_mix.0.fuse')!;
  layers.set('token_mix.0.fuse', { ...fuse, bias: fuse.bias.map(() => 2 ** 24) });
  assert.throws(() => quantizeNetwork({ ...network, layers }), /token_mix\.0\.fuse\.bias does not fit 32 bits/);
});

test.run();
