/** The layer program of the event-driven style: every pass as one word of named fields. */
import { rangeOf, signedBits } from '@spikemill/golden-model';
import { unsignedBits } from '../bits.js';
import { layProgram, type Program } from '../program.js';
import type { EventGrid } from './layout.js';
import { type EventPass, hasLastClass, lastTileGroups, roundCycles, roundGroups, segmentShape } from './pass.js';
import type { EventPlan } from './plan.js';

interface Context {
  readonly grid: EventGrid;
  /** Of the image. */
  readonly last: boolean;
}

interface FieldRule {
  /** snake_case name of the port that takes the field, without `_i`. */
  readonly name: string;
  readonly width: string;
  readonly value: (pass: EventPass, context: Context) => number;
  readonly comment: string;
}

/** Counters and sums that are as wide as the program needs. */
const COUNT_WIDTHS: ReadonlySet<string> = new Set(
  ['Outer', 'Inner', 'Group', 'Round', 'Digit', 'TapA', 'TapB', 'Slice', 'Pace'].map((name) => `${name}Bits`),
);

const flag = (condition: boolean): number => (condition ? 1 : 0);
const isSum = ({ source }: EventPass): boolean => source === 'pixels' || source === 'head' || source === 'drain';
const isDrain = ({ source }: EventPass): boolean => source === 'drain';
const firstClass = ({ outputs }: EventPass): number => outputs[0]!.channel;

/** Fields of smx_event_gather and smx_event_operands. */
const GATHER_RULES: readonly FieldRule[] = [
  { name: 'outer_last', width: 'OuterBits', value: (p) => p.loops.outer - 1, comment: 'last outer position' },
  { name: 'inner_last', width: 'InnerBits', value: (p) => p.loops.inner - 1, comment: 'last inner position' },
  { name: 'group_last', width: 'GroupBits', value: (p) => p.loops.tiles - 1, comment: 'last tile of lanes' },
  { name: 'round_last', width: 'RoundBits', value: (p) => p.loops.rounds - 1, comment: 'last timestep or plane' },
  { name: 'digit_last', width: 'DigitBits', value: (p) => p.loops.digits - 1, comment: 'last digit of the weights' },
  { name: 'tap_a_last', width: 'TapABits', value: (p) => p.loops.tapA - 1, comment: 'last tap a' },
  { name: 'tap_b_last', width: 'TapBBits', value: (p) => p.loops.tapB - 1, comment: 'last tap b' },
  { name: 'slice_last', width: 'SliceBits', value: (p) => p.loops.slices - 1, comment: 'last word of a tap' },
  { name: 'row_base', width: 'RowBits', value: (p) => p.operands.row, comment: 'first operand row' },
  { name: 'slice_step', width: 'RowBits', value: (p) => p.operands.sliceStep, comment: 'rows to the next word' },
  { name: 'inner_step', width: 'RowBits', value: (p) => p.operands.innerStep, comment: 'to the next inner position' },
  { name: 'outer_step', width: 'RowBits', value: (p) => p.operands.outerStep, comment: 'to the next outer position' },
  { name: 'tap_a_step', width: 'RowBits', value: (p) => p.operands.tapAStep, comment: 'to the next tap a' },
  { name: 'tap_b_step', width: 'RowBits', value: (p) => p.operands.tapBStep, comment: 'to the next tap b' },
  {
    name: 'mask_first',
    width: 'BankBits',
    value: (p) => p.operands.maskFirst,
    comment: 'first group of the first word',
  },
  { name: 'mask_last', width: 'BankBits', value: (p) => p.operands.maskLast, comment: 'last group of the last word' },
  { name: 'padded', width: '1', value: (p) => flag(p.operands.padding !== null), comment: 'taps outside are silent' },
  { name: 'origin', width: 'SideBits', value: (p) => p.operands.padding?.origin ?? 0, comment: 'coordinate of tap 0' },
  { name: 'stride', width: 'SideBits', value: (p) => p.operands.padding?.stride ?? 0, comment: 'of the convolution' },
  { name: 'height', width: 'SideBits', value: (p) => p.operands.padding?.height ?? 0, comment: 'of the input map' },
  { name: 'width', width: 'SideBits', value: (p) => p.operands.padding?.width ?? 0, comment: 'of the input map' },
  { name: 'weight_base', width: 'EventRowBits', value: (p) => p.weights.base, comment: 'first weight row' },
  { name: 'weight_slice_step', width: 'EventRowBits', value: (p) => p.weights.sliceStep, comment: 'to the next word' },
  { name: 'weight_tap_step', width: 'EventRowBits', value: (p) => p.weights.tapStep, comment: 'to the next tap' },
  { name: 'lane_wise', width: '1', value: (p) => flag(p.source === 'lane-wise'), comment: 'one weight for all lanes' },
  {
    name: 'silent',
    width: '1',
    value: (p) => flag(p.source === 'fire' || p.source === 'drain'),
    comment: 'no operands',
  },
  { name: 'pixels', width: '1', value: (p) => flag(p.source === 'pixels'), comment: 'operands are bit planes' },
  { name: 'sums', width: '1', value: (p) => flag(isSum(p)), comment: 'rounds are added up' },
  { name: 'final', width: '1', value: (p) => flag(p.source === 'pixels'), comment: 'one more round hands on the sum' },
  { name: 'head', width: '1', value: (p) => flag(p.source === 'head'), comment: 'sums go on over the tokens' },
];

