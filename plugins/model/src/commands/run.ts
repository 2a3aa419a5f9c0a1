import { Args, Flags } from '@oclif/core';
import {
  type EnergyReport,
  estimateEnergy,
  type FoldedNetwork,
  foldNetwork,
  imageAt,
  isQuantized,
  loadImages,
  loadLabels,
  loadModel,
  parseEnergyModel,
  type QuantizedNetwork,
  type Range,
  type RunStatistics,
  readFileChecked,
  startStatistics,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount, formatPercent, renderTable } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, readConfigFlags } from '../config-flags.js';

interface LayerReport {
  readonly name: string;
  /** Synaptic operations per image. */
  readonly denseOperations: number;
  readonly effectiveOperations: number;
  /** Picojoules per image; only of quantized models. */
  readonly energy?: number | undefined;
}

interface RunReport {
  readonly mode: 'float64' | 'integer';
  readonly images: number;
  /** Share of the images that are classified right, 0 to 1; null without labels. */
  readonly top1: number | null;
  readonly denseOperations: number;
  readonly effectiveOperations: number;
  readonly meanFiringRate: number;
  /** Spikes per neuron and timestep, by LIF. */
  readonly firingRates: Readonly<Record<string, number>>;
  /** Smallest and largest membrane, by LIF; integers in units of 2^-F. */
  readonly membranes: Readonly<Record<string, Range>>;
  readonly layers: readonly LayerReport[];
  /** Picojoules per image, with the figures it was computed from; null for float models. */
  readonly energy: { readonly total: number; readonly model: object } | null;
  readonly classes: readonly number[];
  readonly logits?: readonly (readonly number[])[] | undefined;
}

interface Outcome {
  readonly statistics: RunStatistics;
  readonly classes: readonly number[];
  readonly logits: readonly (readonly number[])[];
}

function makeReport(
  network: QuantizedNetwork | FoldedNetwork,
  { statistics, classes, logits }: Outcome,
  energy: EnergyReport | null,
  wantsLogits: boolean,
): RunReport {
  const { layers, lifs, images, top1, meanFiringRate } = statistics;
  return {
    mode: isQuantized(network) ? 'integer' : 'float64',
    images,
    top1,
    denseOperations: statistics.denseOperations,
    effectiveOperations: statistics.effectiveOperations,
    meanFiringRate,
    firingRates: Object.fromEntries(lifs.map(({ name, firingRate }) => [name, firingRate])),
    membranes: Object.fromEntries(lifs.map(({ name, membrane }) => [name, membrane])),
    layers: layers.map(({ layer, denseOperations, effectiveOperations }, i) => {
      return { name: layer.name, denseOperations, effectiveOperations, energy: energy?.layers[i]?.total };
    }),
    energy: energy === null ? null : { total: energy.total, model: energy.model },
    classes,
    logits: wantsLogits ? logits : undefined,
  };
}

/** `4.0 nJ` */
function formatEnergy(picojoules: number | undefined): string {
  return picojoules === undefined ? '-' : `${(picojoules / 1000).toFixed(1)}`;
}

