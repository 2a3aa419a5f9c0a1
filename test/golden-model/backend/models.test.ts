/** Both back-ends on every quantized model that there is. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPixels, loadQuant, MODELS, modelPath } from '../../support/references.js';
import { assertSameRun } from '../../support/same-run.js';

const IMAGES = 4;
let files = 0;

for (const model of MODELS) {
  const folder = dirname(modelPath(model, 'config.json'));
  const names = readdirSync(folder).flatMap((file) => /^quant-(w\d-\w+)\.safetensors$/.exec(file)?.[1] ?? []);
  for (const name of names) {
    files += 1;
    test(`${model} ${name}: every current, spike, membrane and logit is equal`, () => {
      const network = loadQuant(model, name);
      assertSameRun(network, loadPixels(model, network.config, 'test').slice(0, IMAGES));
    });
  }
}

test('no model is left out', () => {
  assert.is(files, 14);
});

test.run();
