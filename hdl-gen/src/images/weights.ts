/** Images of the three weight memories. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { WeightSection } from '../layers/binding.js';
import type { PlacedBinding, Plan } from '../plan/plan.js';
import { type MemoryImage, makeImage, type WordField } from './memory-image.js';

type ArraySection = Extract<WeightSection, { readonly outputs: unknown }>;

/** Words of a section: for every group, for every slice, the weights of all lanes; padding is zero. */
function* arrayWords(
  section: ArraySection,
  weight: Int8Array,
  outputCount: number,
  { lanes, inputs }: { readonly lanes: number; readonly inputs: number },
  bits: number,
): Generator<WordField[]> {
  const perOutput = weight.length / outputCount;
  const { outputs, taps } = section;
  for (let lane = 0; lane < outputs.length; lane += lanes) {
    for (let tap = 0; tap < taps.length; tap += inputs) {
      const word: WordField[] = [];
      for (let p = 0; p < lanes; p++) {
        const output = outputs[lane + p]!;
        for (let i = 0; i < inputs; i++) {
          const index = taps[tap + i]!;
          word.push({ value: output === null || index === null ? 0 : weight[output * perOutput + index]!, bits });
        }
      }
      yield word;
    }
  }
}

function* words(
  network: QuantizedNetwork,
  { grid, formats }: Plan,
  bindings: readonly PlacedBinding[],
  memory: WeightSection['memory'],
): Generator<WordField[]> {
  const bits = memory === 'plane-weights' ? formats.planeWeightBits : formats.weightBits;
  for (const { layer, weights: section } of bindings) {
    if (section.memory !== memory) continue;
    const { weight, shape } = network.layers.get(layer.name)!;
    if (section.memory !== 'axial-weights') yield* arrayWords(section, weight, shape[0]!, grid, bits);
    else if (section.side === null) yield [{ value: 1, bits }];
    else for (const value of weight) yield [{ value, bits }];
  }
}

export function weightImages(network: QuantizedNetwork, plan: Plan): MemoryImage[] {
  const { grid, formats, bindings } = plan;
  const wordWeights = grid.lanes * grid.inputs;
  const image = (memory: WeightSection['memory'], width: number): MemoryImage =>
    makeImage(memory, width, words(network, plan, bindings, memory));
  return [
    image('spike-weights', wordWeights * formats.weightBits),
    image('plane-weights', wordWeights * formats.planeWeightBits),
    image('axial-weights', formats.weightBits),
  ];
}
