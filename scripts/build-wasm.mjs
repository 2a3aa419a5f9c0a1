/**
 * Builds the vector kernels of the golden model from AssemblyScript.
 *
 *   node scripts/build-wasm.mjs            writes golden-model/data/kernels.wasm
 *   node scripts/build-wasm.mjs --check    exits 1 if that file is not what the sources give
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const PACKAGE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'golden-model');
const TARGET = join(PACKAGE, 'data', 'kernels.wasm');
const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
];

/** The module as bytes. Sources are named relative to the package: nothing of this machine gets into the file. */
async function build() {
  let binary = null;
  const { error, stderr } = await main(['wasm/index.ts', ...OPTIONS, '--outFile', 'kernels.wasm'], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(base === undefined ? PACKAGE : join(PACKAGE, base), name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`asc failed\n${stderr.toString()}`, { cause: error });
  return binary;
}

const binary = await build();
if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, binary);
  console.log(`wrote ${binary.length} bytes`);
} else if (Buffer.compare(Buffer.from(binary), readFileSync(TARGET)) !== 0) {
  console.log('golden-model/data/kernels.wasm is stale: npm run build:wasm');
  process.exitCode = 1;
}
