/** No file tells about the machine it was written on. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSource, trackedFiles } from '../support/source-tree.js';

const isText = (path: string): boolean =>
  /\.(ts|mjs|js|json|md|v|vh|cpp|h|py|sh|yml|yaml)$/.test(path) || path === '.ci/run';

test('no path of a machine and no local host stands in a file', () => {
  const path = /(?:^|[\s"'`(=])\/(?:work|root|home)\/[\w.-]/m;
  const own = 'test/house/text.test.ts';
  const wrong = trackedFiles().filter((file) => isText(file) && file !== own && path.test(readSource(file)));
  assert.equal(wrong, []);
});

test('packages come from the registry that the user has set up', () => {
  assert.not.match(readSource('package-lock.json'), /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)http/);
});

test('nothing is left to do in the sources', () => {
  const mark = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X\\b'].join(''));
  const wrong = trackedFiles().filter(
    (path) => isText(path) && path !== 'package-lock.json' && mark.test(readSource(path)),
  );
  assert.equal(wrong, []);
});

test.run();
