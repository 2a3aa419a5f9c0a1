/** The layer program: every pass as one word of named fields. */
import { rangeOf, signedBits } from '@spikemill/golden-model';
import { modulo, unsignedBits } from './bits.js';
import { BLOCK_PLACE_BITS, blocksOf } from './plan/chunks.js';
import { type ExternalWeights, ringUnits } from './plan/external-weights.js';
import { lineBits } from './plan/lines.js';
import { type Grid, hasGroupOrder, type PlanOptions } from './plan/options.js';
import {
  type CurrentRun,
  fan,
  type Pass,
  type PassLoops,
  tileInterval,
  tileWords,
  usesSpikeWeights,
} from './plan/pass.js';
import type { EnginePlan } from './plan/plan.js';
import type { SegmentBuffers } from './plan/segment-buffers.js';

/**
 * How wide a field is: the name of the engine constant that holds its width. Loop counters are unsigned and as wide as
 * the program needs; addresses are as wide as their memory and wrap; coordinates are signed; flags have one bit.
 */
type CountWidth = 'OuterBits' | 'InnerBits' | 'GroupBits' | 'TapABits' | 'TapBBits' | 'SliceBits' | 'IdleBits';
/** Only of programs for tables. */
type TableWidth = 'BlockBits' | 'PlaceBits';
type AddressWidth =
  | 'RowBits'
  | 'WeightAddrBits'
  | 'ParamAddrBits'
  | 'TokenAddrBits'
  | 'StoreAddrBits'
  | 'WordSelectBits'
  | 'SliceSelectBits';
type FieldWidth = CountWidth | AddressWidth | TableWidth | 'DigitBits' | 'SideBits' | 'WeightUnitBits' | '1';

interface FieldContext {
  readonly grid: Grid;
  /** The last pass of an image. */
  readonly last: boolean;
  readonly external: ExternalWeights | null;
}

interface FieldRule {
  /** snake_case name of the port that takes the field, without `_i`. */
  readonly name: string;
  readonly value: (pass: Pass, context: FieldContext) => number;
  readonly width: FieldWidth;
  readonly comment: string;
}

const flag = (condition: boolean): number => (condition ? 1 : 0);

/** How the address of a current moves at the end of a tile: within the visit of all positions, and behind it. */
function tileSteps(
  run: CurrentRun,
  { order, loops }: Pass,
  { steps, timesteps }: Grid,
): [token: number, group: number] {
  if (order === 'token') return [run.tokenStep, run.tokenStep];
  const tileWords = run.once ? steps / timesteps : steps;
  const tokenWords = run.tokenStep - 1 + loops.groups * tileWords;
  return [tokenWords - tileWords + 1, 1 - (loops.outer * loops.inner - 1) * tokenWords];
}

