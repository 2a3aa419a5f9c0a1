/** Images of the parameter, token, head bias and program memories. */
import type { Layer, QuantizedNetwork } from '@spikemill/golden-model';
import { hardwareShift } from '../plan/formats.js';
import { fan, type Pass, passCycles } from '../plan/pass.js';
import type { EnginePlan, PlacedBinding } from '../plan/plan.js';
import { signedDigitForm } from '../plan/signed-digits.js';
import type { Program } from '../program.js';
import { emptySection, type MemoryImage, makeImage, type Section, WordPacker } from './memory-image.js';

const IDENTITY_WEIGHT_BITS = 8;

/** Bits of a parameter word: for each neuron bias, shift, and the identity weight if the network has such layers. */
export function paramWordBits(
  { config }: QuantizedNetwork,
  { formats, grid }: Pick<EnginePlan, 'formats' | 'grid'>,
): number {
  return grid.neurons * (formats.biasBits + formats.shiftBits + (config.spe ? 0 : IDENTITY_WEIGHT_BITS));
}

export function tokenBits({ formats }: Pick<EnginePlan, 'formats'>): number {
  return formats.thetaBits + formats.tokenBiasBits + formats.digits * (formats.exponentBits + 2);
}

/** Adds {identity weight, shift, bias} of one output, or of padding. */
function putParam(
  word: WordPacker,
  network: QuantizedNetwork,
  { formats, derived }: EnginePlan,
  { layer }: PlacedBinding,
  output: number | null,
): void {
  const { weight, exponent, bias } = network.layers.get(layer.name)!;
  const isPadding = output === null;
  const bounds = derived.layers.find((each) => each.layer.name === layer.name)!;
  const shift = isPadding
    ? 0
    : hardwareShift(network.format.fractionBits - exponent[output]!, bounds) + formats.roundBits;
  word.put(isPadding ? 0 : bias[output]!, formats.biasBits).put(shift, formats.shiftBits);
  if (network.config.spe) return;
  word.put(isPadding || layer.kind !== 'identity' ? 0 : weight[output]!, IDENTITY_WEIGHT_BITS);
}

function* paramWords(network: QuantizedNetwork, plan: EnginePlan, binding: PlacedBinding): Generator<string> {
  const { neurons } = plan.grid;
  const { outputs, perOuter } = binding.params!;
  const word = new WordPacker(paramWordBits(network, plan));
  const perWord = perOuter ? 1 : neurons;
  for (let first = 0; first < outputs.length; first += perWord) {
    for (let unit = 0; unit < neurons; unit++) {
      putParam(word, network, plan, binding, outputs[perOuter ? first : first + unit]!);
    }
    yield word.take();
  }
}

function paramSections(network: QuantizedNetwork, plan: EnginePlan): Section[] {
  const sections = plan.bindings
    .filter(({ params }) => params !== null)
    .map((binding) => ({ comment: binding.layer.name, words: paramWords(network, plan, binding) }));
  return sections.length > 0 ? sections : [emptySection(paramWordBits(network, plan))];
}

/** Parameters of one token. */
export interface Token {
  readonly theta2: number;
  readonly bias: number;
  /** m_n, units 2^-S. */
  readonly scale: number;
}

function tokenWord({ theta2, bias, scale }: Token, plan: EnginePlan): string {
  const { formats } = plan;
  const digits = signedDigitForm(scale);
  const word = new WordPacker(tokenBits(plan));
  word.put(theta2, formats.thetaBits).put(bias, formats.tokenBiasBits);
  for (let d = 0; d < formats.digits; d++) {
    const digit = digits[d];
    word.put(digit?.exponent ?? 0, formats.exponentBits);
    word.put(digit?.negative ? 1 : 0, 1).put(digit === undefined ? 0 : 1, 1);
  }
  return word.take();
}

/** Token words of a layer, in the order of its tokens; none if it has no batch norm over tokens. */
export function* layerTokens(network: QuantizedNetwork, { name }: Layer): Generator<Token> {
  const { scaleFractionBits } = network.format;
  const one = 2 ** scaleFractionBits;
  const first = network.firstLinearTokens.get(name);
  if (first !== undefined) {
    for (const [n, theta2] of first.theta2.entries()) {
      yield { theta2, bias: first.bias[n]!, scale: first.negate[n] ? -one : one };
    }
  }
  const second = network.secondLinearTokens.get(name);
  if (second === undefined) return;
  for (const [n, scale] of second.scale.entries()) {
    yield { theta2: defaultTheta2(network), bias: second.bias[n]!, scale };
  }
}

/** Twice the threshold of a LIF without a threshold per token. */
export function defaultTheta2({ format }: QuantizedNetwork): number {
  return 2 ** (format.fractionBits + 1);
}

function tokenSections(network: QuantizedNetwork, plan: EnginePlan): Section[] {
  const standard = { theta2: defaultTheta2(network), bias: 0, scale: 2 ** network.format.scaleFractionBits };
  const words = (tokens: Iterable<Token>): string[] => [...tokens].map((token) => tokenWord(token, plan));
  return [
    { comment: 'all layers without batch norm over tokens', words: words([standard]) },
    ...plan.bindings
      .filter(({ tokenWords }) => tokenWords > 0)
      .map(({ layer }) => ({ comment: layer.name, words: words(layerTokens(network, layer)) })),
  ];
}

/** What a pass does, for the reader of the program image. */
function describePass(pass: Pass, { grid }: EnginePlan): string {
  const { outer, inner, groups } = pass.loops;
  const size = `${outer} x ${inner} positions, ${groups} groups, fan ${fan(pass)}`;
  return `${pass.layer.name} from token ${pass.positions.firstToken}: ${size}, ${passCycles(pass, grid)} cycles`;
}

function programSections(plan: EnginePlan, { fields, words, wordBits }: Program): Section[] {
  const packer = new WordPacker(wordBits);
  return words.map((word, i) => {
    for (const [field, value] of word.entries()) packer.put(value, fields[field]!.bits);
    return { comment: describePass(plan.passes[i]!, plan), words: [packer.take()] };
  });
}

export function parameterImages(network: QuantizedNetwork, plan: EnginePlan, program: Program): MemoryImage[] {
  const { headBiasBits } = plan.formats;
  const headWord = new WordPacker(headBiasBits);
  const headBias = [...network.layers.get('mlp_head')!.bias].map((value) => headWord.put(value, headBiasBits).take());
  return [
    makeImage('params', paramWordBits(network, plan), paramSections(network, plan)),
    makeImage('tokens', tokenBits(plan), tokenSections(network, plan)),
    makeImage('head-bias', headBiasBits, [{ comment: 'mlp_head', words: headBias }]),
    makeImage('program', program.wordBits, programSections(plan, program)),
  ];
}
