/**
 * A small generated design as it is committed: the diff is the review. After a change that is meant:
 *
 *   UPDATE_GOLDEN=1 npm test test/hdl-gen/golden
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyNetwork } from '../support/designs.js';

const GOLDEN = fileURLToPath(new URL('./golden', import.meta.url));
const { UPDATE_GOLDEN: update } = process.env;

/** Everything but copies: the library, the model, and their digests in the manifest. */
function reviewedFiles(): Map<string, string> {
  const { files } = generate(tinyNetwork(true), { lanes: 4, inputs: 2, neurons: 2, tokenBlock: 4, top: 'golden' });
  const reviewed = new Map<string, string>();
  for (const [path, data] of files) {
    if (path.startsWith('rtl/') || typeof data !== 'string') continue;
    reviewed.set(path, data.replace(/"digests": \{[^}]*\}/, '"digests": {}'));
  }
  return reviewed;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

if (update) {
  rmSync(GOLDEN, { recursive: true, force: true });
  for (const [path, text] of reviewedFiles()) {
    mkdirSync(dirname(join(GOLDEN, path)), { recursive: true });
    writeFileSync(join(GOLDEN, path), text);
  }
}

test('the same files', () => {
  assert.equal(filesBelow(GOLDEN), [...reviewedFiles().keys()].sort());
});

test('the same text in each', () => {
  for (const [path, text] of reviewedFiles()) {
    const golden = readFileSync(join(GOLDEN, path), 'utf8');
    assert.is(
      text,
      golden,
      `${path} is not as committed; if that is meant: UPDATE_GOLDEN=1 npm test test/hdl-gen/golden`,
    );
  }
});

test('changing one weight changes one line of one memory image', () => {
  const network = tinyNetwork(true);
  const fuse = network.layers.get('token_mix.0.fuse')!;
  const weight = fuse.weight.with(4, -fuse.weight[4]! || 1);
  const changed = { ...network, layers: new Map([...network.layers, ['token_mix.0.fuse', { ...fuse, weight }]]) };
  const lines = (design: ReturnType<typeof generate>) => String(design.files.get('mem/spike-weights.mem')).split('\n');
  const [before, after] = [generate(network), generate(changed)].map(lines);
  assert.is(before!.filter((line, i) => line !== after![i]).length, 1);
  for (const memory of ['plane-weights', 'axial-weights', 'program', 'head-bias', 'tokens', 'params']) {
    const [left, right] = [network, changed].map((each) => generate(each).files.get(`mem/${memory}.mem`));
    assert.is(left, right, memory);
  }
});

test.run();
