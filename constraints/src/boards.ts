/** The boards that designs are made for: one JSON file each in data/boards. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson, SpikemillError, validateJson } from '@spikemill/golden-model';
import { type Board, boardSchema } from './generated/board.generated.js';

export type { Board } from './generated/board.generated.js';

const FOLDER = new URL('../data/boards/', import.meta.url);
const EXTENSION = '.json';

/**
 * @param text JSON of schema/board.schema.json.
 * @param where the file, for messages.
 * @throws SpikemillError INVALID_CONFIG that names what is wrong.
 */
export function parseBoard(text: string, where: string): Board {
  return validateJson<Board>(boardSchema, parseJson(text, where), where);
}

let boards: readonly Board[] | undefined;

/** All boards, by name. */
export function listBoards(): readonly Board[] {
  boards ??= readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(EXTENSION))
    .sort()
    .map((file) => parseBoard(readFileSync(new URL(file, FOLDER), 'utf8'), file));
  return boards;
}

/**
 * @param name of a board, in letters of any case.
 * @throws SpikemillError USAGE that lists the known ones.
 */
export function findBoard(name: string): Board {
  const board = listBoards().find((candidate) => candidate.name === name.toLowerCase());
  if (board !== undefined) return board;
  throw new SpikemillError('USAGE', 'there is no record of this board', {
    where: '--board',
    expected: `one of ${listBoards()
      .map((known) => known.name)
      .join(', ')}`,
    actual: name,
    suggestions: ['spikemill board list'],
  });
}
