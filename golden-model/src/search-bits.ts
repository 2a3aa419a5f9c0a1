/** The smallest quantized network whose top-1 on a calibration set stays within a given drop below the float network. */
import { openBackend } from './backend/backend.js';
import { startCalibration } from './calibrate.js';
import { derive } from './derive.js';
import { SpikemillError } from './errors.js';
import type { FoldedNetwork } from './folded-network.js';
import { listLayers } from './layer-list.js';
import { sitesPerChannel } from './layers/head.js';
import { LAYERS } from './layers/table.js';
import type { LayerKind } from './network.js';
import { quantizeNetwork } from './quantize.js';
import type { QuantizeOptions } from './quantize-options.js';
import type { QuantizedNetwork } from './quantized-network.js';
import { argmax, type RunResult, runNetwork } from './run.js';

export interface SearchBitsOptions {
  /** Calibration images, uint8 [channel, row, column]. Nothing else is looked at. */
  readonly images: readonly Uint8Array[];
  /** Their classes. */
  readonly labels: ArrayLike<number>;
  /** Allowed loss of top-1, 0..1: 0.003 for 0.3 percentage points. */
  readonly targetDrop: number;
  /** Everything but bits and bias correction. */
  readonly quantize?: Omit<QuantizeOptions, 'weightBits' | 'biasCorrection' | 'onProgress'>;
}

export type KindBits = Partial<Record<LayerKind, number>>;

/** One candidate. */
export interface BitTrial {
  /** Of every kind that the network has and whose bits are free. */
  readonly bits: KindBits;
  readonly biasCorrection: boolean;
  /** On the calibration set, 0..1. */
  readonly top1: number;
  /** Mean probability of the right class (softmax of the logits): as top-1, but no single image can turn it by luck. */
  readonly softTop1: number;
  /** Weight memory of the whole network. */
  readonly weightBits: number;
  /** Whether top-1 and soft top-1 are both within the allowed drop below those of the float network. */
  readonly isWithin: boolean;
}

/** One step of the search, for progress. */
export type SearchStep =
  | { readonly phase: 'float'; readonly done: number; readonly total: number }
  | { readonly phase: 'trial'; readonly trial: BitTrial };

export interface SearchResult {
  /** Calibration images. */
  readonly images: number;
  /** Of the float network on the calibration set. */
  readonly floatTop1: number;
  readonly floatSoftTop1: number;
  readonly trials: readonly BitTrial[];
  readonly best: BitTrial;
  readonly network: QuantizedNetwork;
}

const MOST_BITS = 8;
const LEAST_BITS = 2;

/** Kinds of layers of the network that may have any bits, by falling number of weights. */
function freeKinds(network: FoldedNetwork): LayerKind[] {
  const weights = new Map<LayerKind, number>();
  for (const { kind, weightShape } of listLayers(network.config)) {
    if (LAYERS[kind].quantization.weightBits === 8) continue;
    const count = weightShape.reduce((product, length) => product * length, 1);
    weights.set(kind, (weights.get(kind) ?? 0) + count);
  }
  return [...weights].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
}

function uniform(kinds: readonly LayerKind[], bits: number): KindBits {
  return Object.fromEntries(kinds.map((kind) => [kind, bits]));
}

function memoryBits(network: QuantizedNetwork): number {
  return [...derive(network).weightBits.values()].reduce((sum, bits) => sum + bits, 0);
}

/** Smaller memory is better, then higher top-1, then no bias correction. */
function isBetter(a: BitTrial, b: BitTrial): boolean {
  if (a.weightBits !== b.weightBits) return a.weightBits < b.weightBits;
  if (a.top1 !== b.top1) return a.top1 > b.top1;
  return !a.biasCorrection && b.biasCorrection;
}

/** Builds and measures candidates on the calibration set. */
interface Bench {
  readonly kinds: readonly LayerKind[];
  readonly floatTop1: number;
  readonly floatSoftTop1: number;
  readonly trials: BitTrial[];
  readonly quantize: (bits: KindBits, biasCorrection: boolean) => QuantizedNetwork;
  readonly measure: (bits: KindBits, biasCorrection: boolean) => BitTrial;
}

/** Softmax probability of one class. @param unit of the logits */
function probability(logits: ArrayLike<number>, unit: number, label: number): number {
  const largest = logits[argmax(logits)]!;
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += Math.exp(unit * (logits[k]! - largest));
  return Math.exp(unit * (logits[label]! - largest)) / sum;
}

/** Value of one unit of the integer logits, 2^-e / (T * L). */
function logitUnit(network: QuantizedNetwork): number {
  const head = listLayers(network.config).at(-1)!;
  return 2 ** -network.layers.get(head.name)!.exponent[0]! / sitesPerChannel(head, network.config);
}

/** Hits and summed probabilities over images. */
class Score {
  hits = 0;
  probabilities = 0;

  add({ logits, classIndex }: RunResult, unit: number, label: number): void {
    if (classIndex === label) this.hits += 1;
    this.probabilities += probability(logits, unit, label);
  }
}

