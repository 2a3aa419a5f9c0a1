/** The comparison of one model with all its integer references: logits of all test images, spikes of the first four. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { runNetwork, startStatistics } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  loadLabels,
  loadPixels,
  loadQuant,
  type Model,
  modelPath,
  pairTraces,
  readTensors,
  values,
} from './references.js';

const IMAGES_WITH_SPIKES = 4;

/** Names of the quantized files of a model, such as `w4-ptq`. */
function quantizedNames(model: Model): string[] {
  const files = readdirSync(dirname(modelPath(model, 'config.json')));
  return files.flatMap((file) => /^quant-(.*)-reference\.safetensors$/.exec(file)?.[1] ?? []).sort();
}

/** Adds the tests of one model to the suite. @param files how many quantized files it has. */
export function testIntegerReferences(model: Model, files: number): void {
  test(`${model}: no quantized file is left out`, () => {
    assert.is(quantizedNames(model).length, files);
  });
  for (const name of quantizedNames(model)) {
    const network = loadQuant(model, name);
    const { config } = network;
    const images = loadPixels(model, config, 'test');
    const reference = readTensors(model, `quant-${name}-reference.safetensors`);

    test(`${model} ${name}: integer logits of all test images, and the accuracy`, () => {
      const tensor = reference.tensors.get('logits')!;
      assert.equal(tensor.shape, [images.length, config.numClasses]);
      const expected = values(tensor);
      const labels = loadLabels(model);
      const run = startStatistics(network);
      images.forEach((image, i) => {
        const { logits } = run.run(image, labels[i]);
        const start = i * config.numClasses;
        const published = Array.from({ length: config.numClasses }, (_, k) => expected[start + k]!);
        assert.equal([...logits], published, `image ${i}`);
      });
      assert.is(run.summary().top1, network.accuracy);
    });

    test(`${model} ${name}: every reference spike`, () => {
      for (let image = 0; image < IMAGES_WITH_SPIKES; image++) {
        const { spikes } = runNetwork(network, images[image]!, { spikes: true });
        const traces = pairTraces(config, reference, 'spikes/', image, spikes);
        assert.ok(traces.length >= spikes.size);
        for (const { lif, expected, actual } of traces) assert.equal(actual, expected, `${lif}, image ${image}`);
      }
    });
  }
}
