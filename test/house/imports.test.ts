/** Arrows point only downward, and never in a circle: the oracle imports nothing that it judges. */
import { dirname, join, normalize } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageSources, readSource } from '../support/source-tree.js';

/** Level of every package folder; a package may import packages of lower levels only. */
const LEVELS: Readonly<Record<string, number>> = {
  'golden-model': 0,
  constraints: 0.5,
  'hdl-gen': 1,
  testbenches: 2,
  synthesis: 2.5,
  host: 2,
  'plugins/core': 3,
  'plugins/model': 4,
  'plugins/rtl': 4,
  'plugins/verify': 4,
  'plugins/estimate': 4,
  'plugins/synth': 4,
  'plugins/board': 4,
};

/** Folder of a workspace package by its name. */
function folderOf(name: string): string {
  const short = name.replace('@spikemill/', '');
  return short.startsWith('plugin-') ? `plugins/${short.slice('plugin-'.length)}` : short;
}

function packageOf(path: string): string {
  return path.slice(0, path.indexOf('/src/'));
}

function importsOf(path: string): string[] {
  const text = readSource(path);
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from '([^']+)'/g)].map(([, from]) => from!);
}

test('every package has a level', () => {
  const folders = [...new Set(packageSources().map(packageOf))];
  assert.equal(
    folders.filter((folder) => LEVELS[folder] === undefined),
    [],
  );
});

test('packages import only packages of lower levels', () => {
  const wrong = packageSources().flatMap((path) => {
    const own = LEVELS[packageOf(path)]!;
    const names = importsOf(path).filter((from) => from.startsWith('@spikemill/'));
    return names.filter((name) => !(LEVELS[folderOf(name)]! < own)).map((name) => `${path}: ${name}`);
  });
  assert.equal(wrong, []);
});

test('the golden model imports no package of ours', () => {
  const wrong = packageSources()
    .filter((path) => path.startsWith('golden-model/'))
    .filter((path) => importsOf(path).some((from) => from.startsWith('@spikemill/')));
  assert.equal(wrong, []);
});

test('no file imports itself by a way round', () => {
  const graph = new Map(
    packageSources().map((path) => {
      const local = importsOf(path).filter((from) => from.startsWith('.'));
      return [path, local.map((from) => normalize(join(dirname(path), from.replace(/\.js$/, '.ts'))))];
    }),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  assert.equal(cycles, []);
});

test.run();
