/** The generated top: one engine as a structure of library modules. Structure only: nothing here computes. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { arrayInstances } from './engine/arrays.js';
import { loadedRam, rom } from './engine/connect.js';
import { engineConstants, weightAddressConstants } from './engine/constants.js';
import { controlInstances, operandInstances } from './engine/control.js';
import { externalConstants, externalInstances, externalPorts, externalWires } from './engine/external-weights.js';
import { inputInstances, RESET_INSTANCE } from './engine/inputs.js';
import { fileParameter } from './engine/names.js';
import { neuronInstances, neuronMemories } from './engine/neurons.js';
import { outputInstances } from './engine/outputs.js';
import { hasSharedPlanes } from './engine/planes.js';
import { HEAD_MEMORY, NEURON_MEMORIES, networkMemories, weightMemories } from './engine/stored-memories.js';
import { WEIGHT_PORTS, weightStreamInstances, weightStreamWires } from './engine/weight-stream.js';
import { ACCELERATOR_PORTS, engineWires } from './engine/wires.js';
import { frameConstants } from './images/weight-frame.js';
import type { Plan } from './plan/plan.js';
import type { Program } from './program.js';
import type { Structure } from './verilog/structure.js';

export { ACCELERATOR_PORTS, engineConstants, fileParameter };

/** What lies in external memory, if anything does. */
export const EXTERNAL_MEMORY = 'spike-weights';

/** Paths of the memory images, relative to the folder in which the design is simulated or synthesized. */
export type ImagePaths = Readonly<Record<string, string>>;

/**
 * Structure of the accelerator `name` of a network.
 *
 * @param header comment lines for both generated files: tool, digests, how to regenerate.
 */
export function makeEngine(
  name: string,
  header: readonly string[],
  network: QuantizedNetwork,
  plan: Plan,
  program: Program,
  images: ImagePaths,
): Structure {
  const { external } = plan;
  const isStreamed = plan.options.weights === 'stream';
  const memory = isStreamed ? loadedRam : rom;
  const all: Record<string, number> = {
    ...engineConstants(network, plan, program),
    ...weightAddressConstants(plan.depths),
    ...(isStreamed ? frameConstants(network, plan) : {}),
    ...(external === null ? {} : externalConstants(external)),
  };
  const absent = [
    ...(external === null ? [] : ['SpikeWeightWords', 'SpikeWeightAddrBits']),
    ...(hasSharedPlanes(all) ? ['PlaneWeightWords', 'PlaneWeightAddrBits', 'PlaneWeightBits'] : []),
  ];
  const constants = Object.fromEntries(Object.entries(all).filter(([constant]) => !absent.includes(constant)));
  const weights = weightMemories(constants);
  const onChip = weights.filter(({ kind }) => external === null || kind !== EXTERNAL_MEMORY);
  const loaded = networkMemories(constants);
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants,
    strings: Object.fromEntries(Object.entries(images).map(([kind, path]) => [fileParameter(kind), path])),
    ports: [
      ...ACCELERATOR_PORTS,
      ...(isStreamed ? WEIGHT_PORTS : []),
      ...(external === null ? [] : externalPorts(external)),
    ],
    wires: [
      ...engineWires(program),
      ...(isStreamed ? weightStreamWires(loaded) : []),
      ...(external === null ? [] : externalWires()),
    ],
    instances: [
      RESET_INSTANCE,
      ...inputInstances(isStreamed ? 'image_hold' : { constant: 0 }),
      ...(isStreamed ? weightStreamInstances(loaded) : []),
      ...controlInstances(program, constants, isStreamed ? 'image_ready' : 'image_full'),
      ...operandInstances(constants),
      ...(external === null ? [] : externalInstances(hasSharedPlanes(constants) ? 'weights_last' : 'tile_last')),
      ...onChip.map(memory),
      ...arrayInstances(constants),
      ...NEURON_MEMORIES.map(memory),
      ...neuronMemories(),
      ...neuronInstances(program, constants),
      memory(HEAD_MEMORY),
      ...outputInstances(constants),
    ],
  };
}
