/** Memory images of the event-driven style. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { type MemoryImage, makeImage, type Section, WordPacker } from '../images/memory-image.js';
import { defaultTheta2, layerTokens, type Token } from '../images/parameters.js';
import { hardwareShift } from '../plan/formats.js';
import { signedDigitForm } from '../plan/signed-digits.js';
import type { Program } from '../program.js';
import { scaleShift, weightDigits } from './formats.js';
import type { EventOutput, EventPass } from './pass.js';
import { lastTileGroups } from './pass.js';
import { BANK_ROWS, type EventPlan, type PlacedEventBinding } from './plan.js';

const IDENTITY_WEIGHT_BITS = 8;

/** Bits of the parameter words of one neuron: bias, shift, and the identity weight if the network has such layers. */
export function eventParamBits({ config }: QuantizedNetwork, { formats }: EventPlan): number {
  return formats.biasBits + formats.shiftBits + (config.spe ? 0 : IDENTITY_WEIGHT_BITS);
}

export function eventTokenBits({ formats }: EventPlan): number {
  return formats.thetaBits + formats.tokenBiasBits + 4 + 2 * formats.shiftBits;
}

/** Rows of a binding: for every tile, for every digit, for every slot of the taps, the weights of all lanes. */
function* eventRows(network: QuantizedNetwork, plan: EventPlan, binding: PlacedEventBinding): Generator<string> {
  const { weights, outputs } = binding;
  if (weights.memory !== 'event-rows') return;
  const { lanes } = plan.grid;
  const { weightBits } = plan.formats;
  const word = new WordPacker(lanes * weightBits);
  const firstHigher = weights.beside * plan.grid.neurons;
  const count = firstHigher > 0 ? plan.formats.weightDigits : weights.digits;
  const weightAt = (output: EventOutput | null | undefined, index: number | null, digit: number): number => {
    if (output === null || output === undefined || index === null) return 0;
    const { weight, shape } = network.layers.get(output.layer.name)!;
    const value = weight[output.channel * (weight.length / shape[0]!) + index]!;
    return count === 1 ? value : weightDigits(value, weightBits, count)[digit]!;
  };
  for (let tile = 0; tile < outputs.length; tile += lanes) {
    for (let digit = 0; digit < weights.digits; digit++) {
      for (const index of weights.taps) {
        for (let p = 0; p < lanes; p++) {
          const isHigher = firstHigher > 0 && p >= firstHigher;
          const output = isHigher ? outputs[p - firstHigher] : outputs[tile + p];
          word.put(weightAt(output, index, isHigher ? 1 : digit), weightBits);
        }
        yield word.take();
      }
    }
  }
}

function* axialRows(
  network: QuantizedNetwork,
  plan: EventPlan,
  { weights, layers }: PlacedEventBinding,
): Generator<string> {
  if (weights.memory !== 'axial-rows') return;
  const { weightBits } = plan.formats;
  const word = new WordPacker(2 * weightBits);
  const { side, atOnce } = weights.matrix ?? { side: 1, atOnce: 1 };
  const values = weights.matrix === null ? [1] : network.layers.get(layers[0]!.name)!.weight;
  for (let row = 0; row < side; row += atOnce) {
    for (let tap = 0; tap < side; tap++) {
      const [lower, upper] = [values[row * side + tap]!, values[(row + atOnce - 1) * side + tap]!];
      yield word.put(lower, weightBits).put(upper, weightBits).take();
    }
  }
}

/** Names of the layers of a binding. */
const titleOf = ({ layers }: { readonly layers: EventPass['layers'] }): string =>
  layers.map(({ name }) => name).join(', ');

/** An image whose first word stands for nothing. */
function imageFromZero(name: string, width: number, sections: readonly Section[]): MemoryImage {
  const nothing = { comment: 'nothing', words: [new WordPacker(width).take()] };
  return makeImage(name, width, [nothing, ...sections]);
}

/** The weight rows in banks; a section that crosses banks is named in each. */
function bankImages(width: number, sections: readonly Section[]): MemoryImage[] {
  const banks: { comment: string; words: string[] }[][] = [[]];
  let rows = 0;
  const add = (comment: string, word: string): void => {
    if (rows > 0 && rows % BANK_ROWS === 0) banks.push([]);
    const bank = banks.at(-1)!;
    if (bank.at(-1)?.comment !== comment) bank.push({ comment, words: [] });
    bank.at(-1)!.words.push(word);
    rows++;
  };
  add('nothing', new WordPacker(width).take());
  for (const { comment, words } of sections) for (const word of words) add(comment, word);
  return banks.map((bank, number) => makeImage(`event-rows-${number}`, width, bank));
}

/** Adds {identity weight, shift, bias} of one output, or of padding. */
function putParam(word: WordPacker, network: QuantizedNetwork, plan: EventPlan, output: EventOutput | null): void {
  const { formats, derived } = plan;
  const parts = { bias: 0, shift: 0, weight: 0 };
  if (output !== null) {
    const { layer, channel } = output;
    const { weight, exponent, bias } = network.layers.get(layer.name)!;
    const bounds = derived.layers.find((each) => each.layer.name === layer.name)!;
    const shift = hardwareShift(network.format.fractionBits - exponent[channel]!, bounds);
    parts.bias = bias[channel]!;
    parts.shift = shift + formats.fractionBits + formats.shiftDrop;
    if (layer.kind === 'identity') parts.weight = weight[channel]!;
  }
  word.put(parts.bias, formats.biasBits).put(parts.shift, formats.shiftBits);
  if (!network.config.spe) word.put(parts.weight, IDENTITY_WEIGHT_BITS);
}

