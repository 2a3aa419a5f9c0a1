import { Args, Flags } from '@oclif/core';
import { loadImages, readFileChecked, SpikemillError, writeFolderAtomic } from '@spikemill/golden-model';
import { BaseCommand, describeError, type ErrorReport, renderTable, reportError } from '@spikemill/plugin-core';
import { type SynthesizeResult, type SynthReport, synthesize } from '@spikemill/synthesis';
import { meanCycles, openBuild } from '@spikemill/testbenches';
import { Elapsed } from '../elapsed.js';
import { PATH_HEAD, pathRows, summaryRows, TREE_HEAD, treeRows } from '../tables.js';
import { TOOL_CHOICES } from '../tool-choices.js';

const FAILED_CHECK_EXIT_CODE = 1;
const REPORT_FILE = 'synth.json';
const OUTPUT_NAME = /^(synth\.json|netlist\.json|synthesis\.log|place-and-route\.log|[a-z0-9-]+\.(bin|bit))$/;

export class SynthRun extends BaseCommand {
  static override summary = 'Synthesize a build; place, route and pack a bitstream where open tools know the device.';
  static override description =
    'Yosys maps the Verilog to the cells of the device: LUT, flip-flops, carry, block RAM and DSP (there are none) of ' +
    'every module. nextpnr places and routes iCE40 and ECP5 and says which clock is reached and along which modules the ' +
    'slowest path runs. Without a board, the accelerator is placed behind three pins. Results are kept by digest: the ' +
    'same build is not synthesized twice.\n' +
    'Exit code 4 if a tool is missing or was killed; 5 if the design does not fit (with the nearest plan that does) or ' +
    'misses the clock that was asked for.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net --device ice40-hx8k',
    '<%= config.bin %> <%= command.id %> build/net --board icebreaker -o build/net-icebreaker',
    '<%= config.bin %> <%= command.id %> build/net --device ecp5-85f --seeds 4 --clock 50 --json',
    '<%= config.bin %> <%= command.id %> build/net --device xczu5ev --no-place',
  ];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that rtl generate or board generate wrote.' }),
  };
  static override flags = {
    device: Flags.string({
      helpValue: 'DEVICE',
      env: 'SPIKEMILL_DEVICE',
      exclusive: ['board'],
      summary: 'Place the accelerator alone on this device.',
    }),
    board: Flags.string({
      helpValue: 'BOARD',
      env: 'SPIKEMILL_BOARD',
      summary: 'Put it on the serial line of this board, as board generate does.',
    }),
    output: Flags.string({
      char: 'o',
      helpValue: 'DIR',
      summary: 'Folder for bitstream, netlist, logs and report; default: none is written.',
    }),
    seeds: Flags.integer({
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 1,
      summary: 'Placements to try; the best counts.',
    }),
    place: Flags.boolean({ allowNo: true, default: true, summary: 'Place and route.' }),
    clock: Flags.string({ helpValue: 'MHZ', summary: 'Clock that has to be reached; a board asks for its own.' }),
    flatten: Flags.boolean({
      summary: 'Dissolve all modules: somewhat fewer cells; large designs take several times the time and memory.',
    }),
    narrow: Flags.boolean({
      summary: 'ECP5: no tables wider than one LUT4; some percent fewer cells.',
    }),
    images: Flags.string({
      helpValue: 'PATH',
      summary: 'Images whose mean cycles stand for the event-driven style; default: the most that any image takes.',
    }),
    limit: Flags.integer({ helpValue: 'N', min: 1, dependsOn: ['images'], summary: 'Only the first N images.' }),
    yosys: Flags.option({
      options: TOOL_CHOICES,
      default: 'auto' as const,
      summary: 'auto: the one on PATH if it is not older than the one from npm.',
    })(),
    placer: Flags.option({
      options: TOOL_CHOICES,
      default: 'auto' as const,
      summary: 'auto: the one on PATH if there is one.',
    })(),
    'time-limit': Flags.integer({ helpValue: 'SECONDS', min: 1, summary: 'Give up after that; exit code 124.' }),
  };

  override async run(): Promise<SynthReport & { readonly error?: ErrorReport }> {
    const { args, flags } = await this.parse(SynthRun);
    const build = openBuild(args.build);
    for (const warning of build.warnings) this.warn(warning);
    const elapsed = new Elapsed(this.jsonEnabled() ? null : process.stderr);
    const result = await synthesize(build, {
      device: build.manifest.board === undefined || flags.board === undefined ? flags.device : undefined,
      board: flags.board,
      seeds: flags.seeds,
      noPlace: !flags.place,
      megahertz: parseClock(flags.clock),
      flatten: flags.flatten,
      narrow: flags.narrow,
      meanCycles:
        flags.images === undefined
          ? undefined
          : meanCycles(build.plan, build.network, loadImages(flags.images, build.network.config), flags.limit),
      yosys: flags.yosys,
      placer: flags.placer,
      timeLimitSeconds: flags['time-limit'],
      onStage: (stage) => elapsed.stage(stage),
    }).finally(() => elapsed.end());
    if (flags.output !== undefined) writeOutputs(result, flags.output);
    return this.#finish(result, flags.output);
  }

  #finish({ report, error }: SynthesizeResult, output: string | undefined): SynthReport & { error?: ErrorReport } {
    this.#print(report, output);
    if (!report.multiplierFree) {
      process.exitCode = FAILED_CHECK_EXIT_CODE;
      this.log(`\nFAILED: ${report.cells.dsp} DSP blocks; a generated design has none`);
    }
    if (error === null) return report;
    process.exitCode = error.exitCode;
    if (!this.jsonEnabled()) this.logToStderr(`\n${describeError(error)}`);
    return { ...report, error: reportError(error) };
  }

  #print(report: SynthReport, output: string | undefined): void {
    const { board, device, basis, tree, placement, unknownCells } = report;
    this.log(renderTable([`${board ?? device}, ${basis}`, ''], summaryRows(report)));
    this.log(`\n${renderTable([...TREE_HEAD], treeRows(tree))}`);
    if (placement !== null && placement.criticalPath.length > 0) {
      this.log(`\n${renderTable([...PATH_HEAD], pathRows(placement.criticalPath))}`);
    }
    const unknown = Object.entries(unknownCells).map(([type, count]) => `${count} ${type}`);
    if (unknown.length > 0) this.log(`\nNot counted: ${unknown.join(', ')}`);
    if (output !== undefined) this.log(`\nWrote ${[...report.outputs, REPORT_FILE].join(', ')} to ${output}`);
  }
}

function parseClock(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const megahertz = Number(text);
  if (Number.isFinite(megahertz) && megahertz > 0) return megahertz;
  throw new SpikemillError('USAGE', 'the clock is no positive number', {
    where: '--clock',
    expected: 'megahertz, such as 48 or 12.5',
    actual: text,
  });
}

function writeOutputs({ report, files }: SynthesizeResult, folder: string): void {
  const contents = new Map<string, Uint8Array | string>(
    [...files].map(([name, path]) => [name, readFileChecked(path)]),
  );
  contents.set(REPORT_FILE, `${JSON.stringify(report, null, 2)}\n`);
  writeFolderAtomic(folder, contents, (path) => OUTPUT_NAME.test(path));
}
