import { Flags } from '@oclif/core';
import { type ImageSet, imageAt, loadImages, loadLabels, loadQuantized } from '@spikemill/golden-model';
import { DEFAULT_BAUD } from '@spikemill/hdl-gen';
import {
  type BoardInfo,
  type BoardResult,
  BoardSession,
  DEFAULT_ATTEMPTS,
  DEFAULT_TIMEOUT_MILLISECONDS,
  openSerialPort,
  type SessionTrouble,
} from '@spikemill/host';
import { BaseCommand, formatCount, formatCounted, formatPercent, renderTable } from '@spikemill/plugin-core';
import { checkModel, compareWithModel, type Mismatch } from '../golden.js';

const MISMATCH_EXIT_CODE = 1;

interface RunReport {
  readonly board: BoardInfo;
  readonly images: number;
  /** Share of the images that are classified right, 0 to 1; null without labels. */
  readonly top1: number | null;
  /** Images whose class or logits differ from the golden model; null without --model. */
  readonly mismatches: number | null;
  readonly firstMismatch: Mismatch | null;
  /** Of the first image, without stalls; null if the images disagree. */
  readonly cyclesPerImage: number | null;
  readonly stalls: number;
  /** From the first image to the last result. */
  readonly seconds: number;
  readonly trouble: SessionTrouble;
  readonly classes: readonly number[];
  readonly logits?: readonly (readonly number[])[] | undefined;
}

/** Share of right classes; null without labels. */
function accuracy(results: readonly BoardResult[], labels: Uint16Array | null): number | null {
  if (labels === null) return null;
  return results.filter(({ classIndex }, i) => classIndex === labels[i]).length / results.length;
}

/** What all agree on. */
function common(values: readonly number[]): number | null {
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : null;
}

