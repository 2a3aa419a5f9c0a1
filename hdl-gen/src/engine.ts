/** The generated top: one engine as a structure of library modules. Structure only: nothing here computes. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { unsignedBits } from './bits.js';
import { arrayInstances, weightInstances } from './engine/arrays.js';
import { engineConstants } from './engine/constants.js';
import { controlInstances, operandInstances } from './engine/control.js';
import { inputInstances } from './engine/inputs.js';
import { fileParameter } from './engine/names.js';
import { neuronInstances, neuronMemories } from './engine/neurons.js';
import { outputInstances } from './engine/outputs.js';
import { ACCELERATOR_PORTS, engineWires } from './engine/wires.js';
import type { Plan } from './plan/plan.js';
import type { Program } from './program.js';
import type { Structure } from './verilog/structure.js';

export { ACCELERATOR_PORTS, engineConstants, fileParameter };

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
  const words = plan.depths;
  const constants = {
    ...engineConstants(network, plan, program),
    SpikeWeightAddrBits: unsignedBits(words['spike-weights'] - 1),
    PlaneWeightAddrBits: unsignedBits(words['plane-weights'] - 1),
    AxialWeightAddrBits: unsignedBits(words['axial-weights'] - 1),
  };
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants,
    strings: Object.fromEntries(Object.entries(images).map(([kind, path]) => [fileParameter(kind), path])),
    ports: ACCELERATOR_PORTS,
    wires: engineWires(program),
    instances: [
      ...inputInstances(),
      ...controlInstances(program, constants),
      ...operandInstances(constants),
      ...weightInstances(),
      ...arrayInstances(constants),
      ...neuronMemories(),
      ...neuronInstances(program, constants),
      ...outputInstances(constants),
    ],
  };
}
