import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { findBoard } from '@spikemill/constraints';
import { loadQuantized, readFileChecked, writeFolderAtomic } from '@spikemill/golden-model';
import {
  type BoardDesign,
  type BoardOptions,
  DEFAULT_BAUD,
  DEFAULT_BOARD_TOP,
  makeBoardDesign,
  makeBoardFolder,
  ownFiles,
  readManifest,
} from '@spikemill/hdl-gen';
import { BaseCommand } from '@spikemill/plugin-core';
import { refuseBoardBuild } from '../build.js';

interface GenerateReport {
  readonly output: string;
  readonly board: string;
  readonly top: string;
  readonly baud: number;
  readonly clockKHz: number;
  readonly constraints: readonly string[];
  readonly files: number;
}

export class BoardGenerate extends BaseCommand {
  static override summary = 'Make a design for a board: the accelerator on its serial line, with pins and clock.';
  static override description =
    'Takes a folder that rtl generate wrote, adds a top whose ports are the pins of the board, and writes a folder ' +
    'that is complete by itself: Verilog, memory images, constraint files (PCF, LPF or XDC, and SDC), manifest.\n' +
    'docs/board-protocol.md describes what goes over the line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net --board icebreaker -o build/net-icebreaker',
    '<%= config.bin %> <%= command.id %> build/net --board arty-a7-35t -o build/net-arty --baud 1000000',
  ];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that rtl generate wrote.' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', required: true, helpValue: 'DIR', summary: 'Folder to write.' }),
    board: Flags.string({
      required: true,
      helpValue: 'BOARD',
      env: 'SPIKEMILL_BOARD',
      summary: 'Name, as board list prints it.',
    }),
    baud: Flags.integer({ helpValue: 'RATE', min: 1, default: DEFAULT_BAUD, summary: 'Bits per second of the line.' }),
    'clock-divide': Flags.integer({
      helpValue: 'N',
      min: 1,
      summary: 'Run at this fraction of the oscillator, 1 or even; default: as the board record says.',
    }),
    'timeout-ms': Flags.integer({ helpValue: 'MS', min: 1, summary: 'Longest pause within a frame; default 100.' }),
    top: Flags.string({ helpValue: 'NAME', default: DEFAULT_BOARD_TOP, summary: 'Name of the top module.' }),
  };

  override async run(): Promise<GenerateReport> {
    const { args, flags } = await this.parse(BoardGenerate);
    const manifest = readManifest(args.build);
    refuseBoardBuild(manifest, args.build);
    const { config } = loadQuantized(join(args.build, manifest.network));
    const { 'clock-divide': divide, 'timeout-ms': timeoutMilliseconds } = flags;
    const options: BoardOptions = {
      baud: flags.baud,
      top: flags.top,
      ...(divide === undefined ? {} : { divide }),
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    };
    const design = makeBoardDesign({ manifest, config }, findBoard(flags.board), options);
    const folder = makeBoardFolder(design, manifest, (path) => readFileChecked(join(args.build, path)));
    writeFolderAtomic(flags.output, folder, ownFiles(flags.output));
    this.#print(design, flags.output, folder.size);
    const { board, top, baud, clockKHz, constraints } = design;
    return { output: flags.output, board: board.name, top, baud, clockKHz, constraints, files: folder.size };
  }

  #print({ board, top, baud, clockKHz, constraints }: BoardDesign, output: string, files: number): void {
    this.log(`Wrote ${files} files to ${output}, top ${top}`);
    this.log(`board        ${board.description}`);
    this.log(`clock        ${clockKHz / 1000} MHz`);
    this.log(`line         ${baud} bits per second, 8N1. ${board.uart.connection}`);
    this.log(`constraints  ${constraints.join(', ')}`);
    this.log(`\nNext: synthesize and load it (${board.program}), then`);
    this.log(`      ${this.config.bin} board run --port /dev/ttyUSB0 --images IMAGES${rateFlag(baud)}`);
    this.log(`Or:   ${this.config.bin} board simulate ${output}`);
  }
}

function rateFlag(baud: number): string {
  return baud === DEFAULT_BAUD ? '' : ` --baud ${baud}`;
}
