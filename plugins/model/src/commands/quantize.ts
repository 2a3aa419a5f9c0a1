import { Args, Flags } from '@oclif/core';
import {
  type BitTrial,
  type Calibration,
  derive,
  type FoldedNetwork,
  foldNetwork,
  imageAt,
  LAYER_KINDS,
  type LayerKind,
  loadCheckpoint,
  loadImages,
  loadLabels,
  type NumberFormat,
  type QuantizedNetwork,
  type QuantizeOptions,
  quantizeNetwork,
  type SearchResult,
  searchBits,
  serializeSafetensors,
  startCalibration,
  writeFileAtomic,
  writeQuantizedFile,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount, formatPercent, renderTable } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, flagError, readConfigFlags } from '../config-flags.js';

interface SearchReport {
  /** Top-1 of the float network on the calibration set, 0 to 1. */
  readonly floatTop1: number;
  /** Mean probability of the right class. */
  readonly floatSoftTop1: number;
  /** Calibration images. */
  readonly images: number;
  /** Every candidate, in the order in which they were tried. */
  readonly trials: readonly BitTrial[];
  /** The one that was written. */
  readonly best: BitTrial;
}

interface QuantizeReport {
  /** null without --target-drop. */
  readonly search: SearchReport | null;
  readonly output: string;
  readonly format: NumberFormat;
  readonly method: string | null;
  /** Of the weight memory. */
  readonly weightBits: number;
}

const DEFAULT_WEIGHT_BITS = 4;

/** The kinds that have B bits; the others always have 8. */
const ADJUSTABLE = LAYER_KINDS.filter((kind) => !['patch-embedding', 'identity', 'head'].includes(kind));

interface BitsOfKind {
  readonly kind: LayerKind;
  readonly bits: number;
}

/** Of a share that was measured on `count` images. */
function standardError(share: number, count: number): number {
  return Math.sqrt((share * (1 - share)) / count);
}

const BITS_PER_KIB = 8 * 1024;

/** Percentage points to a share. */
function parseDrop(text: string): number {
  const points = text.trim() === '' ? Number.NaN : Number(text);
  if (points >= 0 && points <= 100) return points / 100;
  throw flagError('percentage points from 0 to 100', text);
}

/** `fuse=6` */
function parseBitsOfKind(text: string): BitsOfKind {
  const [kind, bits] = text.split('=');
  const known = ADJUSTABLE.find((name) => name === kind);
  if (known !== undefined && bits !== undefined && /^\d+$/.test(bits)) return { kind: known, bits: Number(bits) };
  throw flagError(`KIND=BITS with KIND one of ${ADJUSTABLE.join(', ')}`, text);
}

/** B of every kind: of its own flag, else the common one. */
function chooseBits(common: number, own: readonly BitsOfKind[]): Partial<Record<LayerKind, number>> {
  return Object.fromEntries([
    ...ADJUSTABLE.map((kind) => [kind, common]),
    ...own.map(({ kind, bits }) => [kind, bits]),
  ]);
}

