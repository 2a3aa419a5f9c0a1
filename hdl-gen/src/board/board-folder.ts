/** The folder of a design for a board: complete by itself, with a manifest as every build has one. */
import { MANIFEST_FILE, type Manifest, sha256 } from '../manifest.js';
import type { BoardDesign } from './board-design.js';

/** Files of an accelerator's build that go into the folder of a board, relative to both. */
export function acceleratorFiles({ files, includes, memories, network }: Manifest): readonly string[] {
  return [network, ...includes, ...files, ...memories.map(({ file }) => file)];
}

/**
 * All files of the folder, by path relative to it.
 *
 * @param manifest of the accelerator's build.
 * @param read the contents of one of its files.
 */
export function makeBoardFolder(
  { board, top, files, sources, includes, constraints, baud, clockKHz, divide }: BoardDesign,
  manifest: Manifest,
  read: (path: string) => string | Uint8Array,
): ReadonlyMap<string, string | Uint8Array> {
  const contents = new Map<string, string | Uint8Array>([
    ...acceleratorFiles(manifest).map((path) => [path, read(path)] as const),
    ...files,
    ['files.f', `${sources.join('\n')}\n`],
  ]);
  const boardManifest: Manifest = {
    ...manifest,
    top,
    files: [...sources],
    includes: [...includes],
    board: { name: board.name, accelerator: manifest.top, baud, clockKHz, divide, constraints: [...constraints] },
    digests: Object.fromEntries([...contents].map(([path, data]) => [path, sha256(data)])),
  };
  return contents.set(MANIFEST_FILE, `${JSON.stringify(boardManifest, null, 2)}\n`);
}
