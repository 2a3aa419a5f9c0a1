/** Binary64 reproduces the published networks: spikes equal, logits to 1e-4. */
import { readFileSync } from 'node:fs';
import { foldNetwork, listLifs, resolveLif, runNetwork, startStatistics } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  loadFloat,
  loadLabels,
  loadPixels,
  MODELS,
  modelPath,
  pairTraces,
  readTensors,
  values,
} from '../support/references.js';

const IMAGES_WITH_SPIKES = 4;

for (const model of MODELS) {
  const network = foldNetwork(loadFloat(model));
  const { config } = network;
  const images = loadPixels(model, config, 'test');
  const reference = readTensors(model, 'reference.safetensors');

  test(`${model}: every reference spike`, () => {
    for (let image = 0; image < IMAGES_WITH_SPIKES; image++) {
      const { spikes } = runNetwork(network, images[image]!, { spikes: true });
      const traces = pairTraces(config, reference, 'spikes/', image, spikes);
      const reached = new Set(traces.map(({ lif }) => resolveLif(config, lif)!.lif));
      assert.equal([...reached].sort(), [...spikes.keys()].sort());
      for (const { lif, expected, actual } of traces) assert.equal(actual, expected, `${lif}, image ${image}`);
    }
  });

  test(`${model}: LIF currents of the first image`, () => {
    const { currents } = runNetwork(network, images[0]!, { currents: true });
    const traces = pairTraces(config, reference, 'current/', 0, currents);
    assert.ok(traces.length >= listLifs(config).length);
    for (const { lif, expected, actual } of traces) {
      const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - actual[i]!)), 0);
      assert.ok(worst < 1e-4, `${lif}: ${worst}`);
    }
  });

  test(`${model}: logits`, () => {
    const tensor = reference.tensors.get('logits_f64')!;
    const expected = values(tensor);
    const count = tensor.shape[0]!;
    for (let image = 0; image < count; image++) {
      const { logits } = runNetwork(network, images[image]!);
      logits.forEach((logit, k) => {
        const published = expected[image * config.numClasses + k]!;
        assert.ok(Math.abs(logit - published) < 1e-4, `image ${image}, class ${k}: ${logit}, ${published}`);
      });
    }
  });
}

test('digits-tiny: accuracy and firing rates over the whole test set', () => {
  const network = foldNetwork(loadFloat('digits-tiny'));
  const labels = loadLabels('digits-tiny');
  const run = startStatistics(network);
  loadPixels('digits-tiny', network.config, 'test').forEach((image, i) => void run.run(image, labels[i]));
  const { top1, lifs } = run.summary();
  const published = JSON.parse(readFileSync(modelPath('digits-tiny', 'reference.json'), 'utf8'));
  assert.is(top1, published.float_test_accuracy);
  for (const { name, firingRate } of lifs) {
    assert.ok(Math.abs(firingRate - published.firing_rate_test_set[name]) < 1e-9, name);
  }
});

test.run();