/** A drop such as 0.3 % is no binary fraction. */
const SLACK = 1e-9;

/** Runs the float network on all calibration images. */
function* openBench(network: FoldedNetwork, options: SearchBitsOptions): Generator<SearchStep, Bench> {
  const { images, labels, targetDrop } = options;
  const calibration = startCalibration(network);
  const float = new Score();
  for (const [i, image] of images.entries()) {
    calibration.add(image);
    float.add(runNetwork(network, image), 1, labels[i]!);
    yield { phase: 'float', done: i + 1, total: images.length };
  }
  const allowed = targetDrop * images.length + SLACK;
  const trials: BitTrial[] = [];
  const quantize = (bits: KindBits, biasCorrection: boolean): QuantizedNetwork => {
    const correction = biasCorrection ? { biasCorrection: calibration } : {};
    return quantizeNetwork(network, { ...options.quantize, ...correction, weightBits: bits });
  };
  const measure = (bits: KindBits, biasCorrection: boolean): BitTrial => {
    const quantized = quantize(bits, biasCorrection);
    const { run } = openBackend(quantized);
    const unit = logitUnit(quantized);
    const score = new Score();
    for (const [i, image] of images.entries()) score.add(run(image, { additions: false }), unit, labels[i]!);
    const isWithin = float.hits - score.hits <= allowed && float.probabilities - score.probabilities <= allowed;
    const [top1, softTop1] = [score.hits / images.length, score.probabilities / images.length];
    const trial = { bits, biasCorrection, top1, softTop1, weightBits: memoryBits(quantized), isWithin };
    trials.push(trial);
    return trial;
  };
  const [floatTop1, floatSoftTop1] = [float.hits / images.length, float.probabilities / images.length];
  return { kinds: freeKinds(network), floatTop1, floatSoftTop1, trials, quantize, measure };
}

/** All kinds together, from 8 bits down to 2. null: no candidate is within the drop. */
function* searchTogether({ kinds, measure }: Bench): Generator<SearchStep, BitTrial | null> {
  let best: BitTrial | null = null;
  for (let bits = MOST_BITS; bits >= LEAST_BITS; bits--) {
    for (const biasCorrection of [false, true]) {
      const trial = measure(uniform(kinds, bits), biasCorrection);
      yield { phase: 'trial', trial };
      if (trial.isWithin && (best === null || isBetter(trial, best))) best = trial;
    }
  }
  return best;
}

/** One bit less of one kind, without and with bias correction. null: neither is within the drop. */
function* tryLess({ measure }: Bench, from: BitTrial, kind: LayerKind): Generator<SearchStep, BitTrial | null> {
  const bits = { ...from.bits, [kind]: from.bits[kind]! - 1 };
  if (bits[kind]! < LEAST_BITS) return null;
  for (const biasCorrection of [from.biasCorrection, !from.biasCorrection]) {
    const trial = measure(bits, biasCorrection);
    yield { phase: 'trial', trial };
    if (trial.isWithin) return trial;
  }
  return null;
}

/** One bit less for one kind after the other, round and round, as long as any of them stays within the drop. */
function* searchOneByOne(bench: Bench, start: BitTrial): Generator<SearchStep, BitTrial> {
  let best = start;
  let isImproving = true;
  while (isImproving) {
    isImproving = false;
    for (const kind of bench.kinds) {
      const found = yield* tryLess(bench, best, kind);
      if (found === null) continue;
      best = found;
      isImproving = true;
    }
  }
  return best;
}

/**
 * Searches bits for each kind of layer, and whether bias correction helps: first for all kinds together, then kind by
 * kind, those with most weights first. The caller drives it, step by step.
 *
 * @throws SpikemillError USAGE if even 8 bits lose more than the allowed drop, or there are no images; INVALID_IMAGES
 */
export function* searchBits(network: FoldedNetwork, options: SearchBitsOptions): Generator<SearchStep, SearchResult> {
  if (options.images.length === 0) throw new SpikemillError('USAGE', 'a search for bits needs calibration images');
  const bench = yield* openBench(network, options);
  const { floatTop1, floatSoftTop1, trials, quantize } = bench;
  const together = yield* searchTogether(bench);
  if (together === null) {
    const found = Math.max(...trials.map(({ top1 }) => top1));
    throw new SpikemillError('USAGE', 'no number of bits keeps the accuracy', {
      where: 'target drop',
      expected: `top-1 of at least ${(floatTop1 - options.targetDrop).toFixed(4)} on the calibration set`,
      actual: `${found.toFixed(4)} at 8 bits`,
      suggestions: ['allow a larger drop', 'give more calibration images', 'fine-tune the network with the quantizer'],
    });
  }
  const best = yield* searchOneByOne(bench, together);
  return {
    images: options.images.length,
    floatTop1,
    floatSoftTop1,
    trials,
    best,
    network: quantize(best.bits, best.biasCorrection),
  };
}
