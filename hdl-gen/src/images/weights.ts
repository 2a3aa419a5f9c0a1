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

/** Words of one layer in its weight memory. */
function* sectionWords(
  network: QuantizedNetwork,
  { grid, formats }: Plan,
  { layer, weights: section }: PlacedBinding,
): Generator<WordField[]> {
  const { weight, shape } = network.layers.get(layer.name)!;
  const bits = section.memory === 'plane-weights' ? formats.planeWeightBits : formats.weightBits;
  if (section.memory !== 'axial-weights') yield* arrayWords(section, weight, shape[0]!, grid, bits);
  else if (section.side === null) yield [{ value: 1, bits }];
  else for (const value of weight) yield [{ value, bits }];
}

export function weightImages(network: QuantizedNetwork, plan: Plan): MemoryImage[] {
  const { grid, formats, bindings } = plan;
  const wordWeights = grid.lanes * grid.inputs;
  const image = (memory: WeightSection['memory'], width: number): MemoryImage => {
    const placed = bindings.filter(({ weights }) => weights.memory === memory);
    const sections = placed.map((binding) => ({
      comment: `${binding.layer.name} [${binding.layer.weightShape.join(', ')}]`,
      words: sectionWords(network, plan, binding),
    }));
    return makeImage(memory, width, sections);
  };
  return [
    image('spike-weights', wordWeights * formats.weightBits),
    image('plane-weights', wordWeights * formats.planeWeightBits),
    image('axial-weights', formats.weightBits),
  ];
}
