/**
 * Energy of one image by counting events. The model is that of an event-driven engine with one memory for each kind of
 * data: every effective synaptic operation adds one weight that it reads; every input bit is read by each site that
 * looks at it; every spike is written once; every neuron update reads and writes its membrane of M bits. Of the currents
 * that are kept, encodings write h, fuse reads h and writes h + tok, fc2 reads h + tok, and each convolution of an SPE
 * cell reads one partial sum and writes one; all in the static width of the layer's own current.
 * Not counted: clock, control, configuration memory, leakage, input and output.
 */
import { readFileSync } from 'node:fs';
import { type DerivedLayer, derive } from './derive.js';
import { type EnergyModel, energyModelSchema } from './generated/energy-model.generated.js';
import { parseJson, validateJson } from './json.js';
import { tokenCount } from './layer-list.js';
import type { LayerKind } from './network.js';
import { inputReads } from './operations.js';
import type { QuantizedNetwork } from './quantized-network.js';
import { signedBits } from './range.js';
import type { RunStatistics } from './statistics.js';

export type { EnergyModel } from './generated/energy-model.generated.js';

/** Picojoules per image. */
export interface LayerEnergy {
  readonly name: string;
  readonly accumulates: number;
  readonly neurons: number;
  readonly weightMemory: number;
  readonly spikeMemory: number;
  readonly residualMemory: number;
  readonly membraneMemory: number;
  readonly total: number;
}

export interface EnergyReport {
  readonly model: EnergyModel;
  /** In the order of execution. */
  readonly layers: readonly LayerEnergy[];
  /** Picojoules per image. */
  readonly total: number;
}

/**
 * @param text JSON of schema/energy-model.schema.json.
 * @param where the file, for messages.
 * @throws SpikemillError INVALID_CONFIG that names what is wrong.
 */
export function parseEnergyModel(text: string, where: string): EnergyModel {
  return validateJson<EnergyModel>(energyModelSchema, parseJson(text, where), where);
}

/** The figures of data/energy-model.json. */
export function defaultEnergyModel(): EnergyModel {
  const file = new URL('../data/energy-model.json', import.meta.url);
  return parseEnergyModel(readFileSync(file, 'utf8'), 'energy-model.json');
}

/** Reads and writes of kept currents, for each output value of a layer and timestep. */
const RESIDUAL_ACCESSES = {
  'patch-embedding': 1,
  spe: 2,
  'patch-step': 1,
  identity: 0,
  'axial-h': 0,
  'axial-w': 0,
  fuse: 2,
  fc1: 0,
  fc2: 1,
  head: 0,
} satisfies Record<LayerKind, number>;

function layerEnergy(
  network: QuantizedNetwork,
  derived: DerivedLayer,
  effectiveOperations: number,
  model: EnergyModel,
): LayerEnergy {
  const { config, format } = network;
  const { layer, lifUpdates, current } = derived;
  const timesteps = layer.kind === 'patch-embedding' ? 1 : config.timesteps;
  const values = timesteps * tokenCount(layer.output) * layer.output.channels;
  const residualBits = RESIDUAL_ACCESSES[layer.kind] * values * signedBits(current);
  const parts = {
    accumulates: effectiveOperations * model.pjPerAccumulate,
    neurons: lifUpdates * model.pjPerNeuronUpdate,
    weightMemory: effectiveOperations * format.weightBits[layer.kind] * model.pjPerWeightBit,
    spikeMemory: (inputReads(layer, config) + lifUpdates) * model.pjPerSpikeBit,
    residualMemory: residualBits * model.pjPerResidualBit,
    membraneMemory: 2 * lifUpdates * format.membraneBits * model.pjPerMembraneBit,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { name: layer.name, ...parts, total };
}

/**
 * Energy of one image of a quantized network.
 *
 * @param statistics of a run of this network: they give the effective operations.
 */
export function estimateEnergy(
  network: QuantizedNetwork,
  statistics: RunStatistics,
  model: EnergyModel = defaultEnergyModel(),
): EnergyReport {
  const layers = derive(network).layers.map((derived, index) => {
    return layerEnergy(network, derived, statistics.layers[index]!.effectiveOperations, model);
  });
  return { model, layers, total: layers.reduce((sum, { total }) => sum + total, 0) };
}
