import { Args, Flags } from '@oclif/core';
import {
  BACKENDS,
  type BackendName,
  DEFAULT_BACKEND,
  imageAt,
  isTracePath,
  loadImages,
  loadQuantized,
  openBackend,
  openTrace,
  type QuantizedNetwork,
  startTrace,
  type TraceReader,
  type TraceSection,
  unpackBits,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount, formatCounted, formatPercent, renderTable } from '@spikemill/plugin-core';
import { flagError } from '../config-flags.js';

interface WriteReport {
  readonly output: string;
  readonly images: number;
  readonly bytes: number;
  readonly classes: readonly number[];
}

interface SectionReport {
  readonly kind: TraceSection['kind'];
  readonly name: string;
  /** Bytes of one image. */
  readonly bytes: number;
  /** Spikes per neuron and timestep over all images; null for other kinds. */
  readonly firingRate: number | null;
}

interface ReadReport {
  readonly images: number;
  readonly timesteps: number;
  readonly networkDigest: string;
  readonly sections: readonly SectionReport[];
  /** Of --image and --lif: one row for each token; spikes as 0 and 1, membranes as numbers. */
  readonly rows: readonly (readonly number[])[] | null;
}

function countOnes(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
}

interface Place {
  readonly image: number;
  readonly lif: string;
  readonly timestep: number;
  readonly membranes: boolean;
}

/** Values of one LIF at one timestep, token by token. */
function readRows(trace: TraceReader, { image, lif, timestep, membranes }: Place): number[][] {
  const section = trace.section(membranes ? 'membranes' : 'spikes', lif);
  const { channels, height, width } = section;
  const values = membranes
    ? trace.integers(image, section, timestep)
    : unpackBits(trace.read(image, section, timestep), channels);
  return Array.from({ length: height * width }, (_, token) => [
    ...values.subarray(token * channels, (token + 1) * channels),
  ]);
}

export class ModelTrace extends BaseCommand {
  static override summary = 'Write every spike of a quantized model to a file, or look into such a file.';
  static override description =
    'Given a model, runs it on --images and writes a trace: pixels, logits and every spike of every layer at every ' +
    'timestep, with --membranes also the membranes. Given a trace, holds it against its digests and shows what is in ' +
    'it; with --image and --lif one layer at one timestep.\nThe format is in docs/trace-format.md.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> q.safetensors --images test-images.bin -o run.trace --limit 20',
    '<%= config.bin %> <%= command.id %> run.trace',
    '<%= config.bin %> <%= command.id %> run.trace --image 3 --lif token_mix_lif.0 --timestep 1',
  ];
  static override args = {
    file: Args.string({ required: true, description: 'Quantized model, or a trace.' }),
  };
  static override flags = {
    images: Flags.string({ helpValue: 'PATH', summary: 'Raw uint8 file, PNG file or PNG folder.' }),
    output: Flags.string({ char: 'o', helpValue: 'FILE', summary: 'Where to write the trace.' }),
    limit: Flags.integer({ helpValue: 'N', min: 1, env: 'SPIKEMILL_LIMIT', summary: 'Only the first N images.' }),
    membranes: Flags.boolean({ summary: 'Membranes: also write them, or show them in place of spikes.' }),
    backend: Flags.option({
      options: BACKENDS,
      default: DEFAULT_BACKEND,
      helpValue: BACKENDS.join('|'),
      summary: 'What runs the model; the trace is the same.',
    })(),
    image: Flags.integer({ helpValue: 'I', min: 0, dependsOn: ['lif'], summary: 'Show this image.' }),
    lif: Flags.string({ helpValue: 'NAME', dependsOn: ['image'], summary: 'Show this population.' }),
    timestep: Flags.integer({ helpValue: 'T', min: 0, default: 0, summary: 'Show this timestep.' }),
  };

  override async run(): Promise<WriteReport | ReadReport> {
    const { args, flags } = await this.parse(ModelTrace);
    if (isTracePath(args.file)) {
      const { image, lif, timestep, membranes } = flags;
      const place = image === undefined || lif === undefined ? null : { image, lif, timestep, membranes };
      return this.#show(args.file, place);
    }
    const { images, output } = flags;
    if (images === undefined || output === undefined) throw flagError('--images and -o for a model', 'neither');
    return this.#write(loadQuantized(args.file), { ...flags, images, output });
  }

  async #write(
    network: QuantizedNetwork,
    flags: { images: string; output: string; limit?: number | undefined; membranes: boolean; backend: BackendName },
  ): Promise<WriteReport> {
    const images = loadImages(flags.images, network.config);
    const count = Math.min(images.count, flags.limit ?? images.count);
    const { run } = openBackend(network, flags.backend);
    const trace = startTrace(flags.output, network, count, { membranes: flags.membranes });
    const progress = this.progress('tracing', count);
    const classes: number[] = [];
    try {
      for (let i = 0; i < count; i++) {
        classes.push(trace.add(run, imageAt(images, i)));
        await progress.step(i + 1);
      }
      trace.finish();
    } finally {
      trace.abort();
      progress.end();
    }
    const bytes = count * trace.header.imageBytes;
    this.log(
      `Wrote ${formatCounted(count, 'image')} of ${formatCounted(trace.header.imageBytes, 'byte')} to ${flags.output}`,
    );
    this.log(`Next: ${this.config.bin} model trace ${flags.output}`);
    return { output: flags.output, images: count, bytes, classes };
  }

  async #show(path: string, place: Place | null): Promise<ReadReport> {
    const trace = openTrace(path);
    try {
      const sections = await this.#measure(trace);
      const rows = place === null ? null : readRows(trace, place);
      const { images, timesteps, networkDigest } = trace.header;
      const table = sections.map(({ kind, name, bytes, firingRate }) => {
        return [kind, name, formatCount(bytes), firingRate === null ? '-' : formatPercent(firingRate)];
      });
      this.log(renderTable(['kind', 'name', 'bytes per image', 'fires'], table));
      this.log(`\n${formatCounted(images, 'image')}, ${formatCounted(timesteps, 'timestep')}, all digests right`);
      this.log(`network ${networkDigest}`);
      for (const [token, values] of (rows ?? []).entries()) {
        this.log(`${token === 0 ? '\n' : ''}token ${token}: ${values.join(place?.membranes ? ' ' : '')}`);
      }
      return { images, timesteps, networkDigest, sections, rows };
    } finally {
      trace.close();
    }
  }

  /** Reads the whole file once: digests, and how often the neurons fire. */
  async #measure(trace: TraceReader): Promise<SectionReport[]> {
    const { images, sections } = trace.header;
    const spikes = sections.map(() => 0);
    const progress = this.progress('reading', images);
    for (let image = 0; image < images; image++) {
      trace.verify(image);
      for (const [i, section] of sections.entries()) {
        if (section.kind === 'spikes') spikes[i]! += countOnes(trace.read(image, section));
      }
      await progress.step(image + 1);
    }
    progress.end();
    return sections.map(({ kind, name, bytes, rounds, height, width, channels }, i) => {
      const neurons = images * rounds * height * width * channels;
      return { kind, name, bytes, firingRate: kind === 'spikes' ? spikes[i]! / neurons : null };
    });
  }
}
