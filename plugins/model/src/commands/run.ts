import { availableParallelism } from 'node:os';
import { Args, Flags } from '@oclif/core';
import {
  BACKENDS,
  type Backend,
  type BackendName,
  compareBackends,
  DEFAULT_BACKEND,
  denseOperations,
  type EnergyReport,
  estimateEnergy,
  type FoldedNetwork,
  foldNetwork,
  imageAt,
  isQuantized,
  type LayerDifference,
  listLayers,
  loadImages,
  loadLabels,
  loadModel,
  openBackend,
  parseEnergyModel,
  type QuantizedNetwork,
  type Range,
  type RunStatistics,
  readFileChecked,
  runImages,
  startStatistics,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount, formatCounted, formatPercent, renderTable } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, flagError, readConfigFlags } from '../config-flags.js';

interface LayerReport {
  readonly name: string;
  /** Synaptic operations per image. */
  readonly denseOperations: number;
  readonly effectiveOperations: number;
  /** Picojoules per image; only of quantized models. */
  readonly energy?: number | undefined;
}

/** Exit code if the back-ends differ. */
const MISMATCH_EXIT_CODE = 1;

interface CheckReport {
  /** Images that were compared: up to the first that differs. */
  readonly images: number;
  /** First difference of every layer and quantity of that image; empty: all are equal. */
  readonly differences: readonly LayerDifference[];
}

interface RunReport {
  readonly mode: 'float64' | 'integer';
  /** Of quantized models; null for float ones. */
  readonly backend: BackendName | null;
  /** The two back-ends held together layer by layer; null if that was not asked for. */
  readonly check: CheckReport | null;
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
  readonly backend: BackendName | null;
  readonly check: CheckReport | null;
  readonly statistics: RunStatistics;
  readonly classes: readonly number[];
  readonly logits: readonly (readonly number[])[];
}

function makeReport(
  network: QuantizedNetwork | FoldedNetwork,
  { statistics, classes, logits, backend, check }: Outcome,
  energy: EnergyReport | null,
  wantsLogits: boolean,
): RunReport {
  const { layers, lifs, images, top1, meanFiringRate } = statistics;
  return {
    mode: isQuantized(network) ? 'integer' : 'float64',
    backend,
    check,
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

/** Dense operations of a run from which threads are worth their start. */
const OPERATIONS_FOR_THREADS = 2e10;

function chooseWorkers(
  { config }: QuantizedNetwork | FoldedNetwork,
  images: number,
  wanted: number | undefined,
): number {
  if (wanted !== undefined) return Math.min(wanted, images);
  const perImage = listLayers(config).reduce((sum, layer) => sum + denseOperations(layer, config), 0);
  return images * perImage < OPERATIONS_FOR_THREADS ? 1 : Math.min(availableParallelism(), images);
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
    backend: Flags.option({
      options: BACKENDS,
      default: DEFAULT_BACKEND,
      helpValue: BACKENDS.join('|'),
      summary: 'Of quantized models: the specification in plain TypeScript, or equal vector kernels.',
    })(),
    check: Flags.boolean({ summary: 'Run every image on both back-ends and compare them layer by layer.' }),
    workers: Flags.integer({
      helpValue: 'N',
      min: 1,
      max: 256,
      summary: 'Threads; default: one, or all cores for long runs.',
    }),
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
    flags: {
      images: string;
      labels?: string | undefined;
      limit?: number | undefined;
      backend: BackendName;
      check: boolean;
      workers?: number | undefined;
    },
  ): Promise<Outcome> {
    const { config } = network;
    const images = loadImages(flags.images, config);
    const labels = flags.labels === undefined ? null : loadLabels(flags.labels, images.count, config.numClasses);
    const count = Math.min(images.count, flags.limit ?? images.count);
    const pixels = Array.from({ length: count }, (_, i) => imageAt(images, i));
    const check = flags.check ? await this.#check(network, pixels) : null;
    const statistics = startStatistics(network);
    const progress = this.progress('running', count);
    const classes: number[] = [];
    const logits: number[][] = [];
    const workers = chooseWorkers(network, count, flags.workers);
    for await (const outcome of runImages(pixels, { network, backend: flags.backend, workers })) {
      statistics.add(outcome, labels?.[classes.length]);
      classes.push(outcome.classIndex);
      logits.push([...outcome.logits]);
      await progress.step(classes.length);
    }
    progress.end();
    const backend = isQuantized(network) ? flags.backend : null;
    return { statistics: statistics.summary(), classes, logits, backend, check };
  }

  async #check(network: QuantizedNetwork | FoldedNetwork, pixels: readonly Uint8Array[]): Promise<CheckReport> {
    if (!isQuantized(network)) throw flagError('a quantized model with --check', 'a float checkpoint');
    const [spec, wasm] = BACKENDS.map((name) => openBackend(network, name)) as [Backend, Backend];
    const progress = this.progress('comparing back-ends', pixels.length);
    for (const [index, image] of pixels.entries()) {
      const differences = compareBackends(network, spec, wasm, image);
      if (differences.length > 0) {
        process.exitCode = MISMATCH_EXIT_CODE;
        return { images: index + 1, differences };
      }
      await progress.step(index + 1);
    }
    progress.end();
    return { images: pixels.length, differences: [] };
  }

  #printCheck({ images, differences }: CheckReport): void {
    if (differences.length === 0)
      this.log(`back-ends             equal in every layer of ${formatCounted(images, 'image')}`);
    else
      this.log(
        `back-ends             differ in image ${images - 1}\n  ${differences.map(printDifference).join('\n  ')}`,
      );
  }

  #print({ mode, backend, check, images, top1, logits, layers, energy, ...report }: RunReport): void {
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
    this.log(`\n${formatCounted(images, 'image')} in ${mode === 'integer' ? 'integers' : 'float64'}`);
    if (backend !== null) this.log(`back-end              ${backend}`);
    if (check !== null) this.#printCheck(check);
    if (top1 !== null)
      this.log(`top-1                 ${formatPercent(top1)} (${Math.round(top1 * images)} of ${images})`);
    this.log(
      `operations per image  ${formatCount(report.effectiveOperations)} of ${formatCount(report.denseOperations)}`,
    );
    if (energy !== null) this.log(`energy per image      ${formatEnergy(energy.total)} nJ (modelled, not measured)`);
  }
}

function printDifference({ layer, what, index, expected, actual }: LayerDifference): string {
  return `${layer}: ${what}[${index}] is ${actual}, the specification says ${expected}`;
}

function formatMembrane(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

function readEnergyModel(path: string | undefined): ReturnType<typeof parseEnergyModel> | undefined {
  if (path === undefined) return undefined;
  return parseEnergyModel(new TextDecoder().decode(readFileChecked(path, 'INVALID_CONFIG')), path);
}
