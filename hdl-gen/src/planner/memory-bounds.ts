/** Block RAMs that a memory takes at least, of which only the fewest words are known. */
import { ceilDivide } from '../bits.js';
import type { MemoryRules } from '../cost/cost-model.js';
import { EMULATION_COST, ENABLE_COST, MUX_COST } from '../cost/memory-mapping.js';
import type { MemoryGroup } from '../cost/module-cost.js';

/** A price that grows with the words: at no words, and of each word. */
interface Line {
  readonly base: number;
  readonly slope: number;
}

type Shape = Pick<MemoryGroup, 'width' | 'depth' | 'writeWidth'>;

/** What block RAM costs at most in one of its modes. */
function mostInBlocks(
  { width, writeWidth = width }: Shape,
  { modes, sliceBits, cost }: MemoryRules['blockRam'],
): Line[] {
  return modes.map((mode) => {
    const slice = Math.min(sliceBits, mode.width);
    const perRow = (ceilDivide(width, writeWidth) * ceilDivide(writeWidth, slice)) / Math.floor(mode.width / slice);
    const ofRow = MUX_COST * width + ENABLE_COST;
    // the last row counts as a whole one, and the last block
    return { base: (perRow + 1) * cost + EMULATION_COST + ofRow, slope: (perRow * cost + ofRow) / mode.depth };
  });
}

/** What anything else costs at least. */
function leastElsewhere({ width }: Shape, { lutRam, ramBitCost }: MemoryRules): Line[] {
  const lutRams = (lutRam?.modes ?? []).map((mode) => {
    const ofRow = (width / mode.width) * (lutRam?.cost ?? 0) + MUX_COST * width;
    return { base: -MUX_COST * width, slope: ofRow / mode.depth };
  });
  return [{ base: 0, slope: width * ramBitCost }, ...lutRams];
}

/** Synthesis drops fractions of costs that it compares. */
const FRACTION = 1;

/**
 * Of memories that are written, with at least these words; 0 unless it is sure that they go to block RAM however many
 * words they have beyond.
 */
export function leastBlocks(group: MemoryGroup, rules: MemoryRules): number {
  const { count, width, depth } = group;
  const others = leastElsewhere(group, rules);
  const isSure = mostInBlocks(group, rules.blockRam).some(({ base, slope }) =>
    others.every((other) => {
      return slope <= other.slope && base + slope * depth + FRACTION < other.base + other.slope * depth;
    }),
  );
  if (!isSure) return 0;
  const most = Math.max(...rules.blockRam.modes.map((mode) => mode.width * mode.depth));
  return count * ceilDivide(width * depth, most);
}