export class BoardRun extends BaseCommand {
  static override summary = 'Send images to a board over its serial line and show what it makes of them.';
  static override description =
    'The board says which images it takes, so no model is needed. With --model every class and logit is compared with ' +
    'the golden model; exit code 1 if anything differs.\nA frame that is damaged on the line is sent again; the report ' +
    'counts how often. docs/board-protocol.md describes the line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --port /dev/ttyUSB0 --images test-images.bin --labels test-labels.bin',
    '<%= config.bin %> <%= command.id %> --port /dev/ttyUSB1 --images digits/ --limit 10 --model q.safetensors --json',
  ];
  static override flags = {
    port: Flags.string({
      required: true,
      helpValue: 'DEVICE',
      env: 'SPIKEMILL_PORT',
      summary: 'Serial port, such as /dev/ttyUSB0.',
    }),
    images: Flags.string({ required: true, helpValue: 'PATH', summary: 'Raw uint8 file, PNG file or PNG folder.' }),
    labels: Flags.string({ helpValue: 'FILE', summary: 'Labels of all images, one byte each.' }),
    limit: Flags.integer({ helpValue: 'N', min: 1, env: 'SPIKEMILL_LIMIT', summary: 'Only the first N images.' }),
    model: Flags.string({ helpValue: 'FILE', summary: 'Quantized model to compare with.' }),
    logits: Flags.boolean({ summary: 'Print the logits of every image.' }),
    baud: Flags.integer({
      helpValue: 'RATE',
      min: 1,
      default: DEFAULT_BAUD,
      summary: 'Bits per second, as the design was generated for.',
    }),
    attempts: Flags.integer({
      helpValue: 'N',
      min: 1,
      default: DEFAULT_ATTEMPTS,
      summary: 'How often an image is sent at most.',
    }),
    'timeout-ms': Flags.integer({
      helpValue: 'MS',
      min: 1,
      default: DEFAULT_TIMEOUT_MILLISECONDS,
      summary: 'How long a result may take, beside its time on the line.',
    }),
  };

  override async run(): Promise<RunReport> {
    const { flags } = await this.parse(BoardRun);
    const network = flags.model === undefined ? null : loadQuantized(flags.model);
    const line = await openSerialPort(flags.port, flags.baud);
    try {
      const { baud, attempts, 'timeout-ms': timeoutMilliseconds } = flags;
      const session = new BoardSession(line, { baud, attempts, timeoutMilliseconds });
      const board = await session.info();
      if (network !== null) checkModel(board, network, flags.model!);
      const images = loadImages(flags.images, board);
      const labels = flags.labels === undefined ? null : loadLabels(flags.labels, images.count, board.classes);
      const started = performance.now();
      const results = await this.#runImages(
        session,
        board,
        images,
        Math.min(images.count, flags.limit ?? images.count),
      );
      const seconds = (performance.now() - started) / 1000;
      const mismatches = network === null ? null : compareWithModel(network, images, results);
      const report: RunReport = {
        board,
        images: results.length,
        top1: accuracy(results, labels),
        mismatches: mismatches?.length ?? null,
        firstMismatch: mismatches?.[0] ?? null,
        cyclesPerImage: common(results.map(({ cycles }) => cycles)),
        stalls: results.reduce((sum, { stalls }) => sum + stalls, 0),
        seconds,
        trouble: session.trouble,
        classes: results.map(({ classIndex }) => classIndex),
        logits: flags.logits ? results.map(({ logits }) => logits) : undefined,
      };
      if (report.firstMismatch !== null) process.exitCode = MISMATCH_EXIT_CODE;
      this.#print(report);
      return report;
    } finally {
      await line.close();
    }
  }

  async #runImages(session: BoardSession, board: BoardInfo, images: ImageSet, count: number): Promise<BoardResult[]> {
    const progress = this.progress('running', count);
    const results: BoardResult[] = [];
    for (let i = 0; i < count; i++) {
      results.push(await session.run(imageAt(images, i), board));
      await progress.step(i + 1);
    }
    progress.end();
    return results;
  }

  #print({
    board,
    images,
    top1,
    mismatches,
    firstMismatch,
    cyclesPerImage,
    seconds,
    trouble,
    ...report
  }: RunReport): void {
    for (const [i, classIndex] of report.classes.entries()) {
      this.log(
        `image ${i}: class ${classIndex}${report.logits === undefined ? '' : `, logits ${report.logits[i]!.join(' ')}`}`,
      );
    }
    const rows = [
      ['images', formatCount(images)],
      ['top-1', top1 === null ? '-' : formatPercent(top1)],
      ['differ from the golden model', mismatches === null ? '-' : formatCount(mismatches)],
      ['cycles per image', cyclesPerImage === null ? '-' : formatCount(cyclesPerImage)],
      [
        'time per image on the board',
        cyclesPerImage === null ? '-' : `${(cyclesPerImage / board.clockKHz).toFixed(3)} ms`,
      ],
      ['time per image with the line', `${((1000 * seconds) / images).toFixed(1)} ms`],
      ['cycles waited for the line', formatCount(report.stalls)],
      ['sent again', describeTrouble(trouble)],
    ];
    const { inChannels, imageHeight, imageWidth, classes, clockKHz, modelDigest } = board;
    const size = `${inChannels} x ${imageHeight} x ${imageWidth} to ${formatCounted(classes, 'class', 'classes')}`;
    this.log(`\n${renderTable([`model ${modelDigest}, ${size}, ${clockKHz / 1000} MHz`, ''], rows)}`);
    if (firstMismatch !== null) this.log(`\nFAILED: ${firstMismatch.message}`);
    else if (mismatches !== null) this.log('\nPASSED: the board does what the golden model does');
  }
}

/** `2 times: no reply 1, checksum 1` */
function describeTrouble({ timeouts, errors }: SessionTrouble): string {
  const reasons = Object.entries({ ...(timeouts > 0 ? { 'no reply': timeouts } : {}), ...errors });
  const times = reasons.reduce((sum, [, count]) => sum + count, 0);
  return times === 0
    ? 'never'
    : `${formatCounted(times, 'time')}: ${reasons.map(([name, count]) => `${name} ${count}`).join(', ')}`;
}
