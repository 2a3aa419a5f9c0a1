import { Args } from '@oclif/core';
import {
  type ConfigOrigin,
  denseOperations,
  derive,
  type Layer,
  type LoadedCheckpoint,
  listLayers,
  loadModel,
  type NetworkConfig,
  type NumberFormat,
  type QuantizedNetwork,
} from '@spikemill/golden-model';
import { BaseCommand, formatCount, renderTable } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, readConfigFlags } from '../config-flags.js';
import { countWeights, formatMap, renderOrigins } from '../reports.js';

interface LayerReport {
  readonly name: string;
  readonly kind: string;
  readonly input: string;
  readonly output: string;
  readonly weights: number;
  /** Per image. */
  readonly denseOperations: number;
}

interface InspectReport {
  readonly kind: 'float' | 'quantized';
  readonly config: NetworkConfig;
  /** Weights of all layers, without biases and batch norms. */
  readonly weights: number;
  readonly denseOperations: number;
  readonly layers: readonly LayerReport[];
}

interface FloatReport extends InspectReport {
  readonly parameters: number;
  readonly origins: readonly ConfigOrigin[];
  readonly ignoredKeys: readonly string[];
  readonly ignoredObjects: readonly string[];
}

interface QuantizedReport extends InspectReport {
  readonly format: NumberFormat;
  readonly weightBits: number;
  readonly method: string | null;
  readonly accuracy: number | null;
}

/** Batch norms save two statistics beside their two parameters. */
const STATISTIC_KEY = /\.running_(mean|var)$/;

function reportLayer(layer: Layer, config: NetworkConfig): LayerReport {
  return {
    name: layer.name,
    kind: layer.kind,
    input: formatMap(layer.input),
    output: formatMap(layer.output),
    weights: countWeights(layer),
    denseOperations: denseOperations(layer, config),
  };
}

function reportNetwork(kind: InspectReport['kind'], config: NetworkConfig): InspectReport {
  const layers = listLayers(config).map((layer) => reportLayer(layer, config));
  const weights = layers.reduce((sum, layer) => sum + layer.weights, 0);
  return {
    kind,
    config,
    weights,
    denseOperations: layers.reduce((sum, layer) => sum + layer.denseOperations, 0),
    layers,
  };
}

function reportCheckpoint({ checkpoint, origins, ignoredKeys, ignoredNames }: LoadedCheckpoint): FloatReport {
  const trained = [...checkpoint.tensors].filter(([key]) => !STATISTIC_KEY.test(key));
  const parameters = trained.reduce((sum, [, { data }]) => sum + data.length, 0);
  const network = reportNetwork('float', checkpoint.config);
  return { ...network, parameters, origins, ignoredKeys, ignoredObjects: ignoredNames };
}

function reportQuantized(network: QuantizedNetwork): QuantizedReport {
  const { config, format, method, accuracy } = network;
  const weightBits = [...derive(network).weightBits.values()].reduce((sum, bits) => sum + bits, 0);
  return { ...reportNetwork('quantized', config), format, weightBits, method, accuracy };
}

function describeConfig(config: NetworkConfig): [string, string][] {
  const { depths, dim } = config;
  return [
    ['variant', config.spe ? 'with SPE cells' : 'without SPE cells, 2x2 patch steps'],
    ['image', `${config.inChannels} x ${config.imageHeight} x ${config.imageWidth}, patch ${config.patchSize}`],
    ['stages', depths.map((depth, stage) => `${depth} x ${dim * 2 ** stage}`).join(', ')],
    ['alpha', String(config.alpha)],
    ['classes', String(config.numClasses)],
    ['timesteps', String(config.timesteps)],
  ];
}

function describeFormat({ format, weightBits, method, accuracy }: QuantizedReport): [string, string][] {
  const bits = Object.entries(format.weightBits).map(([kind, value]) => `${kind} ${value}`);
  return [
    ['weight bits', bits.join(', ')],
    ['formats', `F ${format.fractionBits}, M ${format.membraneBits}, S ${format.scaleFractionBits}`],
    ['weight memory', `${formatCount(weightBits)} bits`],
    ['method', method ?? '-'],
    ['top-1 as stated', accuracy === null ? '-' : `${(100 * accuracy).toFixed(2)} %`],
  ];
}

export class ModelInspect extends BaseCommand {
  static override summary = 'Show what a model is: configuration and its sources, layers, operations, formats.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> examples/digits-tiny/model.pth',
    '<%= config.bin %> <%= command.id %> q.safetensors --json',
  ];
  static override args = {
    model: Args.string({ required: true, description: 'Float checkpoint or quantized model.' }),
  };
  static override flags = CONFIG_FLAGS;

  override async run(): Promise<FloatReport | QuantizedReport> {
    const { args, flags } = await this.parse(ModelInspect);
    const model = loadModel(args.model, { configPath: flags.config, flags: readConfigFlags(flags) });
    const report = model.kind === 'float' ? reportCheckpoint(model) : reportQuantized(model.network);
    this.#print(report);
    return report;
  }

  #print(report: FloatReport | QuantizedReport): void {
    if ('origins' in report) this.#printCheckpoint(report);
    else this.log(renderTable(['property', 'value'], [...describeConfig(report.config), ...describeFormat(report)]));
    const rows = report.layers.map(({ name, kind, input, output, weights, denseOperations }) => {
      return [name, kind, input, output, formatCount(weights), formatCount(denseOperations)];
    });
    this.log(`\n${renderTable(['layer', 'kind', 'reads', 'writes', 'weights', 'operations'], rows)}`);
    this.log(`\n${formatCount(report.weights)} weights, ${formatCount(report.denseOperations)} operations per image`);
  }

  #printCheckpoint({ origins, parameters, ignoredKeys, ignoredObjects }: FloatReport): void {
    this.log(renderOrigins(origins));
    this.log(`\n${formatCount(parameters)} parameters`);
    if (ignoredKeys.length > 0) this.log(`Ignored tensors: ${ignoredKeys.join(', ')}`);
    if (ignoredObjects.length > 0) this.log(`Ignored objects, not executed: ${ignoredObjects.join(', ')}`);
  }
}
