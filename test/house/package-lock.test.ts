import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

type Dependencies = Readonly<Record<string, string>>;

interface Package {
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

const { packages } = read<{ packages: Readonly<Record<string, Package & { readonly resolved?: string }>> }>(
  'package-lock.json',
);

test('the lock file is complete: npm leaves out packages of other platforms that it could not reach, and npm ci then fails', () => {
  const missing: string[] = [];
  for (const [path, { dependencies, optionalDependencies }] of Object.entries(packages)) {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const isLocked = Object.keys(packages).some((other) => other.endsWith(`node_modules/${name}`));
      if (!isLocked) missing.push(`${name} of ${path || 'the root'}`);
    }
  }
  assert.equal(missing, []);
});

test('the lock file is of the package.json files as they are', () => {
  const { workspaces } = read<{ workspaces: string[] }>('package.json');
  for (const path of ['', ...workspaces]) {
    const { dependencies, devDependencies } = read<Package>(`${path === '' ? '' : `${path}/`}package.json`);
    const locked = packages[path]!;
    assert.equal(sorted(locked.dependencies), sorted(dependencies), path);
    assert.equal(sorted(locked.devDependencies), sorted(devDependencies), path);
  }
});

test('dependencies are pinned, and the lock file names no registry', () => {
  for (const [path, { dependencies, devDependencies, resolved = '' }] of Object.entries(packages)) {
    assert.not.match(resolved, /^https?:/);
    if (path.includes('node_modules/')) continue;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} of ${path || 'the root'}`);
    }
  }
});

function sorted(dependencies: Dependencies = {}): [string, string][] {
  return Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1));
}

test.run();