function* paramWords(network: QuantizedNetwork, plan: EventPlan, binding: PlacedEventBinding): Generator<string> {
  const { neurons } = plan.grid;
  const word = new WordPacker(neurons * eventParamBits(network, plan));
  for (const [place, output] of binding.params!.entries()) {
    putParam(word, network, plan, output);
    if (place % neurons === neurons - 1) yield word.take();
  }
}

/**
 * {e, d, m is not 0, two digits, d's digit is subtracted, negative, token bias, theta2} for m = +-2**e * (2**d +- 1). The
 * token bias of a negative scale is negated, because it joins before the sign does.
 */
function tokenWord(token: Token, isScale: boolean, { formats }: EventPlan, scaleFractionBits: number): string {
  const [low, high] = signedDigitForm(token.scale);
  const top = high ?? low;
  const negative = top?.negative ?? false;
  const distance = low !== undefined && high !== undefined ? high.exponent - low.exponent : 0;
  const bias = isScale && negative ? -token.bias : token.bias;
  return new WordPacker(formats.thetaBits + formats.tokenBiasBits + 4 + 2 * formats.shiftBits)
    .put(token.theta2, formats.thetaBits)
    .put(bias, formats.tokenBiasBits)
    .put(negative ? 1 : 0, 1)
    .put(high !== undefined && low!.negative !== high.negative ? 1 : 0, 1)
    .put(high === undefined ? 0 : 1, 1)
    .put(low === undefined ? 0 : 1, 1)
    .put(distance + formats.shiftDrop, formats.shiftBits)
    .put(scaleShift(low?.exponent ?? 0, formats, scaleFractionBits) + formats.shiftDrop, formats.shiftBits)
    .take();
}

function tokenSections(network: QuantizedNetwork, plan: EventPlan): Section[] {
  const { scaleFractionBits } = network.format;
  const standard = { theta2: defaultTheta2(network), bias: 0, scale: 2 ** scaleFractionBits };
  const wordOf = (token: Token, isScale: boolean): string => tokenWord(token, isScale, plan, scaleFractionBits);
  return [
    { comment: 'all layers without batch norm over tokens', words: [wordOf(standard, false)] },
    ...plan.bindings
      .filter(({ tokenWords }) => tokenWords > 0)
      .map(({ layers }) => ({
        comment: layers[0]!.name,
        words: [...layerTokens(network, layers[0]!)].map((token) => wordOf(token, layers[0]!.kind === 'fc2')),
      })),
  ];
}

/** What a pass does, for the reader of the program image. */
function describePass(pass: EventPass, { grid }: EventPlan): string {
  const { outer, inner, tiles, rounds, digits } = pass.loops;
  const size = `${outer} x ${inner} positions, ${tiles} tiles, ${rounds} x ${digits} rounds`;
  return `${titleOf(pass)} (${pass.source}) from token ${pass.positions.firstToken}: ${size}, last tile of ${lastTileGroups(pass, grid)} groups`;
}

type Rows = typeof eventRows;

function weightSections(network: QuantizedNetwork, plan: EventPlan, rows: Rows, memory: string): Section[] {
  return plan.bindings
    .filter(({ weights }) => weights.memory === memory)
    .map((binding) => ({ comment: titleOf(binding), words: rows(network, plan, binding) }));
}

/** All but the program and the parameters. */
export function eventWeightImages(network: QuantizedNetwork, plan: EventPlan): MemoryImage[] {
  const { formats, grid } = plan;
  return [
    ...bankImages(grid.lanes * formats.weightBits, weightSections(network, plan, eventRows, 'event-rows')),
    imageFromZero('axial-rows', 2 * formats.weightBits, weightSections(network, plan, axialRows, 'axial-rows')),
  ];
}

/** The program, and what stands behind the lanes. */
export function eventParameterImages(
  network: QuantizedNetwork,
  plan: EventPlan,
  { fields, words, wordBits }: Program,
): MemoryImage[] {
  const { formats, bindings, grid } = plan;
  const params = bindings
    .filter((binding) => binding.params !== null)
    .map((binding) => ({ comment: titleOf(binding), words: paramWords(network, plan, binding) }));
  const headWord = new WordPacker(formats.headBiasBits);
  const headBias = [...network.layers.get('mlp_head')!.bias].map((value) =>
    headWord.put(value, formats.headBiasBits).take(),
  );
  const packer = new WordPacker(wordBits);
  const program = words.map((word, i) => {
    for (const [field, value] of word.entries()) packer.put(value, fields[field]!.bits);
    return { comment: describePass(plan.passes[i]!, plan), words: [packer.take()] };
  });
  return [
    imageFromZero('params', grid.neurons * eventParamBits(network, plan), params),
    makeImage('tokens', eventTokenBits(plan), tokenSections(network, plan)),
    makeImage('head-bias', formats.headBiasBits, [{ comment: 'mlp_head', words: headBias }]),
    makeImage('program', wordBits, program),
  ];
}

export function eventImages(network: QuantizedNetwork, plan: EventPlan, program: Program): MemoryImage[] {
  return [...eventWeightImages(network, plan), ...eventParameterImages(network, plan, program)];
}
