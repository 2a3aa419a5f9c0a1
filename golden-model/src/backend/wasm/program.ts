/**
 * Records the data flow as a list of steps, each of which one kernel runs: a weighted layer with everything that follows
 * it up to its neurons. The data flow itself is the one of all arithmetics; what it hands around here are the steps that
 * will have made the values.
 */
import type { Arithmetic } from '../../arithmetic/arithmetic.js';
import { makeDataFlow } from '../../data-flow.js';
import { SpikemillError } from '../../errors.js';
import type { Layer, MapShape, NetworkConfig } from '../../network.js';
import type { BitMap, NumberMap } from './maps.js';

/** One weighted layer. */
export interface LayerStep {
  readonly kind: 'layer';
  readonly layer: Layer;
  /** Maps that lie behind each other by their channels; none for the patch embedding. */
  readonly input: readonly BitMap[];
  /** Whether the batch norm over tokens follows. */
  hasTokens: boolean;
  /** What is added. */
  residual: Value | null;
  /** Where the sum is kept, if a later step reads it. */
  current: NumberMap | null;
  spikes: BitMap | null;
}

/** Number maps joined by their channels. */
export interface JoinNumbersStep {
  readonly kind: 'join-numbers';
  readonly parts: readonly LayerStep[];
  readonly current: NumberMap;
}

/** Bit maps joined by their channels. */
export interface JoinBitsStep {
  readonly kind: 'join-bits';
  readonly parts: readonly BitMap[];
  readonly map: BitMap;
}

export type Step = LayerStep | JoinNumbersStep | JoinBitsStep;
/** A number map, as the step that makes it. */
export type Value = LayerStep | JoinNumbersStep;

/** A bit map in parts. `whole` is set once it has been joined. */
interface Parts {
  readonly parts: readonly BitMap[];
  whole: BitMap | null;
}

export interface Program {
  readonly steps: readonly Step[];
  /** Numbers of the layer steps in the order in which the data flow shows them to an observer: that of the steps. */
  readonly head: { readonly layer: Layer; readonly input: BitMap };
}

function internal(message: string): SpikemillError {
  return new SpikemillError('INTERNAL', message);
}

class Recorder implements Arithmetic<Value, Parts> {
  readonly steps: Step[] = [];
  readonly #config: NetworkConfig;
  head: Program['head'] | null = null;

  constructor(config: NetworkConfig) {
    this.#config = config;
  }

  readonly #bitMap = ({ channels, height, width }: MapShape): BitMap => {
    return { channels, height, width, timesteps: this.#config.timesteps, address: 0 };
  };

  /** The sum is read later: it gets a map. The patch embedding gives the same at every timestep. */
  readonly #keep = (value: Value): Value => {
    if (value.kind === 'layer' && value.current === null) {
      const { channels, height, width } = value.layer.output;
      const timesteps = value.layer.kind === 'patch-embedding' ? 1 : this.#config.timesteps;
      value.current = { channels, height, width, timesteps, address: 0 };
    }
    return value;
  };

  readonly #whole = (input: Parts): BitMap => {
    if (input.whole === null) {
      const channels = input.parts.reduce((sum, part) => sum + part.channels, 0);
      input.whole = this.#bitMap({ ...input.parts[0]!, channels });
      this.steps.push({ kind: 'join-bits', parts: input.parts, map: input.whole });
    }
    return input.whole;
  };

  /** Only the layer that ran last can still be added to: its kernel does it. */
  readonly #latest = (value: Value): LayerStep => {
    if (value.kind !== 'layer' || value !== this.steps.at(-1))
      throw internal('the data flow has an order unknown here');
    return value;
  };

  readonly affine = (layer: Layer, input: Parts): Value => {
    const readsParts = layer.kind === 'fuse';
    const isPixels = layer.kind === 'patch-embedding';
    const maps = isPixels ? [] : readsParts ? flatten(input) : [this.#whole(input)];
    const step: LayerStep = {
      kind: 'layer',
      layer,
      input: maps,
      hasTokens: false,
      residual: null,
      current: null,
      spikes: null,
    };
    this.steps.push(step);
    return step;
  };

  readonly add = (a: Value, b: Value): Value => {
    const later = this.steps.indexOf(a) > this.steps.indexOf(b) ? a : b;
    const step = this.#latest(later);
    if (step.residual !== null || step.spikes !== null) throw internal(`${step.layer.name} is added to too late`);
    step.residual = this.#keep(later === a ? b : a);
    return step;
  };

  readonly join = (parts: readonly Value[]): Value => {
    const steps = parts.map((part) => this.#keep(part) as LayerStep);
    const channels = steps.reduce((sum, { layer }) => sum + layer.output.channels, 0);
    const { height, width } = steps[0]!.layer.output;
    const current = { channels, height, width, timesteps: this.#config.timesteps, address: 0 };
    const step: JoinNumbersStep = { kind: 'join-numbers', parts: steps, current };
    this.steps.push(step);
    return step;
  };

  readonly joinSpikes = (parts: readonly Parts[]): Parts => ({ parts: parts.flatMap(flatten), whole: null });

  readonly #withTokens = (_layer: Layer, value: Value): Value => {
    const step = this.#latest(value);
    step.hasTokens = true;
    return step;
  };
  readonly firstLinear = this.#withTokens;
  readonly secondLinear = this.#withTokens;

  readonly fire = (layer: Layer, value: Value): { spikes: Parts; membranes: Value } => {
    const step = this.#latest(value);
    const map = this.#bitMap(layer.output);
    step.spikes = map;
    return { spikes: { parts: [map], whole: map }, membranes: step };
  };

  readonly score = (layer: Layer, input: Parts): Value => {
    this.head = { layer, input: this.#whole(input) };
    return this.steps[0] as Value;
  };
}

function flatten({ parts, whole }: Parts): readonly BitMap[] {
  return whole === null ? parts : [whole];
}

/** The steps of a network in the order of execution. Maps have no address yet. */
export function recordProgram(config: NetworkConfig): Program {
  const recorder = new Recorder(config);
  makeDataFlow(config).run(recorder, { parts: [], whole: null }, () => undefined);
  if (recorder.head === null) throw internal('the data flow has no head');
  return { steps: recorder.steps, head: recorder.head };
}
