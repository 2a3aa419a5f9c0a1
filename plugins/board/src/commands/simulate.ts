import { Args, Flags } from '@oclif/core';
import { readManifest } from '@spikemill/hdl-gen';
import { BaseCommand } from '@spikemill/plugin-core';
import { startVirtualBoard } from '@spikemill/testbenches';

interface SimulateReport {
  readonly port: string;
  readonly baud: number;
}

export class BoardSimulate extends BaseCommand {
  static override summary = 'Run the design of a board in Verilator, with its serial line on a pseudo-terminal.';
  static override description =
    'Prints the path of the pseudo-terminal; board run takes it as --port, as if it were a real board. Runs until ' +
    'Ctrl-C, or for --seconds.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net-icebreaker',
    '<%= config.bin %> board run --port /dev/pts/3 --images test-images.bin --limit 5',
  ];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that board generate wrote.' }),
  };
  static override flags = {
    seconds: Flags.integer({ helpValue: 'N', min: 1, summary: 'End after that time.' }),
  };

  override async run(): Promise<SimulateReport> {
    const { args, flags } = await this.parse(BoardSimulate);
    const board = await startVirtualBoard(args.build, {
      onCompile: () => {
        if (!this.jsonEnabled()) this.logToStderr('compiling the simulation; the next run is faster');
      },
    });
    const baud = readManifest(args.build).board?.baud ?? 0;
    this.log(board.port);
    if (!this.jsonEnabled()) {
      this.logToStderr(`try: ${this.config.bin} board run --port ${board.port} --baud ${baud} --images IMAGES`);
    }
    if (flags.seconds !== undefined) setTimeout(() => board.close(), 1000 * flags.seconds).unref();
    await board.end;
    return { port: board.port, baud };
  }
}
