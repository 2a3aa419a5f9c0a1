import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installLine, isAtLeast, readTools } from '../../../plugins/core/src/tools.js';

test('versions are compared number by number', () => {
  assert.ok(isAtLeast('5.006', '5.006'));
  assert.ok(isAtLeast('5.020', '5.006'));
  assert.not(isAtLeast('4.228', '5.006'));
  assert.ok(isAtLeast('20.19.1', '20.19'));
  assert.not(isAtLeast('20.9', '20.19'));
  assert.ok(isAtLeast('22', '20.19'));
  assert.ok(isAtLeast('0.23+35', '0.23'));
});

test('every tool says what it is for and how to get it', () => {
  const tools = readTools();
  assert.ok(tools.length >= 9);
  for (const tool of tools) {
    assert.ok(tool.purpose.length > 5, tool.name);
    assert.ok(installLine(tool).includes(tool.debianPackage ?? tool.install ?? tool.name));
    assert.ok(new RegExp(tool.versionPattern));
  }
});

test.run();