export class ModelRun extends BaseCommand {
  static override summary = 'Run a model on images: accuracy, firing rates, synaptic operations, energy.';
  static override description =
    'A float checkpoint runs in float64 and reproduces the published network; a quantized model runs in integers, to ' +
    'the bit as the hardware does.\nImages: a file of raw uint8 pixels (N, C, H, W), a PNG file, or a folder of PNG ' +
    'files in the order of their names. Labels: one byte each.\nEnergy is a model, not a measurement: it counts ' +
    'events and multiplies by the figures of --energy-model.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> q.safetensors --images test-images.bin --labels test-labels.bin',
    '<%= config.bin %> <%= command.id %> net.safetensors --images photos/ --logits --json',
  ];
  static override args = {
    model: Args.string({ required: true, description: 'Float checkpoint or quantized model.' }),
  };
  static override flags = {
    images: Flags.string({ required: true, helpValue: 'PATH', summary: 'Raw uint8 file, PNG file or PNG folder.' }),
    labels: Flags.string({ helpValue: 'FILE', summary: 'Labels of all images, one byte each.' }),
    limit: Flags.integer({ helpValue: 'N', min: 1, env: 'SPIKEMILL_LIMIT', summary: 'Only the first N images.' }),
    logits: Flags.boolean({ summary: 'Print the logits of every image.' }),
    'energy-model': Flags.string({
      helpValue: 'FILE',
      summary: 'JSON of picojoules per event, see the default in golden-model/data.',
    }),
    ...CONFIG_FLAGS,
  };

  override async run(): Promise<RunReport> {
    const { args, flags } = await this.parse(ModelRun);
    const model = loadModel(args.model, { configPath: flags.config, flags: readConfigFlags(flags) });
    const network = model.kind === 'quantized' ? model.network : foldNetwork(model.checkpoint);
    const outcome = await this.#runImages(network, flags);
    const energy = isQuantized(network)
      ? estimateEnergy(network, outcome.statistics, readEnergyModel(flags['energy-model']))
      : null;
    const report = makeReport(network, outcome, energy, flags.logits);
    this.#print(report);
    return report;
  }

  async #runImages(
    network: QuantizedNetwork | FoldedNetwork,
    {
      images: path,
      labels: labelsPath,
      limit,
    }: { images: string; labels?: string | undefined; limit?: number | undefined },
  ): Promise<Outcome> {
    const { config } = network;
    const images = loadImages(path, config);
    const labels = labelsPath === undefined ? null : loadLabels(labelsPath, images.count, config.numClasses);
    const count = Math.min(images.count, limit ?? images.count);
    const statistics = startStatistics(network);
    const progress = this.progress('running', count);
    const classes: number[] = [];
    const logits: number[][] = [];
    for (let i = 0; i < count; i++) {
      const result = statistics.run(imageAt(images, i), labels?.[i]);
      classes.push(result.classIndex);
      logits.push([...result.logits]);
      await progress.step(i + 1);
    }
    progress.end();
    return { statistics: statistics.summary(), classes, logits };
  }

  #print({ mode, images, top1, logits, layers, energy, ...report }: RunReport): void {
    const rates = Object.entries(report.firingRates).map(([name, rate]) => {
      const { min, max } = report.membranes[name]!;
      return [name, formatPercent(rate), formatMembrane(min), formatMembrane(max)];
    });
    this.log(renderTable(['LIF', 'fires', 'least membrane', 'largest'], rates));
    const rows = layers.map(({ name, denseOperations: dense, effectiveOperations: effective, energy: picojoules }) => {
      return [
        name,
        formatCount(dense),
        formatCount(effective),
        formatPercent(effective / dense, 1),
        formatEnergy(picojoules),
      ];
    });
    this.log(`\n${renderTable(['layer', 'dense op', 'effective op', 'share', 'nJ'], rows)}`);
    for (const [i, values] of (logits ?? []).entries())
      this.log(`${i === 0 ? '\n' : ''}logits ${i}: ${values.join(' ')}`);
    this.log(`\n${images} images in ${mode === 'integer' ? 'integers' : 'float64'}`);
    if (top1 !== null)
      this.log(`top-1                 ${formatPercent(top1)} (${Math.round(top1 * images)} of ${images})`);
    this.log(
      `operations per image  ${formatCount(report.effectiveOperations)} of ${formatCount(report.denseOperations)}`,
    );
    if (energy !== null) this.log(`energy per image      ${formatEnergy(energy.total)} nJ (modelled, not measured)`);
  }
}

function formatMembrane(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

function readEnergyModel(path: string | undefined): ReturnType<typeof parseEnergyModel> | undefined {
  if (path === undefined) return undefined;
  return parseEnergyModel(new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG')), path);
}
