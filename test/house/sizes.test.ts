/** Files of at most 500 lines and functions of at most 60, so that each fits a head. */
import ts from 'typescript';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageSources, readSource, trackedFiles } from '../support/source-tree.js';

const MAX_FILE_LINES = 500;
const MAX_FUNCTION_LINES = 60;

test('no source file is over 500 lines', () => {
  const isSource = (path: string): boolean => /\.(ts|v|vh|cpp|h|mjs|js)$/.test(path);
  const isGenerated = (path: string): boolean => /generated|\/golden\/|\/expected\//.test(path);
  const sources = trackedFiles().filter((path) => isSource(path) && !isGenerated(path));
  const long = sources.filter((path) => readSource(path).split('\n').length > MAX_FILE_LINES + 1);
  assert.equal(long, []);
});

test('no function is over 60 lines', () => {
  const long: string[] = [];
  for (const path of packageSources()) {
    const file = ts.createSourceFile(path, readSource(path), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
        const first = file.getLineAndCharacterOfPosition(node.getStart()).line;
        const last = file.getLineAndCharacterOfPosition(node.end).line;
        if (last - first + 1 > MAX_FUNCTION_LINES) long.push(`${path}:${first + 1} (${last - first + 1} lines)`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  assert.equal(long, []);
});

test.run();
