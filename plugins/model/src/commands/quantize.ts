import { Args, Flags } from '@oclif/core';
import {
  type Calibration,
  derive,
  type FoldedNetwork,
  foldNetwork,
  imageAt,
  LAYER_KINDS,
  type LayerKind,
  loadCheckpoint,
  loadImages,
  type NumberFormat,
  quantizeNetwork,
  serializeSafetensors,
  startCalibration,
  writeFileAtomic,
  writeQuantizedFile,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, flagError, readConfigFlags } from '../config-flags.js';

interface QuantizeReport {
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
    'calibration images and corrects what rounding the weights shifts on average.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --weight-bits 4',
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --calibration calib-images.bin --bias-correction',
    '<%= config.bin %> <%= command.id %> net.safetensors -o q.safetensors --weight-bits 3 --weight-bits-of spe=6',
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
    const calibration = await this.#calibrate(folded, flags.calibration, flags['bias-correction']);
    const network = quantizeNetwork(folded, {
      weightBits: chooseBits(flags['weight-bits'], flags['weight-bits-of'] ?? []),
      ...withoutUndefined({
        fractionBits: flags['fraction-bits'],
        membraneBits: flags['membrane-bits'],
        scaleFractionBits: flags['scale-bits'],
        scaleDigits: flags['scale-digits'],
        biasCorrection: calibration,
      }),
    });
    writeFileAtomic(flags.output, serializeSafetensors(writeQuantizedFile(network)));
    const weightBits = [...derive(network).weightBits.values()].reduce((sum, bits) => sum + bits, 0);
    this.log(`Wrote ${flags.output}: ${network.method}, ${formatCount(weightBits)} bits of weights`);
    this.log(`Next: ${this.config.bin} model run ${flags.output} --images IMAGES --labels LABELS`);
    return { output: flags.output, format: network.format, method: network.method, weightBits };
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