export class ModelQuantize extends BaseCommand {
  static override summary = 'Turn a float checkpoint into integers: weights of few bits, power-of-two scales.';
  static override description =
    'The patch embedding, the identity branch and the head keep 8 bits. Bias correction runs the float network on the ' +
    'calibration images and corrects what rounding the weights shifts on average.\n' +
    'With --target-drop the bits of every kind of layer and the bias correction are searched on the calibration images ' +
    'alone; images for the final test must be others.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --weight-bits 4',
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --calibration calib-images.bin --bias-correction',
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --weight-bits 3 --weight-bits-of spe=6',
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --target-drop 0.3 --calibration calib-images.bin --calibration-labels calib-labels.bin',
  ];
  static override args = {
    model: Args.string({ required: true, description: 'Float checkpoint, .safetensors or .pth.' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', required: true, helpValue: 'FILE', summary: 'Where to write the .safetensors.' }),
    'weight-bits': Flags.integer({
      helpValue: 'B',
      min: 2,
      max: 8,
      default: DEFAULT_WEIGHT_BITS,
      env: 'SPIKEMILL_WEIGHT_BITS',
      summary: 'Bits of the weights, 2 to 8.',
    }),
    'weight-bits-of': Flags.custom<BitsOfKind>({
      helpValue: 'KIND=B',
      parse: async (text) => parseBitsOfKind(text),
      summary: 'Other bits for one kind of layer; may be repeated.',
    })({ multiple: true }),
    calibration: Flags.string({
      helpValue: 'IMAGES',
      summary: 'Images for bias correction: raw uint8 file or PNG folder.',
    }),
    'bias-correction': Flags.boolean({
      dependsOn: ['calibration'],
      summary: 'Correct the biases; needs --calibration.',
    }),
    'target-drop': Flags.custom<number>({
      helpValue: 'POINTS',
      dependsOn: ['calibration', 'calibration-labels'],
      parse: async (text) => parseDrop(text),
      summary: 'Search the bits of each kind: the smallest model that loses at most this much top-1.',
    })(),
    'calibration-labels': Flags.string({
      helpValue: 'FILE',
      dependsOn: ['target-drop'],
      summary: 'Labels of the calibration images, one byte each.',
    }),
    'fraction-bits': Flags.integer({
      helpValue: 'F',
      summary: 'Fractional bits of currents and membranes; default 8.',
    }),
    'membrane-bits': Flags.integer({ helpValue: 'M', summary: 'Bits of stored membranes; default F + 2.' }),
    'scale-bits': Flags.integer({ helpValue: 'S', summary: 'Fractional bits of token scales; default 4.' }),
    'scale-digits': Flags.integer({ helpValue: 'D', summary: 'Signed digits of a token scale; default 2.' }),
    ...CONFIG_FLAGS,
  };

  override async run(): Promise<QuantizeReport> {
    const { args, flags } = await this.parse(ModelQuantize);
    const model = loadCheckpoint(args.model, { configPath: flags.config, flags: readConfigFlags(flags) });
    const folded = foldNetwork(model.checkpoint);
    const formats = withoutUndefined({
      fractionBits: flags['fraction-bits'],
      membraneBits: flags['membrane-bits'],
      scaleFractionBits: flags['scale-bits'],
      scaleDigits: flags['scale-digits'],
    });
    const { calibration: path, 'calibration-labels': labelsPath, 'target-drop': targetDrop } = flags;
    let network: QuantizedNetwork;
    let search: SearchReport | null = null;
    if (targetDrop !== undefined && path !== undefined && labelsPath !== undefined) {
      const { network: smallest, ...found } = await this.#search(folded, path, labelsPath, targetDrop, formats);
      network = smallest;
      search = found;
      this.#printSearch(found);
    } else {
      const calibration = await this.#calibrate(folded, path, flags['bias-correction']);
      const weightBits = chooseBits(flags['weight-bits'], flags['weight-bits-of'] ?? []);
      network = quantizeNetwork(folded, {
        weightBits,
        ...formats,
        ...withoutUndefined({ biasCorrection: calibration }),
      });
    }
    writeFileAtomic(flags.output, serializeSafetensors(writeQuantizedFile(network)));
    const weightBits = [...derive(network).weightBits.values()].reduce((sum, bits) => sum + bits, 0);
    this.log(`Wrote ${flags.output}: ${network.method}, ${formatCount(weightBits)} bits of weights`);
    this.log(`Next: ${this.config.bin} model run ${flags.output} --images IMAGES --labels LABELS`);
    return { search, output: flags.output, format: network.format, method: network.method, weightBits };
  }

  async #search(
    folded: FoldedNetwork,
    path: string,
    labelsPath: string,
    targetDrop: number,
    quantize: Omit<QuantizeOptions, 'weightBits' | 'biasCorrection' | 'onProgress'>,
  ): Promise<SearchResult> {
    const set = loadImages(path, folded.config);
    const labels = loadLabels(labelsPath, set.count, folded.config.numClasses);
    const images = Array.from({ length: set.count }, (_, i) => imageAt(set, i));
    const progress = this.progress('running the float network', images.length);
    const steps = searchBits(folded, { images, labels, targetDrop, quantize });
    let step = steps.next();
    while (step.done !== true) {
      if (step.value.phase === 'float') await progress.step(step.value.done);
      else {
        progress.end();
        await new Promise((resolve) => setImmediate(resolve)); // lets Ctrl-C through
      }
      step = steps.next();
    }
    return step.value;
  }

  #printSearch({ floatTop1, floatSoftTop1, trials, best, images }: SearchReport): void {
    const kinds = Object.keys(best.bits) as LayerKind[];
    const rows = trials.map((trial) => [
      ...kinds.map((kind) => trial.bits[kind]!),
      trial.biasCorrection ? 'yes' : 'no',
      formatPercent(trial.top1),
      formatPercent(trial.softTop1),
      formatCount(trial.weightBits),
      `${(trial.weightBits / BITS_PER_KIB).toFixed(1)} KiB`,
      trial === best ? 'written' : trial.isWithin ? '' : 'too low',
    ]);
    this.log(
      renderTable([...kinds, 'bias correction', 'top-1', 'soft top-1', 'weight bits', 'weight memory', ''], rows),
    );
    this.log(
      `\ntop-1 of the float network on the calibration set: ${formatPercent(floatTop1)}, soft ${formatPercent(floatSoftTop1)}`,
    );
    const error = formatPercent(standardError(floatTop1, images));
    this.log(
      `standard error of each top-1: ${error}; of many candidates on few images the best is lucky, so test on others`,
    );
  }

  async #calibrate(
    folded: FoldedNetwork,
    path: string | undefined,
    isWanted: boolean,
  ): Promise<Calibration | undefined> {
    if (path === undefined) return undefined;
    if (!isWanted) {
      this.warn('--calibration has no effect without --bias-correction');
      return undefined;
    }
    const images = loadImages(path, folded.config);
    const calibration = startCalibration(folded);
    const progress = this.progress('calibrating', images.count);
    for (let i = 0; i < images.count; i++) {
      calibration.add(imageAt(images, i));
      await progress.step(i + 1);
    }
    progress.end();
    return calibration;
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Options that were not given are left out, so that the defaults of the callee hold. */
function withoutUndefined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>;
}
