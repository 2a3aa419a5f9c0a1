/**
 * A tool of the YoWASP packages as a program: `node embedded-tool.js PACKAGE-URL FUNCTION ARGS...`, started by tools.ts.
 * It sees the files below the working directory and writes new ones back there. In a process of its own it can be
 * stopped at any time, its memory is measured like that of any program, and a crash takes nothing with it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Tree = { [name: string]: Tree | string | Uint8Array };

type Run = (
  args: readonly string[],
  files: Tree,
  options: { readonly stdout: Stream; readonly stderr: Stream; readonly decodeASCII: boolean },
) => Promise<Tree>;
type Stream = (bytes: Uint8Array | null) => void;

function readTree(folder: string): Tree {
  const entries = readdirSync(folder, { withFileTypes: true }).map((entry): [string, Tree | Uint8Array] => {
    const path = join(folder, entry.name);
    return [entry.name, entry.isDirectory() ? readTree(path) : readFileSync(path)];
  });
  return Object.fromEntries(entries);
}

/** Writes what the tool made or changed; files that are as they were read are the same objects. */
function writeTree(folder: string, tree: Tree, before: Tree): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    const old = before[name];
    if (typeof content === 'string' || content instanceof Uint8Array) {
      const isSame = old instanceof Uint8Array && content instanceof Uint8Array && Buffer.compare(old, content) === 0;
      if (!isSame) writeFileSync(path, content);
    } else if (name !== 'tmp') {
      mkdirSync(path, { recursive: true });
      writeTree(path, content, typeof old === 'object' && !(old instanceof Uint8Array) ? old : {});
    }
  }
}

function forward(stream: NodeJS.WriteStream): Stream {
  return (bytes) => {
    if (bytes !== null) stream.write(bytes.slice());
  };
}

async function main([url = '', name = '', ...args]: readonly string[]): Promise<number> {
  const folder = process.cwd();
  const tools = (await import(url)) as Readonly<Record<string, Run>>;
  const files = readTree(folder);
  const options = { stdout: forward(process.stdout), stderr: forward(process.stderr), decodeASCII: false };
  try {
    writeTree(folder, await tools[name]!(args, files, options), files);
    return 0;
  } catch (error) {
    // the packages' own way to say that the tool ended with another code than 0
    const { code, files: left } = error as { code?: unknown; files?: Tree };
    if (typeof code !== 'number') throw error;
    if (left !== undefined) writeTree(folder, left, files);
    return code;
  }
}

process.exitCode = await main(process.argv.slice(2));
