/** Images of the parameter, token, head bias and program memories. */
import type { Layer, QuantizedNetwork } from '@spikemill/golden-model';
import { fan, type Pass, passCycles } from '../plan/pass.js';
import type { PlacedBinding, Plan } from '../plan/plan.js';
import { signedDigitForm } from '../plan/signed-digits.js';
import type { Program } from '../program.js';
import { type MemoryImage, makeImage, type Section, type WordField } from './memory-image.js';

const IDENTITY_WEIGHT_BITS = 8;

/** Bits of a parameter of one neuron: bias, shift, and the identity weight if the network has identity layers. */
export function paramBits({ formats }: Plan, hasIdentity: boolean): number {
  return formats.biasBits + formats.shiftBits + (hasIdentity ? IDENTITY_WEIGHT_BITS : 0);
}

export function tokenBits({ formats }: Plan): number {
  return formats.thetaBits + formats.tokenBiasBits + formats.digits * (formats.exponentBits + 2);
}

/** {identity weight, shift, bias} of one output, or of padding. */
function param(
  network: QuantizedNetwork,
  { formats }: Plan,
  binding: PlacedBinding,
  output: number | null,
): WordField[] {
  const { weight, exponent, bias } = network.layers.get(binding.layer.name)!;
  const { kind } = binding.layer;
  const shift = output === null ? 0 : network.format.fractionBits - exponent[output]! + formats.roundBits;
  const identityWeight = kind === 'identity' && output !== null ? weight[output]! : 0;
  const fields = [
    { value: output === null ? 0 : bias[output]!, bits: formats.biasBits },
    { value: shift, bits: formats.shiftBits },
  ];
  return network.config.spe ? fields : [...fields, { value: identityWeight, bits: IDENTITY_WEIGHT_BITS }];
}

function* paramWords(network: QuantizedNetwork, plan: Plan, binding: PlacedBinding): Generator<WordField[]> {
  const { neurons } = plan.grid;
  const { outputs, perOuter } = binding.params!;
  if (perOuter) {
    for (const output of outputs) {
      yield Array.from({ length: neurons }, () => param(network, plan, binding, output)).flat();
    }
    return;
  }
  for (let lane = 0; lane < outputs.length; lane += neurons) {
    yield outputs.slice(lane, lane + neurons).flatMap((output) => param(network, plan, binding, output));
  }
}

function paramSections(network: QuantizedNetwork, plan: Plan): Section[] {
  return plan.bindings
    .filter(({ params }) => params !== null)
    .map((binding) => ({ comment: binding.layer.name, words: paramWords(network, plan, binding) }));
}

interface Token {
  readonly theta2: number;
  readonly bias: number;
  /** m_n, units 2^-S. */
  readonly scale: number;
}

function tokenWord({ theta2, bias, scale }: Token, { formats }: Plan): WordField[] {
  const digits = signedDigitForm(scale);
  const fields = [
    { value: theta2, bits: formats.thetaBits },
    { value: bias, bits: formats.tokenBiasBits },
  ];
  for (let d = 0; d < formats.digits; d++) {
    const digit = digits[d];
    fields.push(
      { value: digit?.exponent ?? 0, bits: formats.exponentBits },
      { value: digit?.negative ? 1 : 0, bits: 1 },
      { value: digit === undefined ? 0 : 1, bits: 1 },
    );
  }
  return fields;
}

/** Token words of a layer, in the order of its tokens; none if it has no batch norm over tokens. */
function* layerTokens(network: QuantizedNetwork, { name }: Layer): Generator<Token> {
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
function defaultTheta2({ format }: QuantizedNetwork): number {
  return 2 ** (format.fractionBits + 1);
}

function tokenSections(network: QuantizedNetwork, plan: Plan): Section[] {
  const standard = { theta2: defaultTheta2(network), bias: 0, scale: 2 ** network.format.scaleFractionBits };
  const words = (tokens: Iterable<Token>): WordField[][] => [...tokens].map((token) => tokenWord(token, plan));
  return [
    { comment: 'all layers without batch norm over tokens', words: words([standard]) },
    ...plan.bindings
      .filter(({ tokenWords }) => tokenWords > 0)
      .map(({ layer }) => ({ comment: layer.name, words: words(layerTokens(network, layer)) })),
  ];
}

/** What a pass does, for the reader of the program image. */
function describePass(pass: Pass, { grid }: Plan): string {
  const { outer, inner, groups } = pass.loops;
  const size = `${outer} x ${inner} positions, ${groups} groups, fan ${fan(pass)}`;
  return `${pass.layer.name} from token ${pass.positions.firstToken}: ${size}, ${passCycles(pass, grid)} cycles`;
}

function programSections(plan: Plan, { fields, words }: Program): Section[] {
  return words.map((word, i) => ({
    comment: describePass(plan.passes[i]!, plan),
    words: [word.map((value, field) => ({ value, bits: fields[field]!.bits }))],
  }));
}

export function parameterImages(network: QuantizedNetwork, plan: Plan, program: Program): MemoryImage[] {
  const hasIdentity = !network.config.spe;
  const headBias = network.layers.get('mlp_head')!.bias;
  const { headBiasBits } = plan.formats;
  const headBiasWords = [...headBias].map((value) => [{ value, bits: headBiasBits }]);
  return [
    makeImage('params', plan.grid.neurons * paramBits(plan, hasIdentity), paramSections(network, plan)),
    makeImage('tokens', tokenBits(plan), tokenSections(network, plan)),
    makeImage('head-bias', headBiasBits, [{ comment: 'mlp_head', words: headBiasWords }]),
    makeImage('program', program.wordBits, programSections(plan, program)),
  ];
}