/** All fields, least significant first. The names are those of the ports of smx_gather and smx_neuron_unit. */
const FIELD_RULES: readonly FieldRule[] = [
  { name: 'outer_last', width: 'OuterBits', value: ({ loops }) => loops.outer - 1, comment: 'last outer position' },
  { name: 'inner_last', width: 'InnerBits', value: ({ loops }) => loops.inner - 1, comment: 'last inner position' },
  { name: 'group_last', width: 'GroupBits', value: ({ loops }) => loops.groups - 1, comment: 'last group of lanes' },
  { name: 'tap_a_last', width: 'TapABits', value: ({ loops }) => loops.tapA - 1, comment: 'last tap a' },
  { name: 'tap_b_last', width: 'TapBBits', value: ({ loops }) => loops.tapB - 1, comment: 'last tap b' },
  { name: 'slice_last', width: 'SliceBits', value: ({ loops }) => loops.slices - 1, comment: 'last slice' },
  {
    name: 'idle',
    width: 'IdleBits',
    value: (pass, { grid }) => tileInterval(pass, grid) - fan(pass),
    comment: 'idle cycles of a tile',
  },
  { name: 'row_base', width: 'RowBits', value: ({ operands }) => operands.row, comment: 'first operand row' },
  {
    name: 'slice_base',
    width: 'SliceSelectBits',
    value: ({ operands }) => operands.slice,
    comment: 'first slice in that row',
  },
  {
    name: 'inner_step',
    width: 'RowBits',
    value: ({ operands }) => operands.innerStep,
    comment: 'rows to the next inner position',
  },
  {
    name: 'outer_step',
    width: 'RowBits',
    value: ({ operands }) => operands.outerStep,
    comment: 'rows to the next outer position',
  },
  {
    name: 'tap_a_step',
    width: 'RowBits',
    value: ({ operands }) => operands.tapAStep,
    comment: 'rows to the next tap a',
  },
  {
    name: 'tap_b_step',
    width: 'RowBits',
    value: ({ operands }) => operands.tapBStep,
    comment: 'rows to the next tap b',
  },
  {
    name: 'padded',
    width: '1',
    value: ({ operands }) => flag(operands.padding !== null),
    comment: 'taps outside the map are silent',
  },
  {
    name: 'origin',
    width: 'SideBits',
    value: ({ operands }) => operands.padding?.origin ?? 0,
    comment: 'coordinate of tap 0',
  },
  {
    name: 'stride',
    width: 'SideBits',
    value: ({ operands }) => operands.padding?.stride ?? 0,
    comment: 'of the convolution',
  },
  {
    name: 'height',
    width: 'SideBits',
    value: ({ operands }) => operands.padding?.height ?? 0,
    comment: 'of the input map',
  },
  {
    name: 'width',
    width: 'SideBits',
    value: ({ operands }) => operands.padding?.width ?? 0,
    comment: 'of the input map',
  },
  { name: 'weight_base', width: 'WeightAddrBits', value: ({ weightBase }) => weightBase, comment: 'first weight word' },
  {
    name: 'lane_wise',
    width: '1',
    value: ({ source }) => flag(source === 'lane-wise' || source === 'line-wise'),
    comment: 'one weight for all lanes',
  },
  {
    name: 'planes',
    width: '1',
    value: ({ source }) => flag(source === 'pixels' || source === 'head'),
    comment: 'operands are planes',
  },
  {
    name: 'pixels',
    width: '1',
    value: ({ source }) => flag(source === 'pixels'),
    comment: 'planes are those of pixels',
  },
  { name: 'head', width: '1', value: ({ source }) => flag(source === 'head'), comment: 'results are logits' },
  { name: 'identity', width: '1', value: ({ identity }) => flag(identity), comment: 'the neuron weighs the spike' },
  { name: 'last', width: '1', value: (_, { last }) => flag(last), comment: 'ends the image' },
  { name: 'param_base', width: 'ParamAddrBits', value: ({ paramBase }) => paramBase, comment: 'first parameter word' },
  {
    name: 'param_per_outer',
    width: '1',
    value: ({ paramPerOuter }) => flag(paramPerOuter),
    comment: 'one word per outer position',
  },
  { name: 'token_base', width: 'TokenAddrBits', value: ({ tokenBase }) => tokenBase, comment: 'first token word' },
  { name: 'token_step', width: '1', value: ({ tokenStep }) => flag(tokenStep), comment: 'one word per token' },
  { name: 'residual', width: '1', value: ({ residual }) => flag(residual !== null), comment: 'adds a stored current' },
  {
    name: 'residual_once',
    width: '1',
    value: ({ residual }) => flag(residual?.once ?? false),
    comment: 'that is constant in time',
  },
  {
    name: 'residual_base',
    width: 'StoreAddrBits',
    value: ({ residual }) => residual?.base ?? 0,
    comment: 'its first word',
  },
  {
    name: 'residual_token_step',
    width: 'StoreAddrBits',
    value: (pass, { grid }) => (pass.residual === null ? 1 : tileSteps(pass.residual, pass, grid)[0]),
    comment: 'step at the end of a token',
  },
  { name: 'store', width: '1', value: ({ store }) => flag(store !== null), comment: 'stores its current' },
  {
    name: 'store_once',
    width: '1',
    value: ({ store }) => flag(store?.once ?? false),
    comment: 'that is constant in time',
  },
  { name: 'store_base', width: 'StoreAddrBits', value: ({ store }) => store?.base ?? 0, comment: 'its first word' },
  {
    name: 'store_token_step',
    width: 'StoreAddrBits',
    value: (pass, { grid }) => (pass.store === null ? 1 : tileSteps(pass.store, pass, grid)[0]),
    comment: 'step at the end of a token',
  },
  { name: 'fire', width: '1', value: ({ write }) => flag(write !== null), comment: 'writes spikes' },
  { name: 'write_base', width: 'RowBits', value: ({ write }) => write?.row ?? 0, comment: 'first row written' },
  {
    name: 'write_word',
    width: 'WordSelectBits',
    value: ({ write }) => write?.word ?? 0,
    comment: 'first word in that row',
  },
  {
    name: 'write_inner_step',
    width: 'RowBits',
    value: ({ write }) => write?.innerStep ?? 0,
    comment: 'rows to the next inner position',
  },
  {
    name: 'write_outer_step',
    width: 'RowBits',
    value: ({ write }) => write?.outerStep ?? 0,
    comment: 'rows to the next outer position',
  },
];

