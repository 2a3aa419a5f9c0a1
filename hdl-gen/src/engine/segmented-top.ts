/** The top over several segments: the segments, the double buffers between them, and who owns which bank. */
import { unsignedBits } from '../bits.js';
import { evaluate } from '../expression.js';
import type { SegmentPlan } from '../plan/plan.js';
import type { LibraryModule } from '../verilog/library.js';
import type { Connection, Instance, Structure, Wire } from '../verilog/structure.js';
import { clocked } from './connect.js';
import { RESET_INSTANCE } from './inputs.js';
import { ACCELERATOR_PORTS } from './wires.js';

/** A segment's module with what the top must know of it. */
export interface BuiltSegment {
  readonly plan: SegmentPlan;
  readonly structure: Structure;
  /** Names of the top's path parameters by those of the segment. */
  readonly files: Readonly<Record<string, string>>;
}

/** Header of a segment's module: widths as numbers. */
function moduleOf({ structure: { name, ports, constants, strings } }: BuiltSegment): LibraryModule {
  const entries = ports.map((port) => {
    const width = String(evaluate(port.width, constants, `${name}.${port.name}`));
    return [port.name, { name: port.name, direction: port.direction, width }] as const;
  });
  const parameters = Object.entries(strings).map(([key, path]) => [key, `"${path}"`] as const);
  return { name, parameters: new Map(parameters), ports: new Map(entries) };
}

/** Ports that go to the top as they are. */
const isOuter = (name: string): boolean => name.includes('_axis_') || name === 'frame_error' || name === 'aclk';
/** Ports of the last segment that are ports of the top, too. */
const COUNTERS: ReadonlySet<string> = new Set(['image_done', 'cycles', 'stalls']);

/** Wire of a segment's port in the top. */
function wireOf(segment: number, port: string, count: number): string {
  if (isOuter(port) || port === 'rst') return port;
  if (!COUNTERS.has(port)) return `segment_${segment}_${port}`;
  return segment === count - 1 ? port : `unused_${segment}_${port}`;
}

function segmentInstance(built: BuiltSegment, segment: number, count: number): Instance {
  const { structure, files, plan } = built;
  const layers = [...new Set(plan.passes.map(({ layer }) => layer.name))];
  return {
    module: structure.name,
    name: `u_segment_${segment}`,
    comment: `${layers[0]} to ${layers.at(-1)}: ${plan.cyclesPerImage} cycles an image`,
    parameters: files,
    ports: Object.fromEntries(structure.ports.map(({ name }) => [name, wireOf(segment, name, count)])),
  };
}

/** Wires between a segment and the one behind it. */
interface Between {
  readonly segment: number;
  readonly front: BuiltSegment;
  readonly behind: BuiltSegment;
}

function handOver({ segment }: Between): Instance {
  const [front, behind] = [`segment_${segment}`, `segment_${segment + 1}`];
  return {
    module: 'smx_hand_over',
    name: `u_hand_over_${segment}`,
    comment: 'whose bank is which',
    parameters: {},
    ports: {
      ...clocked,
      fill_done_i: `${front}_finish`,
      take_done_i: `${behind}_finish`,
      free_o: `${front}_behind_free`,
      ready_o: `${behind}_front_ready`,
      full_o: `${front}_full`,
      fill_bank_o: `${front}_fill_bank`,
      take_bank_o: `${front}_take_bank`,
    },
  };
}

