/** Images of the parameter, token, head bias and program memories. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import type { PlacedBinding, Plan } from '../plan/plan.js';
import { signedDigitForm } from '../plan/signed-digits.js';
import type { Program } from '../program.js';
import { type MemoryImage, makeImage, type WordField } from './memory-image.js';

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

function* paramWords(network: QuantizedNetwork, plan: Plan): Generator<WordField[]> {
  const { neurons } = plan.grid;
  for (const binding of plan.bindings) {
    if (binding.params === null) continue;
    const { outputs, perOuter } = binding.params;
    if (perOuter) {
      for (const output of outputs) {
        yield Array.from({ length: neurons }, () => param(network, plan, binding, output)).flat();
      }
      continue;
    }
    for (let lane = 0; lane < outputs.length; lane += neurons) {
      yield outputs.slice(lane, lane + neurons).flatMap((output) => param(network, plan, binding, output));
    }
  }
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

/** The default word, then those of every channel block, token by token, in the order of the layers. */
function* tokens(network: QuantizedNetwork, plan: Plan): Generator<Token> {
  const { fractionBits, scaleFractionBits } = network.format;
  const one = 2 ** scaleFractionBits;
  const threshold = 2 ** (fractionBits + 1);
  yield { theta2: threshold, bias: 0, scale: one };
  for (const { layer } of plan.bindings) {
    const first = network.firstLinearTokens.get(layer.name);
    if (first !== undefined) {
      for (const [n, theta2] of first.theta2.entries()) {
        yield { theta2, bias: first.bias[n]!, scale: first.negate[n] ? -one : one };
      }
    }
    const second = network.secondLinearTokens.get(layer.name);
    if (second !== undefined) {
      for (const [n, scale] of second.scale.entries()) yield { theta2: threshold, bias: second.bias[n]!, scale };
    }
  }
}

function* tokenWords(network: QuantizedNetwork, plan: Plan): Generator<WordField[]> {
  for (const token of tokens(network, plan)) yield tokenWord(token, plan);
}

export function parameterImages(network: QuantizedNetwork, plan: Plan, program: Program): MemoryImage[] {
  const hasIdentity = !network.config.spe;
  const headBias = network.layers.get('mlp_head')!.bias;
  const { headBiasBits } = plan.formats;
  return [
    makeImage('params', plan.grid.neurons * paramBits(plan, hasIdentity), paramWords(network, plan)),
    makeImage('tokens', tokenBits(plan), tokenWords(network, plan)),
    makeImage(
      'head-bias',
      headBiasBits,
      [...headBias].map((value) => [{ value, bits: headBiasBits }]),
    ),
    makeImage(
      'program',
      program.wordBits,
      program.words.map((word) => word.map((value, i) => ({ value, bits: program.fields[i]!.bits }))),
    ),
  ];
}