/** What a program has besides if passes may choose group order. */
const GROUP_ORDER_RULES: readonly FieldRule[] = [
  { name: 'group_order', width: '1', value: ({ order }) => flag(order === 'group'), comment: 'groups outermost' },
  {
    name: 'residual_group_step',
    width: 'StoreAddrBits',
    value: (pass, { grid }) => (pass.residual === null ? 1 : tileSteps(pass.residual, pass, grid)[1]),
    comment: 'step to the next group',
  },
  {
    name: 'store_group_step',
    width: 'StoreAddrBits',
    value: (pass, { grid }) => (pass.store === null ? 1 : tileSteps(pass.store, pass, grid)[1]),
    comment: 'step to the next group',
  },
];

/** What a program has besides if weights come from external memory. */
const EXTERNAL_RULES: readonly FieldRule[] = [
  { name: 'external', width: '1', value: (pass) => flag(usesSpikeWeights(pass)), comment: 'weights from outside' },
  {
    name: 'tile_units',
    width: 'WeightUnitBits',
    value: (pass, { external }) => (usesSpikeWeights(pass) ? tileWords(pass) * external!.unitsPerWord : 0),
    comment: 'units of a weight tile',
  },
];

/** What a program has besides if dense passes run on tables. */
const TABLE_RULES: readonly FieldRule[] = [
  {
    name: 'block_last',
    width: 'BlockBits',
    value: ({ loops }) => blocksOf(loops).count - 1,
    comment: 'last block of positions',
  },
  {
    name: 'rest_last',
    width: 'PlaceBits',
    value: ({ loops }) => blocksOf(loops).rest - 1,
    comment: 'last position of the last block',
  },
];

/** What a program has besides if axial branches work on lines. */
const LINE_RULES: readonly FieldRule[] = [
  { name: 'line', width: '1', value: ({ source }) => flag(source === 'line-wise'), comment: 'works on lines' },
];

/** What a program has besides if the spike array adds planes. */
const DIGIT_RULES: readonly FieldRule[] = [
  {
    name: 'digit_last',
    width: 'DigitBits',
    value: ({ digits }) => (digits ?? 1) - 1,
    comment: 'last digit of the weights of a plane',
  },
];

/** The choices that decide which fields a program has. */
export type ProgramOptions = Pick<PlanOptions, 'loopOrder' | 'weights' | 'lane' | 'axialInputs' | 'planes'>;

function rulesFor(options: ProgramOptions): readonly FieldRule[] {
  const { weights, lane, axialInputs = 1, planes = 'own' } = options;
  return [
    ...FIELD_RULES,
    ...(hasGroupOrder(options) ? GROUP_ORDER_RULES : []),
    ...(weights === 'external' ? EXTERNAL_RULES : []),
    ...(lane === 'table' ? TABLE_RULES : []),
    ...(axialInputs > 1 ? LINE_RULES : []),
    ...(planes === 'shared' ? DIGIT_RULES : []),
  ];
}

export interface ProgramField {
  readonly name: string;
  readonly lsb: number;
  readonly bits: number;
  /** Name of the constant that holds `bits`, or `1`. */
  readonly width: string;
  readonly comment: string;
}

export interface Program {
  readonly fields: readonly ProgramField[];
  readonly wordBits: number;
  /** Width constants of the engine: counters, addresses, coordinates. */
  readonly widths: Readonly<Record<string, number>>;
  /** Field values of every pass, in the order of `fields`, not negative. */
  readonly words: readonly (readonly number[])[];
}

/** Coordinates of taps run from -padding to the far side of the map and one stride beyond. */
function sideBits(passes: readonly Pass[]): number {
  const reach = passes.flatMap(({ layer, operands: { padding } }) =>
    padding === null ? [0] : [padding.origin, Math.max(padding.height, padding.width) + layer.kernel + padding.stride],
  );
  return signedBits(rangeOf(reach));
}

/** Sizes of the memories that addresses run through. */
export interface AddressedSizes extends Pick<EnginePlan, 'depths' | 'pixelRows' | 'grid'> {
  readonly options: ProgramOptions;
  readonly buffers: Pick<EnginePlan['buffers'], 'spikeRows' | 'currentWords'>;
}

/** A segment's addresses also choose among memories. */
function memoryBits({
  buffers,
  pixelRows,
}: AddressedSizes): Pick<Record<AddressWidth, number>, 'RowBits' | 'StoreAddrBits'> {
  if ('rowBits' in buffers) {
    const { rowBits, currentBits } = buffers as SegmentBuffers;
    return { RowBits: rowBits, StoreAddrBits: currentBits };
  }
  return {
    RowBits: unsignedBits(Math.max(buffers.spikeRows, pixelRows) - 1),
    StoreAddrBits: unsignedBits(buffers.currentWords - 1),
  };
}