function doubleBuffer(
  { segment, behind }: Between,
  name: string,
  comment: string,
  rows: number,
  of: Readonly<Record<'word' | 'words' | 'bits' | 'select', number>>,
  ports: Readonly<Record<'write' | 'row' | 'data' | 'read', string>> & {
    readonly word: Connection;
    readonly frontData: string;
    readonly behindData: string;
  },
): Instance {
  const [own, other] = [`segment_${segment}`, `segment_${segment + 1}`];
  const behindBits = behind.structure.constants[ports.read === 'operand_row' ? 'RowBits' : 'StoreAddrBits']!;
  return {
    module: 'smx_double_buffer',
    name: `u_${name}_${segment}`,
    comment,
    parameters: {
      WordBits: String(of.word),
      RowWords: String(of.words),
      Rows: String(rows),
      RowBits: String(of.bits),
      AddrBits: String(unsignedBits(rows - 1)),
      BehindRowBits: String(behindBits),
      WordSelectBits: String(of.select),
    },
    ports: {
      clk_i: 'aclk',
      full_i: `${own}_full`,
      fill_bank_i: `${own}_fill_bank`,
      take_bank_i: `${own}_take_bank`,
      write_i: `${own}_${ports.write}`,
      write_row_i: `${own}_${ports.row}`,
      write_word_i: ports.word,
      write_data_i: `${own}_${ports.data}`,
      read_row_i: `${own}_${ports.read}`,
      read_data_o: `${own}_${ports.frontData}`,
      behind_row_i: `${other}_${ports.read}`,
      behind_data_o: `${other}_${ports.behindData}`,
    },
  };
}

/** Double buffers of spikes and, if the stage goes on, of h. */
function buffersOf(between: Between): Instance[] {
  const { segment, front } = between;
  const { rows, currentWords } = front.plan.buffers.behind!;
  const { lanes, timesteps, rowWords, neurons } = front.plan.grid;
  const { RowBits, StoreAddrBits, WordSelectBits } = front.structure.constants;
  const spikes = doubleBuffer(
    between,
    'maps',
    'spikes between two segments',
    rows,
    { word: lanes * timesteps, words: rowWords, bits: RowBits!, select: WordSelectBits! },
    {
      ...{ write: 'behind_spike_write', row: 'spike_write_row', data: 'spike_write_data', read: 'operand_row' },
      ...{ word: `segment_${segment}_spike_write_word`, frontData: 'behind_row', behindData: 'front_row' },
    },
  );
  if (currentWords === 0) return [spikes];
  const currents = doubleBuffer(
    between,
    'currents',
    'h between two segments',
    currentWords,
    { word: neurons * front.plan.formats.storeBits, words: 1, bits: StoreAddrBits!, select: 1 },
    {
      ...{ write: 'behind_store_write', row: 'store_addr', data: 'store_data', read: 'residual_addr' },
      ...{ word: { constant: 0 }, frontData: 'behind_current', behindData: 'front_current' },
    },
  );
  return [spikes, currents];
}

function wiresOf(segments: readonly BuiltSegment[]): Wire[] {
  const wires: Wire[] = [{ name: 'rst', width: '1' }];
  for (const [segment, { structure }] of segments.entries()) {
    for (const { name, width } of structure.ports) {
      const wire = wireOf(segment, name, segments.length);
      if (isOuter(name) || wire === name) continue;
      wires.push({ name: wire, width: String(evaluate(width, structure.constants, wire)) });
    }
    if (segment === segments.length - 1) continue;
    wires.push(
      { name: `segment_${segment}_full`, width: '2' },
      { name: `segment_${segment}_fill_bank`, width: '1' },
      { name: `segment_${segment}_take_bank`, width: '1' },
    );
  }
  return wires;
}

/**
 * Structure of the top.
 *
 * @param paths of all memory images, by the name of their parameter.
 */
export function makeSegmentedTop(
  name: string,
  header: readonly string[],
  segments: readonly BuiltSegment[],
  paths: Readonly<Record<string, string>>,
): Structure {
  const between = segments.slice(1).map((behind, segment) => ({ segment, front: segments[segment]!, behind }));
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants: { Segments: segments.length },
    strings: paths,
    ports: ACCELERATOR_PORTS,
    wires: wiresOf(segments),
    instances: [
      RESET_INSTANCE,
      ...segments.map((built, i) => segmentInstance(built, i, segments.length)),
      ...between.flatMap((each) => [handOver(each), ...buffersOf(each)]),
      {
        module: 'smx_any',
        name: 'u_busy',
        comment: 'some segment works',
        parameters: { Count: 'Segments' },
        ports: { data_i: { concat: segments.map((_, i) => `segment_${i}_busy`).reverse() }, any_o: 'busy' },
      },
    ],
    modules: segments.map(moduleOf),
  };
}
