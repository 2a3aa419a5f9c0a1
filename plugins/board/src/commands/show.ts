import { Args } from '@oclif/core';
import { type Board, constraintFiles, findBoard } from '@spikemill/constraints';
import { BaseCommand, renderTable } from '@spikemill/plugin-core';

interface ShowReport {
  readonly board: Board;
  /** Constraint files of a design with the usual ports, by name. */
  readonly constraints: Readonly<Record<string, string>>;
}

/** One row for each group of pins. */
function pinRows({ clock, uart, led, reset }: Board): string[][] {
  const level = (activeLow: boolean): string => (activeLow ? 'active low' : 'active high');
  const rows = [
    ['clock', clock.pins.join(', '), `${clock.standard}, ${clock.megahertz} MHz`, clock.verified.level],
    ['uart', `rx ${uart.rx}, tx ${uart.tx}`, uart.standard, uart.verified.level],
  ];
  if (led !== null) rows.push(['led', led.pin, `${led.standard}, ${level(led.activeLow)}`, led.verified.level]);
  if (reset !== null) {
    rows.push(['reset', reset.pin, `${reset.standard}, ${level(reset.activeLow)}`, reset.verified.level]);
  }
  return rows;
}

/** Where each group of pins was found, and what is doubtful about it. */
function notes({ clock, uart, led, reset }: Board): string[] {
  const groups = { clock, uart, led, reset };
  return Object.entries(groups).flatMap(([name, group]) =>
    group === null ? [] : [`  ${name.padEnd(6)}${group.verified.note}`],
  );
}

export class BoardShow extends BaseCommand {
  static override summary = 'Show the record of a board: pins, how far they are verified, constraint files.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> icebreaker',
    '<%= config.bin %> <%= command.id %> ulx3s-85f --json',
  ];
  static override args = {
    board: Args.string({ required: true, description: 'Name, as board list prints it.' }),
  };

  override async run(): Promise<ShowReport> {
    const { args } = await this.parse(BoardShow);
    const board = findBoard(args.board);
    const constraints = constraintFiles(board);
    this.#print(board, constraints);
    return { board, constraints: Object.fromEntries(constraints) };
  }

  #print(board: Board, constraints: ReadonlyMap<string, string>): void {
    const { description, part, device, uart, program, checked, sources } = board;
    this.log(`${description}\n`);
    this.log(renderTable(['group', 'pins', 'electrically', 'verified'], pinRows(board)));
    this.log(`\n${notes(board).join('\n')}`);
    this.log(`\npart     ${part} (${device})`);
    this.log(`serial   ${uart.connection}`);
    this.log(`load     ${program}`);
    this.log(`checked  ${checked.level}: ${checked.note}`);
    this.log(`sources  ${sources.join('; ')}`);
    for (const [name, text] of constraints) this.log(`\n--- ${name}\n${text.trimEnd()}`);
  }
}
