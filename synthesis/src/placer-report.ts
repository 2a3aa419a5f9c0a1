/** nextpnr's report in JSON, and its critical path in terms of modules. */
import { parseJson, SpikemillError } from '@spikemill/golden-model';
import { modulePath } from './hierarchy-path.js';

/** A stretch of the critical path inside one module. */
export interface PathHop {
  /** Instances from the top: `u_neuron_unit/g_neuron[2].u_neuron/u_lif`. */
  readonly module: string;
  /** Delays of the cells, and of the nets that leave them, in nanoseconds. */
  readonly logicNs: number;
  readonly routingNs: number;
  /** Cells on the way. */
  readonly cells: number;
}

export interface PlacerReport {
  /** Of the slowest clock; null if nothing is between two registers. */
  readonly fmaxMegahertz: number | null;
  readonly utilisation: Readonly<Record<string, { readonly used: number; readonly available: number }>>;
  readonly criticalPath: readonly PathHop[];
}

interface RawEnd {
  readonly cell: string;
}

interface RawSegment {
  readonly delay: number;
  readonly type: string;
  readonly from: RawEnd;
  readonly to: RawEnd;
}

interface RawReport {
  readonly fmax?: Readonly<Record<string, { readonly achieved: number }>>;
  readonly utilization?: PlacerReport['utilisation'];
  readonly critical_paths?: readonly {
    readonly from: string;
    readonly to: string;
    readonly path: readonly RawSegment[];
  }[];
}

/** Consecutive segments in one module become one hop. A net belongs to the module that drives it. */
function hopsOf(segments: readonly RawSegment[]): PathHop[] {
  const hops: { module: string; logicNs: number; routingNs: number; cells: number }[] = [];
  for (const { type, delay, from, to } of segments) {
    // the first segment is inside the source; versions of nextpnr name its ends in different ways
    const cell = type === 'clk-to-q' ? (segments[1]?.from ?? to).cell : from.cell;
    let hop = hops.at(-1);
    // cells that the placer made up belong to where the path comes from
    const module = cell.startsWith('$') && hop !== undefined ? hop.module : modulePath(cell);
    if (hop?.module !== module) {
      hop = { module, logicNs: 0, routingNs: 0, cells: 0 };
      hops.push(hop);
    }
    if (type === 'routing') hop.routingNs += delay;
    else {
      hop.logicNs += delay;
      hop.cells++;
    }
  }
  return hops;
}

/** Without the edge: `posedge clk` gives `clk`. */
function clockOf(end: string): string {
  return end.replace(/^(posedge|negedge) /, '');
}

/** @throws SpikemillError INVALID_FILE if it is no such report. */
export function parseReport(text: string, where: string): PlacerReport {
  const { fmax, utilization, critical_paths: paths = [] } = parseJson(text, where) as RawReport;
  if (utilization === undefined) throw new SpikemillError('INVALID_FILE', 'this is no report of nextpnr', { where });
  const slowest = Object.entries(fmax ?? {}).sort(([, a], [, b]) => a.achieved - b.achieved)[0];
  const critical = paths.find(({ from, to }) => clockOf(from) === slowest?.[0] && clockOf(to) === slowest[0]);
  return {
    fmaxMegahertz: slowest?.[1].achieved ?? null,
    utilisation: utilization,
    criticalPath: hopsOf(critical?.path ?? []),
  };
}
