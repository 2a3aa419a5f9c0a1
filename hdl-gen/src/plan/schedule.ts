/** The order of passes, whatever engine they run on. */
import { type Layer, tokenCount } from '@spikemill/golden-model';
import type { TokenRange } from '../layers/binding.js';
import { TOKEN_LOCAL, tokensInFlight } from './buffers.js';

/** A layer that has its places in the memories. */
export interface Schedulable<Bases, Pass> {
  readonly bases: Bases;
  pass(bases: Bases, tokens: TokenRange): Pass;
}

/**
 * Passes in the order of execution: fuse, fc1 and fc2 of a block in turn, one token block after the other.
 *
 * @param layerOf the layer of a binding, or the first of several.
 */
export function schedule<Bases, Pass, Binding extends Schedulable<Bases, Pass>>(
  bindings: readonly Binding[],
  layerOf: (binding: Binding) => Layer,
  tokenBlock: number | null,
): Pass[] {
  const passes: Pass[] = [];
  const run = (binding: Binding, tokens: TokenRange): void => void passes.push(binding.pass(binding.bases, tokens));
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i]!;
    const { kind, block, output } = layerOf(binding);
    const tokens = tokenCount(output);
    if (!TOKEN_LOCAL.has(kind)) {
      run(binding, { first: 0, count: tokens });
      continue;
    }
    const isChained = (other: Layer): boolean => TOKEN_LOCAL.has(other.kind) && other.block === block;
    let end = i;
    while (end < bindings.length && isChained(layerOf(bindings[end]!))) end++;
    const step = tokensInFlight(tokens, tokenBlock);
    for (let first = 0; first < tokens; first += step) {
      const range = { first, count: Math.min(step, tokens - first) };
      for (const chained of bindings.slice(i, end)) run(chained, range);
    }
    i = end - 1;
  }
  return passes;
}
