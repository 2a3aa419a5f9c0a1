import { Flags } from '@oclif/core';
import {
  encodeCheckpoint,
  exportCheckpoint,
  type ImageSet,
  imageAt,
  listLayers,
  loadImages,
  MAX_TIMESTEPS,
  NETWORK_NAMES,
  type NetworkConfig,
  randomImages,
  randomNetwork,
  serializeSafetensors,
  shapeLike,
  writeFileAtomic,
} from '@spikemill/golden-model';
import { BaseCommand } from '@spikemill/plugin-core';

interface RandomReport {
  readonly output: string;
  readonly config: NetworkConfig;
  readonly density: number;
  readonly seed: number;
}

/** About what trained networks do: 6 to 17 %. */
const DEFAULT_DENSITY = '0.12';

function parseDensity(text: string): number {
  const density = Number(text);
  if (density > 0 && density < 1) return density;
  throw new Error(`expected a share between 0 and 1, but received ${text}`);
}

export class ModelRandom extends BaseCommand {
  static override summary = 'Make a random network of a given shape whose neurons fire at realistic rates.';
  static override description =
    'For sizing and speed, where weights do not matter but shapes and firing rates do. Every batch norm takes its ' +
    'statistics from one image, generated or given, and moves until its neurons fire at the wanted rate.\n' +
    `--like takes a name (${NETWORK_NAMES.join(', ')}), a config.json that says everything, or a model.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --like mlp-spe-t -o random.safetensors --density 0.2',
    '<%= config.bin %> <%= command.id %> --like examples/digits-tiny/config.json -o random.safetensors --seed 7',
  ];
  static override flags = {
    like: Flags.string({ required: true, helpValue: 'NAME|FILE', summary: 'Shape of the network.' }),
    output: Flags.string({ char: 'o', required: true, helpValue: 'FILE', summary: 'Where to write the .safetensors.' }),
    density: Flags.custom<number>({
      helpValue: 'SHARE',
      parse: async (text) => parseDensity(text),
      default: async () => Number(DEFAULT_DENSITY),
      summary: `Spikes per neuron and timestep; default ${DEFAULT_DENSITY}.`,
    })(),
    seed: Flags.integer({ default: 1, min: 0, summary: 'The same seed gives the same network.' }),
    timesteps: Flags.integer({ helpValue: 'T', min: 1, max: MAX_TIMESTEPS, summary: 'Timesteps, if not as --like.' }),
    images: Flags.string({
      helpValue: 'PATH',
      summary: 'Calibrate on the first of these images, not on a random one.',
    }),
    'write-image': Flags.string({ helpValue: 'FILE', summary: 'Also write the image, raw uint8.' }),
  };

  override async run(): Promise<RandomReport> {
    const { flags } = await this.parse(ModelRandom);
    const shape = shapeLike(flags.like);
    const config = { ...shape, timesteps: flags.timesteps ?? shape.timesteps };
    const { density, seed } = flags;
    const images: ImageSet =
      flags.images === undefined ? randomImages(config, 1, seed) : loadImages(flags.images, config);
    const image = imageAt(images, 0);
    const progress = this.progress('calibrating', listLayers(config).length);
    let done = 0;
    const checkpoint = randomNetwork({ config, density, seed, image, onLayer: () => progress.update(++done) });
    progress.end();
    writeFileAtomic(flags.output, serializeSafetensors(exportCheckpoint(encodeCheckpoint(checkpoint))));
    if (flags['write-image'] !== undefined) writeFileAtomic(flags['write-image'], image);
    this.log(`Wrote ${flags.output}: random weights, ${density} spikes per neuron and timestep`);
    this.log(`Next: ${this.config.bin} model quantize ${flags.output} -o q.safetensors --weight-bits 8`);
    return { output: flags.output, config, density, seed };
  }
}
