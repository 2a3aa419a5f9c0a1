/** The hand-written Verilog library keeps to its style. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSource, trackedFiles } from '../support/source-tree.js';

const files = trackedFiles().filter((path) => path.startsWith('hdl-gen/rtl/') && path.endsWith('.v'));
const moduleOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1, -'.v'.length);

test('there is a library', () => {
  assert.ok(files.length > 10);
});

for (const path of files) {
  const text = readSource(path);
  const name = moduleOf(path);
  const code = text.replaceAll(/\/\/.*$/gm, '');

  test(`${name}: one module of the file's name, introduced by a comment`, () => {
    assert.match(name, /^smx_/);
    assert.ok(text.startsWith(`// ${name}: `));
    assert.equal(
      [...code.matchAll(/\bmodule\s+(\w+)/g)].map(([, module]) => module),
      [name],
    );
  });

  test(`${name}: no implicit nets`, () => {
    assert.match(code, /`default_nettype none/);
    assert.match(code, /`default_nettype wire\s*$/);
  });

  test(`${name}: ports end with _i or _o, registers with _q`, () => {
    for (const [, port] of code.matchAll(
      /^\s*(?:input|output)\s+(?:wire|reg)\s+(?:signed\s+)?(?:\[.*:0\]\s+)?(\w+)/gm,
    )) {
      assert.match(port!, /_(i|o)$/);
    }
    const header = code.slice(0, code.indexOf(');'));
    const body = code.slice(header.length);
    for (const [, list] of body.matchAll(/^\s*reg\s+(?:signed\s+)?(?:\[[^\]]*\]\s+)?([^;[]+)(?:\[[^;]*)?;/gm)) {
      for (const register of list!.split(',')) {
        const word = register.trim().split(/\s/)[0]!;
        assert.ok(word.endsWith('_q') || word === 'mem', `${word} in ${name}`);
      }
    }
  });

  test(`${name}: no multiplication of signals, no delays, no initial values but memory images`, () => {
    assert.not.match(code, /#\d/);
    const initials = [...code.matchAll(/\binitial\b(.*)/g)].map(([, rest]) => rest!.trim());
    assert.equal(
      initials.filter((rest) => !rest.startsWith('$readmemh')),
      [],
    );
  });
}

test.run();
