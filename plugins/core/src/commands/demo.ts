import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { Flags } from '@oclif/core';
import { type ErrorCode, SpikemillError } from '@spikemill/golden-model';
import { BaseCommand } from '../base-command.js';
import type { ErrorReport } from '../errors.js';
import { formatCount, formatPercent, renderTable } from '../table.js';

/** What the commands of the chain answer with --json; only what the demo shows. */
interface RunAnswer {
  readonly top1: number;
  readonly images: number;
}
interface GenerateAnswer {
  readonly passes: number;
}
interface VerifyAnswer {
  readonly passed: boolean;
  readonly images: number;
  readonly comparedSpikes: number;
  readonly mismatches: number;
  readonly cyclesPerImage: number;
}
interface EstimateAnswer {
  readonly cyclesPerImage: number;
  readonly clock: { readonly megahertz: number };
  readonly framesPerSecond: number;
  readonly resources: { readonly lut: number; readonly ff: number; readonly blockRam: number };
  readonly energy: { readonly total: number } | null;
  readonly device: { readonly title: string };
}

interface DemoReport {
  readonly folder: string;
  readonly floatTop1: number;
  readonly integerTop1: number;
  readonly verify: VerifyAnswer;
  readonly estimate: EstimateAnswer;
  readonly seconds: number;
}

/** The error of a command of the chain, told as if it were our own. */
function asError({ code, message, exitCode: _, ...details }: ErrorReport): SpikemillError {
  return new SpikemillError(code as ErrorCode, message, JSON.parse(JSON.stringify(details)));
}

const EXAMPLE = join('examples', 'digits-tiny');

export class Demo extends BaseCommand {
  static override summary = 'The whole chain on a trained network: checkpoint, integers, Verilog, proof, estimate.';
  static override description =
    'Runs the commands that you would run, one after the other, on the example that comes with the tool, and shows ' +
    'each. Needs Verilator and g++ (see `spikemill doctor`).';
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo -o /tmp/demo --limit 20'];
  static override flags = {
    output: Flags.string({ char: 'o', default: join('build', 'demo'), helpValue: 'DIR', summary: 'Where to write.' }),
    limit: Flags.integer({ min: 1, helpValue: 'N', summary: 'Simulate only the first N images; default all 360.' }),
    device: Flags.string({ default: 'ecp5-25f', helpValue: 'DEVICE', summary: 'Device of the estimate.' }),
  };

  override async run(): Promise<DemoReport> {
    const { flags } = await this.parse(Demo);
    const started = performance.now();
    const example = relative(process.cwd(), join(this.config.root, EXAMPLE)) || '.';
    const images = ['--images', join(example, 'test-images.bin')];
    const labelled = [...images, '--labels', join(example, 'test-labels.bin')];
    const [net, quantized, build] = ['net.safetensors', 'q4.safetensors', 'rtl'].map((name) =>
      join(flags.output, name),
    );
    const limit = flags.limit === undefined ? [] : ['--limit', String(flags.limit)];

    await this.#step('Read the checkpoint that the training script wrote', [
      ...['model', 'import', join(example, 'model.pth'), '-o', net!, '--config', join(example, 'config.json')],
    ]);
    const float = await this.#step<RunAnswer>('Run the published float network', ['model', 'run', net!, ...labelled]);
    this.#say(`top-1 ${formatPercent(float.top1)} on ${float.images} images`);
    await this.#step('Turn it into 4-bit integers', [
      ...['model', 'quantize', net!, '-o', quantized!, '--weight-bits', '4'],
      ...['--calibration', join(example, 'calib-images.bin'), '--bias-correction'],
    ]);
    const integer = await this.#step<RunAnswer>('Run the integers', ['model', 'run', quantized!, ...labelled]);
    this.#say(`top-1 ${formatPercent(integer.top1)}`);
    const generated = await this.#step<GenerateAnswer>('Generate the accelerator', [
      ...['rtl', 'generate', quantized!, '-o', build!],
    ]);
    this.#say(`Verilog, memory images and a program of ${generated.passes} passes in ${build}`);
    const verify = await this.#step<VerifyAnswer>('Prove that the Verilog does what the golden model does', [
      ...['verify', 'run', build!, ...images, ...limit],
    ]);
    this.#say(
      `${formatCount(verify.comparedSpikes)} spikes of ${verify.images} images compared, ${verify.mismatches} differ`,
    );
    const estimate = await this.#step<EstimateAnswer>('Estimate cells, speed and energy', [
      ...['estimate', build!, '--device', flags.device, ...images, '--limit', '20'],
    ]);
    const seconds = (performance.now() - started) / 1000;
    const report = {
      folder: flags.output,
      floatTop1: float.top1,
      integerTop1: integer.top1,
      verify,
      estimate,
      seconds,
    };
    this.#summarize(report, build!);
    return report;
  }

  /** Runs one command of the tool in a process of its own, as a user would, and returns its JSON answer. */
  async #step<T>(title: string, args: readonly string[]): Promise<T> {
    this.log(`\n${title}\n  $ ${this.config.bin} ${args.join(' ')}`);
    const program = [...process.execArgv, process.argv[1]!, ...args, '--json'];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve(code ?? 1));
    });
    const answer = JSON.parse(output) as T & { readonly error?: ErrorReport };
    if (answer.error !== undefined) throw asError(answer.error);
    // a mismatch is an answer, not an error
    process.exitCode ||= exitCode;
    return answer;
  }

  #say(text: string): void {
    this.log(`  ${text}`);
  }

  #summarize({ floatTop1, integerTop1, verify, estimate, seconds }: DemoReport, build: string): void {
    const { resources, clock, device, energy } = estimate;
    const rows = [
      ['top-1, float / 4-bit integers', `${formatPercent(floatTop1)} / ${formatPercent(integerTop1)}`, 'measured'],
      ['spikes equal, RTL and golden model', formatCount(verify.comparedSpikes), 'simulated, tolerance 0'],
      ['cycles per image', formatCount(verify.cyclesPerImage), 'counted in RTL = closed form'],
      [`frames/s at ${clock.megahertz} MHz`, formatCount(estimate.framesPerSecond), 'closed form'],
      [
        `LUT / FF / block RAM, ${device.title}`,
        `${formatCount(resources.lut)} / ${formatCount(resources.ff)} / ${resources.blockRam}`,
        'analytic',
      ],
      ['energy per image', energy === null ? '-' : `${(energy.total / 1000).toFixed(1)} nJ`, 'model'],
    ];
    this.log(`\n${renderTable(['', 'result', 'how known'], rows)}`);
    this.log(`\nDone in ${seconds.toFixed(0)} s. Next:`);
    const next = [
      [`estimate ${build} --device ice40-hx8k`, 'another device'],
      ['rtl generate MODEL -o DIR --lanes 16 --inputs 8', 'a larger array'],
      ['model import CHECKPOINT -o net.safetensors', 'your own network'],
    ] as const;
    for (const [command, why] of next) this.log(`  npx ${this.config.bin} ${command.padEnd(50)}  ${why}`);
  }
}
