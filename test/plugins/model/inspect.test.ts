import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli, runJson } from '../../support/cli.js';
import { modelPath } from '../../support/references.js';

interface Inspection {
  readonly kind: string;
  readonly parameters: number;
  readonly weights: number;
  readonly weightBits: number;
  readonly denseOperations: number;
  readonly accuracy: number;
  readonly origins: readonly { property: string; value: unknown; source: string }[];
  readonly layers: readonly { name: string; kind: string; weights: number; denseOperations: number }[];
}

test('a float checkpoint: parameters, and where each property comes from', async () => {
  const report = await runJson<Inspection>(['model', 'inspect', modelPath('mnist-small', 'model.safetensors')]);
  assert.is(report.kind, 'float');
  assert.is(report.parameters, 43_058);
  const sources = Object.fromEntries(report.origins.map(({ property, source }) => [property, source]));
  assert.equal(sources, {
    spe: 'tensors',
    in_channels: 'tensors',
    dim: 'tensors',
    alpha: 'tensors',
    num_classes: 'tensors',
    patch_size: 'tensors',
    depths: 'tensors',
    image_size: 'config.json',
    T: 'config.json',
    mean: 'config.json',
    std: 'config.json',
  });
});

test('a quantized model: formats, memory, operations of every layer', async () => {
  const report = await runJson<Inspection>(['model', 'inspect', modelPath('mnist-small', 'quant-w4-ptq.safetensors')]);
  assert.is(report.kind, 'quantized');
  assert.is(report.accuracy, 0.97);
  assert.is(report.layers.length, 17);
  assert.is(report.layers.at(-1)?.kind, 'head');
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  assert.is(sum(report.layers.map(({ denseOperations }) => denseOperations)), report.denseOperations);
  const eightBit = sum(
    report.layers.filter(({ kind }) => /patch-embedding|head/.test(kind)).map(({ weights }) => weights),
  );
  assert.is(report.weightBits, 4 * report.weights + 4 * eightBit);
});

test('tables for people', async () => {
  const { exitCode, stdout } = await runCli([
    'model',
    'inspect',
    modelPath('stress-nospe', 'quant-w8-ptq.safetensors'),
  ]);
  assert.is(exitCode, 0);
  assert.match(stdout, /^variant +without SPE cells/m);
  assert.match(stdout, /^stages +1 x 5, 2 x 10, 1 x 20$/m);
  assert.match(stdout, /^token_mix\.3\.BN +identity +20 x 2 x 2 +20 x 2 x 2 +20 +/m);
});

test.run();
