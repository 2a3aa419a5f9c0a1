/** Images of the three weight memories. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { WeightSection } from '../layers/binding.js';
import type { EnginePlan, PlacedBinding } from '../plan/plan.js';
import { splitWeights } from '../plan/plane-digits.js';
import { emptySection, type MemoryImage, makeImage, WordPacker } from './memory-image.js';

type ArraySection = Extract<WeightSection, { readonly outputs: unknown }>;

/** Words of a section: for every group, for every digit, for every slice, the weights of all lanes; padding is zero. */
function* arrayWords(
  section: ArraySection,
  weight: Int8Array,
  outputCount: number,
  { lanes, inputs }: { readonly lanes: number; readonly inputs: number },
  bits: number,
): Generator<string> {
  const perOutput = weight.length / outputCount;
  const { outputs, taps, digits } = section;
  const parts = digits === null ? [weight] : splitWeights(weight, digits, bits);
  const word = new WordPacker(lanes * inputs * bits);
  const putWord = (part: Int8Array, lane: number, tap: number): void => {
    for (let p = 0; p < lanes; p++) {
      const output = outputs[lane + p]!;
      for (let i = 0; i < inputs; i++) {
        const index = taps[tap + i]!;
        word.put(output === null || index === null ? 0 : part[output * perOutput + index]!, bits);
      }
    }
  };
  for (let lane = 0; lane < outputs.length; lane += lanes) {
    for (const part of parts) {
      for (let tap = 0; tap < taps.length; tap += inputs) {
        putWord(part, lane, tap);
        yield word.take();
      }
    }
  }
}

/** Words of one layer in its weight memory. */
function* sectionWords(
  network: QuantizedNetwork,
  { grid, formats }: EnginePlan,
  { layer, weights: section }: PlacedBinding,
): Generator<string> {
  const { weight, shape } = network.layers.get(layer.name)!;
  const bits = section.memory === 'plane-weights' ? formats.planeWeightBits : formats.weightBits;
  if (section.memory !== 'axial-weights') {
    yield* arrayWords(section, weight, shape[0]!, grid, bits);
    return;
  }
  yield* axialWords(section.side, weight, grid.axialInputs, bits);
}

/** Words of `axialInputs` weights of a row of the matrix; null: of a row with the weight 1 alone. */
function* axialWords(side: number | null, weight: Int8Array, axialInputs: number, bits: number): Generator<string> {
  const [matrix, length] = side === null ? [[1], 1] : [weight, side];
  const word = new WordPacker(axialInputs * bits);
  for (let row = 0; row < matrix.length; row += length) {
    for (let tap = 0; tap < length; tap += axialInputs) {
      for (let i = tap; i < tap + axialInputs; i++) word.put(i < length ? matrix[row + i]! : 0, bits);
      yield word.take();
    }
  }
}

/** All words of a weight memory, from word 0 on, as WordPacker gives them. */
export function weightWords(
  network: QuantizedNetwork,
  plan: EnginePlan,
  memory: WeightSection['memory'],
): readonly string[] {
  const placed = plan.bindings.filter(({ weights }) => weights.memory === memory);
  return placed.flatMap((binding) => [...sectionWords(network, plan, binding)]);
}

/** Images of the weight memories that the design has. */
export function weightImages(network: QuantizedNetwork, plan: EnginePlan): MemoryImage[] {
  const { grid, formats, bindings } = plan;
  const wordWeights = grid.lanes * grid.inputs;
  const image = (memory: WeightSection['memory'], width: number): MemoryImage => {
    const placed = bindings.filter(({ weights }) => weights.memory === memory);
    const sections = placed.map((binding) => ({
      comment: `${binding.layer.name} [${binding.layer.weightShape.join(', ')}]`,
      words: sectionWords(network, plan, binding),
    }));
    return makeImage(memory, width, sections.length > 0 ? sections : [emptySection(width)]);
  };
  return [
    ...(plan.external === null ? [image('spike-weights', wordWeights * formats.weightBits)] : []),
    ...(grid.planes === 'own' ? [image('plane-weights', wordWeights * formats.planeWeightBits)] : []),
    image('axial-weights', grid.axialInputs * formats.weightBits),
  ];
}
