import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyConfigFile } from '../../../plugins/core/src/config-file.js';
import { assertError } from '../../support/errors.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const PATH = join(makeTemporaryFolder(), 'spikemill.config.json');

test('without a file nothing changes', () => {
  const environment = {};
  applyConfigFile(PATH, environment);
  assert.equal(environment, {});
});

test('properties stand for the environment variables of their names, which go first', () => {
  writeFileSync(PATH, '{"$schema": "x", "weightBits": 3, "lanes": 24}');
  const environment = { SPIKEMILL_LANES: '8' };
  applyConfigFile(PATH, environment);
  assert.equal(environment, { SPIKEMILL_LANES: '8', SPIKEMILL_WEIGHT_BITS: '3' });
});

test('a property that does not exist', () => {
  writeFileSync(PATH, '{"weightbits": 3}');
  assertError(() => applyConfigFile(PATH, {}), 'INVALID_CONFIG', PATH, 'weightbits');
});

test.run();