/** Fields of smx_event_issue, smx_event_neuron_unit and smx_sequencer. */
const NEURON_RULES: readonly FieldRule[] = [
  {
    name: 'pace',
    width: 'PaceBits',
    value: (p, { grid }) => roundCycles(p, grid.banks) - 1,
    comment: 'cycles - 1 of the neurons for a round',
  },
  {
    name: 'pace_last',
    width: 'PaceBits',
    value: (p, { grid }) => roundCycles(p, roundGroups(p, grid)) - 1,
    comment: 'of the last tile',
  },
  { name: 'drain', width: '1', value: (p) => flag(isDrain(p)), comment: 'the sums go to the head' },
  { name: 'head_first', width: '1', value: (p) => flag(isDrain(p) && firstClass(p) === 0), comment: 'first classes' },
  { name: 'head_last', width: '1', value: (p) => flag(isDrain(p) && hasLastClass(p)), comment: 'last classes' },
  { name: 'scale', width: '1', value: (p) => flag(p.trips > 1), comment: 'token scale' },
  { name: 'identity', width: '1', value: (p) => flag(p.identity), comment: 'the neuron weighs the spike' },
  { name: 'last', width: '1', value: (_, { last }) => flag(last), comment: 'ends the image' },
  {
    name: 'steps_last',
    width: 'StepBits',
    value: (p, { grid }) => roundGroups(p, grid) - 1,
    comment: 'last group of the last tile',
  },
  {
    name: 'final_last',
    width: 'StepBits',
    value: (p, { grid }) => lastTileGroups(p, grid) - 1,
    comment: 'last group of a final round',
  },
  { name: 'beside', width: 'StepBits', value: (p) => p.beside, comment: 'first group of higher digits, 0: none' },
  { name: 'param_base', width: 'ParamAddrBits', value: (p) => p.paramBase, comment: 'first parameter word' },
  {
    name: 'param_outer_step',
    width: 'ParamAddrBits',
    value: (p) => p.paramOuterStep,
    comment: 'to those of the next outer position',
  },
  { name: 'token_base', width: 'TokenAddrBits', value: (p) => p.tokenBase, comment: 'first token word' },
  { name: 'token_step', width: '1', value: (p) => flag(p.tokenStep), comment: 'one word per token' },
  { name: 'residual', width: '1', value: (p) => flag(p.residual !== null), comment: 'adds a stored current' },
  {
    name: 'residual_from',
    width: 'GroupNumberBits',
    value: (p) => p.residual?.from ?? 0,
    comment: 'from this group on',
  },
  { name: 'residual_base', width: 'StoreAddrBits', value: (p) => p.residual?.base ?? 0, comment: 'its first word' },
  {
    name: 'residual_time_step',
    width: 'StoreAddrBits',
    value: (p) => p.residual?.timeStep ?? 0,
    comment: 'to the next timestep',
  },
  {
    name: 'residual_position_step',
    width: 'StoreAddrBits',
    value: (p) => p.residual?.positionStep ?? 0,
    comment: 'to the next token',
  },
  { name: 'store', width: '1', value: (p) => flag(p.store !== null), comment: 'stores its current' },
  { name: 'store_base', width: 'StoreAddrBits', value: (p) => p.store?.base ?? 0, comment: 'its first word' },
  {
    name: 'store_time_step',
    width: 'StoreAddrBits',
    value: (p) => p.store?.timeStep ?? 0,
    comment: 'to the next timestep',
  },
  {
    name: 'store_position_step',
    width: 'StoreAddrBits',
    value: (p) => p.store?.positionStep ?? 0,
    comment: 'to the next token',
  },
  { name: 'fire', width: '1', value: (p) => flag(p.write !== null), comment: 'writes spikes' },
  {
    name: 'fire_limit',
    width: 'GroupNumberBits',
    value: (p) => p.write?.limit ?? 0,
    comment: 'of the groups up to this',
  },
  {
    name: 'segment_last',
    width: 'GroupNumberBits',
    value: (p, { grid }) => segmentShape(p, grid).last,
    comment: 'last group of a segment',
  },
  {
    name: 'segment_lane',
    width: 'UnitBits',
    value: (p, { grid }) => segmentShape(p, grid).lane,
    comment: 'its last lane that is an output',
  },
  { name: 'write_base', width: 'RowBits', value: (p) => p.write?.row ?? 0, comment: 'first row written' },
  { name: 'write_bank', width: 'BankBits', value: (p) => p.write?.bank ?? 0, comment: 'first group in that row' },
  {
    name: 'write_inner_step',
    width: 'RowBits',
    value: (p) => p.write?.innerStep ?? 0,
    comment: 'to the next inner position',
  },
  {
    name: 'write_outer_step',
    width: 'RowBits',
    value: (p) => p.write?.outerStep ?? 0,
    comment: 'to the next outer position',
  },
  {
    name: 'write_bank_last',
    width: 'BankBits',
    value: (p) => p.write?.bankLast ?? 0,
    comment: 'behind it follows group 0',
  },
  {
    name: 'write_wrap_step',
    width: 'RowBits',
    value: (p) => p.write?.wrapStep ?? 0,
    comment: 'of the row this much further',
  },
  { name: 'write_copy', width: '1', value: (p) => flag(p.write?.copy ?? false), comment: 'to both halves of a word' },
];

