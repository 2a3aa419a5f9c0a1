/** Where the layers are cut into segments. */
import { countOf, type Layer, SpikemillError } from '@spikemill/golden-model';

/** Layers [first, end), by their index in the order of execution. */
export interface LayerRange {
  readonly first: number;
  readonly end: number;
}

/** Layers that stay together: a patch encoding, a block, the head. Between two units one map lives, and h in a stage. */
export interface Unit extends LayerRange {
  readonly stage: number;
  readonly kind: 'encoding' | 'block' | 'head';
}

function kindOf(layer: Layer): Unit['kind'] {
  if (layer.block !== null) return 'block';
  return layer.kind === 'head' ? 'head' : 'encoding';
}

export function unitsOf(layers: readonly Layer[]): Unit[] {
  const units: Unit[] = [];
  for (const [index, layer] of layers.entries()) {
    const before = layers[index - 1];
    const kind = kindOf(layer);
    const goesOn =
      before !== undefined && before.stage === layer.stage && before.block === layer.block && kindOf(before) === kind;
    if (goesOn) units.push({ ...units.pop()!, end: index + 1 });
    else units.push({ first: index, end: index + 1, stage: layer.stage, kind });
  }
  return units;
}

/** Whether the segments in front of and behind the end of a unit share the h of its stage. */
export function cutsStage(units: readonly Unit[], behind: number): boolean {
  return units[behind]?.kind === 'block';
}

/** Cycles of a segment of units [first, end). */
export type SegmentCycles = (first: number, end: number) => number;

/**
 * The cut of `count` units into `parts` runs whose slowest run is as fast as it can be: exact, over all cuts.
 *
 * @returns the first unit of every run.
 */
export function balance(count: number, parts: number, cyclesOf: SegmentCycles): number[] {
  // slowest[p][end]: of the best cut of units [0, end) into p + 1 runs; from: where its last run begins
  let slowest = Array.from({ length: count + 1 }, (_, end) => (end === 0 ? Infinity : cyclesOf(0, end)));
  const from: number[][] = [slowest.map(() => 0)];
  for (let part = 1; part < parts; part++) {
    const begins = slowest.map(() => 0);
    const before = slowest;
    slowest = before.map((_, end) => {
      let best = Infinity;
      for (let begin = part; begin < end; begin++) {
        const cycles = Math.max(before[begin]!, cyclesOf(begin, end));
        if (cycles < best) [best, begins[end]] = [cycles, begin];
      }
      return best;
    });
    from.push(begins);
  }
  const cuts: number[] = [];
  for (let part = parts - 1, end = count; part >= 0; part--) {
    end = from[part]![end]!;
    cuts.unshift(end);
  }
  return cuts;
}

function refuse(expected: string, actual: string): SpikemillError {
  return new SpikemillError('PLAN', 'the layers cannot be cut like this', {
    where: 'plan.segments',
    expected,
    actual,
    suggestions: ['a segment begins at a patch encoding, at a block, or at the head'],
  });
}

function namedCuts(layers: readonly Layer[], units: readonly Unit[], names: readonly string[]): number[] {
  const cuts = names.map((name) => units.findIndex(({ first }) => layers[first]!.name === name));
  const starts = units.slice(1).map(({ first }) => layers[first]!.name);
  for (const [i, cut] of cuts.entries()) {
    if (cut > (cuts[i - 1] ?? 0)) continue;
    throw refuse(`names, in order, out of ${starts.join(', ')}`, names[i]!);
  }
  return [0, ...cuts];
}

/**
 * First units of the segments.
 *
 * @param choice how many segments, balanced by their cycles; or the layers at which those behind the first begin.
 * @throws SpikemillError PLAN if there is no such cut.
 */
export function chooseCuts(
  layers: readonly Layer[],
  choice: number | readonly string[],
  cyclesOf: SegmentCycles,
): number[] {
  const units = unitsOf(layers);
  if (typeof choice !== 'number') return namedCuts(layers, units, choice);
  if (choice > units.length) throw refuse(`at most ${countOf(units.length, 'segment')}`, String(choice));
  return balance(units.length, choice, cyclesOf);
}
