import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBuild } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder, tinyNetwork } from '../support/designs.js';
import { assertError } from '../support/errors.js';
import { copyBuild } from '../support/faults.js';

const { folder: FOLDER, manifest: MANIFEST } = makeDesign(tinyNetwork(true), { lanes: 2, inputs: 2 });
const CHANGED = 'changed since it was generated';

/** Warnings for a copy after a change. */
function warningsAfter(change: (folder: string) => void): readonly string[] {
  const copy = copyBuild(FOLDER);
  change(copy);
  return openBuild(copy).warnings;
}

function editManifest(folder: string, change: object): void {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
}

test('a build as it was generated has no warnings', () => {
  const { warnings, manifest, plan } = openBuild(FOLDER);
  assert.equal(warnings, []);
  assert.equal(manifest, MANIFEST);
  assert.is(plan.cyclesPerImage, MANIFEST.cyclesPerImage);
});

test('every file that is changed or gone is named', () => {
  for (const file of Object.keys(MANIFEST.digests)) {
    if (file === MANIFEST.network) continue;
    const suffix = file === 'plan.json' ? '; the plan in manifest.json is used' : '';
    const changed = warningsAfter((folder) => appendFileSync(join(folder, file), '\n'));
    assert.equal(changed, [`${file}: ${CHANGED}${suffix}`]);
    const gone = warningsAfter((folder) => rmSync(join(folder, file)));
    assert.equal(gone, [`${file}: missing${suffix}`]);
  }
});

test('another network is what the golden model runs, and that is said', () => {
  const other = makeDesign(tinyNetwork(true, 2), { lanes: 2, inputs: 2 }).folder;
  const warnings = warningsAfter((folder) => {
    copyFileSync(join(other, 'network.safetensors'), join(folder, 'network.safetensors'));
  });
  assert.equal(warnings, [`network.safetensors: ${CHANGED}; the golden model runs the network as it is now`]);
});

test('a manifest of another version, or with another promise', () => {
  const version = warningsAfter((folder) => editManifest(folder, { generator: 'spikemill 0.0.1' }));
  assert.match(version.join(), /^manifest\.json: made by spikemill 0\.0\.1, this is spikemill \d/);
  const cycles = warningsAfter((folder) => editManifest(folder, { cyclesPerImage: 7 }));
  assert.match(cycles.join(), `promises 7 cycles per image, the plan ${MANIFEST.cyclesPerImage}`);
});

test('without manifest or network there is nothing to compare', () => {
  assertError(() => openBuild(newFolder()), 'INVALID_CONFIG', 'manifest.json');
  assertError(
    () => warningsAfter((folder) => rmSync(join(folder, 'network.safetensors'))),
    'INVALID_FILE',
    'network.safetensors',
    'no such file',
  );
});

test.run();
