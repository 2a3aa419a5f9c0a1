/** What a synthesis run answers. */
import type { PlanOptions } from '@spikemill/hdl-gen';
import type { CellCounts } from './counts.js';
import type { ResourceShare } from './fit.js';
import type { PlannedMemory } from './memory-plan.js';
import type { Overflow } from './place.js';
import type { PathHop } from './placer-report.js';
import type { ModuleNode } from './tree.js';

export interface ToolReport {
  readonly name: string;
  readonly version: string;
  readonly embedded: boolean;
  readonly seconds: number;
  readonly peakMegabytes: number | null;
  readonly cached: boolean;
}

export interface SeedReport {
  readonly seed: number;
  readonly fmaxMegahertz: number | null;
}

export interface PlacementReport {
  /** The best seed; everything else here is of it. */
  readonly seed: number;
  readonly seeds: readonly SeedReport[];
  readonly fmaxMegahertz: number | null;
  /** Logic cells of the accelerator alone, without the wrapper. */
  readonly acceleratorCells: number;
  readonly utilisation: Readonly<Record<string, { readonly used: number; readonly available: number }>>;
  readonly criticalPath: readonly PathHop[];
  /** At fmax, images back to back. */
  readonly framesPerSecond: number | null;
  readonly framesPerSecondPerThousandCells: number | null;
}

export interface TimingReport {
  readonly requiredMegahertz: number;
  readonly fmaxMegahertz: number;
  readonly met: boolean;
}

export interface FitReport {
  readonly fits: boolean;
  readonly shares: readonly ResourceShare[];
  readonly overflows: readonly Overflow[];
  /** Searched for only if the design does not fit; null: none was found. */
  readonly nearestPlan: PlanOptions | null;
}

export interface SynthReport {
  readonly build: string;
  readonly device: string;
  readonly board: string | null;
  readonly top: string;
  readonly plan: PlanOptions;
  readonly cyclesPerImage: number;
  /** In the event-driven style cycles depend on the spikes. */
  readonly cyclesBasis: 'closed form' | 'at most' | 'mean of images';
  readonly hierarchical: boolean;
  /** How far the figures are known. */
  readonly basis: 'placed and routed' | 'synthesized';
  readonly tools: readonly ToolReport[];
  /** Of the accelerator alone. */
  readonly cells: CellCounts;
  /** No DSP block, as in every generated design. */
  readonly multiplierFree: boolean;
  readonly tree: ModuleNode;
  /** Primitives that are counted nowhere, by type. */
  readonly unknownCells: Readonly<Record<string, number>>;
  /** Where the memories were meant to go; null where the cost model does not know the family. */
  readonly memories: readonly PlannedMemory[] | null;
  readonly fit: FitReport;
  readonly placement: PlacementReport | null;
  /** Null without a clock that has to be reached. */
  readonly timing: TimingReport | null;
  /** File names in the output folder. */
  readonly outputs: readonly string[];
  readonly warnings: readonly string[];
}
