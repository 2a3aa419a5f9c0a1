import { findDevice, listBoards } from '@spikemill/constraints';
import { BaseCommand, formatCount, renderTable } from '@spikemill/plugin-core';

interface BoardSummary {
  readonly name: string;
  readonly description: string;
  readonly device: string;
  readonly luts: number;
  readonly megahertz: number;
  /** How the serial line reaches the host. */
  readonly connection: string;
  readonly checked: string;
}

interface ListReport {
  readonly boards: readonly BoardSummary[];
}

export class BoardList extends BaseCommand {
  static override summary = 'List the boards that designs can be made for.';
  static override description =
    'Column "checked": bitstream, if a design was placed, routed and packed with these pins; files, if constraint files ' +
    'are written and nothing here could read them. No record was tried on hardware.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  override async run(): Promise<ListReport> {
    await this.parse(BoardList);
    const boards = listBoards().map(({ name, description, device, clock, uart, checked }) => {
      const { megahertz } = clock;
      const { luts } = findDevice(device);
      return { name, description, device, luts, megahertz, connection: uart.connection, checked: checked.level };
    });
    const rows = boards.map(({ name, device, luts, megahertz, checked, description }) => {
      return [name, device, formatCount(luts), megahertz, checked, description];
    });
    this.log(renderTable(['board', 'device', 'LUTs', 'MHz', 'checked', 'description'], rows));
    this.log(`\nNext: ${this.config.bin} board show BOARD`);
    return { boards };
  }
}