/** All fields, least significant first. */
const FIELD_RULES = [...GATHER_RULES, ...NEURON_RULES];

/** Coordinates of taps run from -padding to the far side of the map and one stride beyond. */
function sideBits(passes: readonly EventPass[]): number {
  const reach = passes.flatMap(({ layers, operands: { padding } }) => {
    if (padding === null) return [0];
    return [padding.origin, Math.max(padding.height, padding.width) + layers[0]!.kernel + padding.stride];
  });
  return signedBits(rangeOf(reach));
}

/** Bits of the number of a bit within a block of the walker, and how wide the block is. */
export function walkerBlock({ lanes }: EventGrid): { block: number; indexBits: number } {
  const block = Math.min(12, Math.max(2, lanes));
  return { block, indexBits: unsignedBits(block - 1) };
}

function addressWidths({ depths, buffers, pixelRows, grid, passes }: EventPlan): Record<string, number> {
  const { indexBits } = walkerBlock(grid);
  const axialRowBits = unsignedBits(depths['axial-rows'] - 1);
  const groupNumbers = passes.map(({ loops }) => loops.tiles * grid.banks + grid.banks);
  return {
    RowBits: unsignedBits(Math.max(buffers.spikeRows, pixelRows) - 1),
    EventRowBits: Math.max(unsignedBits(depths['event-rows'] - 1), axialRowBits, indexBits + 1),
    AxialRowBits: axialRowBits,
    ParamAddrBits: unsignedBits(depths.params - 1),
    TokenAddrBits: unsignedBits(depths.tokens - 1),
    StoreAddrBits: unsignedBits(buffers.currentWords - 1),
    BankBits: unsignedBits(grid.banks - 1),
    StepBits: unsignedBits(grid.banks - 1),
    GroupNumberBits: unsignedBits(Math.max(...groupNumbers)),
    UnitBits: unsignedBits(grid.neurons - 1),
  };
}

export function makeEventProgram(plan: EventPlan): Program {
  const { passes, grid } = plan;
  const values = passes.map((pass, i) =>
    FIELD_RULES.map(({ value }) => value(pass, { grid, last: i === passes.length - 1 })),
  );
  const counts = FIELD_RULES.flatMap(({ width }, field) =>
    COUNT_WIDTHS.has(width) ? [[width, unsignedBits(Math.max(...values.map((word) => word[field]!)))] as const] : [],
  );
  // two fields share the width of the pace
  const widest = new Map<string, number>();
  for (const [width, bits] of counts) widest.set(width, Math.max(bits, widest.get(width) ?? 0));
  const widths = { ...Object.fromEntries(widest), ...addressWidths(plan), SideBits: sideBits(passes) };
  return layProgram(FIELD_RULES, values, widths);
}