export function addressWidths(sizes: AddressedSizes): Record<AddressWidth, number> {
  const { depths, grid, options } = sizes;
  const onChip = options.weights === 'external' ? [] : [depths['spike-weights']];
  const weightWords = Math.max(...onChip, depths['plane-weights'], depths['axial-weights']);
  return {
    ...memoryBits(sizes),
    WeightAddrBits: unsignedBits(weightWords - 1),
    ParamAddrBits: unsignedBits(depths.params - 1),
    TokenAddrBits: unsignedBits(depths.tokens - 1),
    WordSelectBits: unsignedBits(grid.rowWords - 1),
    SliceSelectBits: unsignedBits(grid.rowSlices - 1),
  };
}

/** Bits of every counter for some passes. */
export function passCountWidths(passes: readonly PassLoops[], grid: Grid): Record<CountWidth, number> {
  const widest = (value: (pass: PassLoops) => number): number => unsignedBits(Math.max(...passes.map(value)));
  return {
    OuterBits: widest(({ loops }) => loops.outer - 1),
    InnerBits: widest(({ loops }) => loops.inner - 1),
    GroupBits: widest(({ loops }) => loops.groups - 1),
    TapABits: widest(({ loops }) => loops.tapA - 1),
    TapBBits: widest(({ loops }) => loops.tapB - 1),
    SliceBits: widest(({ loops }) => loops.slices - 1),
    IdleBits: widest((pass) => tileInterval(pass, grid) - fan(pass)),
  };
}

/** Only of programs for tables. */
export function tableWidths(passes: readonly PassLoops[], { lane }: Grid): Partial<Record<TableWidth, number>> {
  if (lane === 'tree') return {};
  const blockLast = Math.max(...passes.map(({ loops }) => blocksOf(loops).count - 1));
  return { BlockBits: unsignedBits(blockLast), PlaceBits: BLOCK_PLACE_BITS };
}

/** Places in the line buffer, which no field carries. */
function lineWidths(passes: readonly PassLoops[], grid: Grid): Record<string, number> {
  const bits = lineBits(passes, grid);
  return bits === null ? {} : { LineBankBits: bits.bank, LinePlaceBits: bits.place };
}

/** Bits of the digit that a plane is worked on with. */
function digitWidths(passes: readonly Pass[], { planes }: Grid): Record<string, number> {
  if (planes === 'own') return {};
  return { DigitBits: unsignedBits(Math.max(...passes.map(({ digits }) => (digits ?? 1) - 1))) };
}

/** A field of a program, whatever its passes are. */
export interface FieldLayout {
  readonly name: string;
  readonly width: string;
  readonly comment: string;
}

/** The fields of the layer program of an engine of dense lanes. */
export function fieldsFor(options: ProgramOptions): readonly FieldLayout[] {
  return rulesFor(options);
}

/** The fields of a program word behind each other, for given widths. */
export function layOutFields(
  widths: Program['widths'],
  layout: readonly FieldLayout[],
): Pick<Program, 'fields' | 'wordBits'> {
  let wordBits = 0;
  const fields = layout.map(({ name, width, comment }): ProgramField => {
    const bits = width === '1' ? 1 : widths[width]!;
    const field = { name, lsb: wordBits, bits, width, comment };
    wordBits += bits;
    return field;
  });
  return { fields, wordBits };
}

/** A program of the values of all fields, given for every pass; they wrap to their width. */
export function layProgram(
  layout: readonly FieldLayout[],
  values: readonly (readonly number[])[],
  widths: Program['widths'],
): Program {
  const { fields, wordBits } = layOutFields(widths, layout);
  const words = values.map((word) => word.map((value, i) => modulo(value, 2 ** fields[i]!.bits)));
  return { fields, wordBits, widths, words };
}

/** The layer program of an engine of dense lanes. */
export function makeProgram(plan: EnginePlan): Program {
  const { passes, grid, options, external } = plan;
  const rules = rulesFor(options);
  const values = passes.map((pass, i) =>
    rules.map(({ value }) => value(pass, { grid, external, last: i === passes.length - 1 })),
  );
  const units = external === null ? {} : { WeightUnitBits: unsignedBits(ringUnits(external)) };
  const optional = { ...tableWidths(passes, grid), ...lineWidths(passes, grid), ...digitWidths(passes, grid) };
  const counts = { ...passCountWidths(passes, grid), ...optional };
  const widths = { ...counts, ...addressWidths(plan), SideBits: sideBits(passes), ...units };
  return layProgram(rules, values, widths);
}
