/** What a build is synthesized for: a device alone, or a board with its pins. */

import { join } from 'node:path';
import { type Board, type Device, findBoard, findDevice, listBoards } from '@spikemill/constraints';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { MANIFEST_FILE, type Manifest, makeBoardDesign, makeBoardFolder } from '@spikemill/hdl-gen';
import type { Build } from '@spikemill/testbenches';
import { FAMILIES } from './families.js';
import { pinlessSources, plainSources, type SourceSet } from './sources.js';

export interface TargetChoice {
  readonly device?: string | undefined;
  readonly board?: string | undefined;
}

export interface Target {
  readonly device: Device;
  readonly board: Board | null;
  readonly sources: SourceSet;
  /** Options of nextpnr; null: no open placer knows the device. */
  readonly placerArgs: readonly string[] | null;
  /** Text of the pin constraints; null without a board. */
  readonly pins: string | null;
  /** Clock that the design must reach; null: whatever it reaches. */
  readonly requiredMegahertz: number | null;
}

/** The package that the device is placed in when no board says so: that of the first board that has it. */
function placerArgsOf(device: Device): readonly string[] | null {
  if (FAMILIES[device.family].placer === null) return null;
  return listBoards().find((board) => board.device === device.name && board.nextpnr !== null)?.nextpnr ?? null;
}

function deviceTarget(build: Build, device: Device): Target {
  const placerArgs = placerArgsOf(device);
  const sources = placerArgs === null ? plainSources : pinlessSources;
  return {
    device,
    board: null,
    sources: sources(build.folder, build.manifest),
    placerArgs,
    pins: null,
    requiredMegahertz: null,
  };
}

/** Sources of an accelerator that is put on a board for the occasion. */
function boardSources({ folder, manifest, network }: Build, board: Board): { sources: SourceSet; manifest: Manifest } {
  const design = makeBoardDesign({ manifest, config: network.config }, board);
  const files = makeBoardFolder(design, manifest, (path) => readFileChecked(join(folder, path)));
  const texts = [...files].map(([name, data]): [string, string] => [
    name,
    typeof data === 'string' ? data : new TextDecoder().decode(data),
  ]);
  const own = JSON.parse(new Map(texts).get(MANIFEST_FILE)!) as Manifest;
  const plain = plainSources(folder, own);
  const sources = new Map(texts.filter(([name]) => plain.files.has(name)).map(([name, text]) => [name, { text }]));
  return { manifest: own, sources: { ...plain, files: sources } };
}

/** Text of the constraints that the placer of the device reads. */
function pinsOf({ constraints, files }: SourceSet): string | null {
  const name = constraints.find((file) => /\.(pcf|lpf)$/.test(file));
  const source = name === undefined ? undefined : files.get(name);
  if (source === undefined) return null;
  return 'text' in source ? source.text : new TextDecoder().decode(readFileChecked(source.path));
}

function boardTarget(build: Build, board: Board): Target {
  const { manifest, sources } =
    build.manifest.board === undefined
      ? boardSources(build, board)
      : { manifest: build.manifest, sources: plainSources(build.folder, build.manifest) };
  const device = findDevice(board.device);
  return {
    device,
    board,
    sources,
    placerArgs: FAMILIES[device.family].placer === null ? null : board.nextpnr,
    pins: pinsOf(sources),
    requiredMegahertz: manifest.board!.clockKHz / 1000,
  };
}

/**
 * Decides what a build is synthesized for. A build for a board needs no choice.
 *
 * @throws SpikemillError USAGE if neither a device nor a board is known, or two that contradict each other.
 */
export function chooseTarget(build: Build, { device, board }: TargetChoice): Target {
  const own = build.manifest.board?.name;
  if (own !== undefined) {
    const isOther = device !== undefined || (board !== undefined && findBoard(board).name !== own);
    if (!isOther) return boardTarget(build, findBoard(own));
    throw new SpikemillError('USAGE', `this build is a design for the board ${own}`, {
      where: device === undefined ? '--board' : '--device',
      expected: 'no other target, or the build of the accelerator alone',
      actual: device ?? board!,
    });
  }
  if ((device === undefined) === (board === undefined)) {
    throw new SpikemillError('USAGE', 'one device or one board has to be chosen', {
      where: '--device, --board',
      actual: device === undefined ? 'none' : 'both',
      suggestions: ['spikemill board list', '--device ice40-hx8k'],
    });
  }
  return board === undefined ? deviceTarget(build, findDevice(device!)) : boardTarget(build, findBoard(board));
}
