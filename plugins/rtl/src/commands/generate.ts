import { Args, Flags } from '@oclif/core';
import { findDevice } from '@spikemill/constraints';
import {
  imageAt,
  loadImages,
  loadQuantized,
  type QuantizedNetwork,
  SpikemillError,
  writeFolderAtomic,
} from '@spikemill/golden-model';
import {
  commonWidths,
  DEFAULT_TOP,
  type Design,
  EXTERNAL_WEIGHTS_FILE,
  type ExternalTraffic,
  estimate,
  externalTraffic,
  type FiringRates,
  type FitResult,
  fitPlan,
  generate,
  LANE_KINDS,
  type LaneKind,
  makeSpace,
  type Objective,
  ownFiles,
  type PlanOptions,
  planSwap,
  readPlanFile,
  requireDense,
  segmentsOf,
  startRates,
  workingMemories,
} from '@spikemill/hdl-gen';
import {
  BaseCommand,
  choosePlan,
  describePlan,
  formatCount,
  formatCounted,
  nameSources,
  type ParsedFlags,
  PLAN_FLAGS,
  type PlanFlagValues,
  type PlanSources,
  parseNumber,
  renderTable,
  typedFlags,
} from '@spikemill/plugin-core';
import { explainFit, noPlanError, planFlags } from '../explain-fit.js';
import { ANY, anyWithoutFit, checkWidening, type Widening, withoutSearched } from '../search-choice.js';

interface MemoryReport {
  readonly name: string;
  /** `weights`, ... for memories with an image; `loaded` for those that a weight frame fills; `working` for those that are written at run time. */
  readonly kind: string;
  readonly width: number;
  readonly depth: number;
  readonly bits: number;
}

interface GenerateReport {
  readonly output: string;
  readonly top: string;
  readonly plan: PlanOptions;
  /** Words of the layer program. */
  readonly passes: number;
  /** Closed form, without stalls; of several segments the sum. */
  readonly cyclesPerImage: number;
  /** The same of each segment; empty if there is but one. */
  readonly segments: readonly { readonly firstLayer: string; readonly cyclesPerImage: number }[];
  readonly memories: readonly MemoryReport[];
  readonly memoryBits: number;
  /** What an image reads from external memory; null if all weights are on chip. */
  readonly externalWeights: ExternalTraffic | null;
  readonly files: number;
  /** The flags that give this plan. */
  readonly flags: string;
  /** How the plan was found; null without --fit. */
  readonly search: FitResult | null;
}

function makeReport(
  output: string,
  { plan, manifest, loadedMemories, files }: Design,
  search: FitResult | null,
): GenerateReport {
  const memories = [
    ...manifest.memories.map(({ name, kind, width, depth }) => ({ name, kind, width, depth })),
    ...loadedMemories.map((memory) => ({ ...memory, kind: 'loaded' })),
    ...workingMemories(plan).map((memory) => ({ ...memory, kind: 'working' })),
  ].map((memory) => ({ ...memory, bits: memory.width * memory.depth }));
  return {
    output,
    top: manifest.top,
    plan: plan.options,
    passes: plan.passes.length,
    cyclesPerImage: plan.cyclesPerImage,
    segments: segmentsOf(plan).map(({ cyclesPerImage, bindings }) => {
      // a segment in the midst of a stage begins with a copy of what another layer has made
      const first = bindings.find(
        ({ weights, layer }) =>
          weights.memory !== 'axial-weights' || weights.side !== null || layer.kind === 'identity',
      )!;
      return { firstLayer: first.layer.name, cyclesPerImage };
    }),
    memories,
    memoryBits: memories.reduce((sum, { bits }) => sum + bits, 0),
    externalWeights: plan.style === 'dense' ? externalTraffic(plan) : null,
    files: files.size,
    flags: planFlags(plan.options),
    search,
  };
}

function alsoError(): SpikemillError {
  return new SpikemillError('USAGE', 'other models can only run on a design whose weights are loaded', {
    where: '--also',
    expected: '--weights stream beside it',
    suggestions: ['add --weights stream, or leave out --also'],
  });
}

/** The flags of a search, as they are given. */
interface SearchFlags {
  readonly fit?: string | undefined;
  readonly fps?: number | undefined;
  readonly clock?: number | undefined;
  readonly 'max-lut'?: number | undefined;
  readonly minimize?: Objective | undefined;
  readonly images?: string | undefined;
  readonly limit?: number | undefined;
}

interface GenerateFlags extends SearchFlags, Omit<PlanFlagValues, 'lane'> {
  readonly output: string;
  readonly top: string;
  readonly lane?: LaneKind | typeof ANY | undefined;
  readonly also?: readonly string[] | undefined;
}

export class RtlGenerate extends BaseCommand {
  static override summary = 'Generate the Verilog of an accelerator from a quantized model.';
  static override description =
    'Writes the top, the module library, the memory images, the model, the plan and a manifest with their digests. The ' +
    'same model and plan give the same bytes.\nAn existing folder is replaced if it holds nothing but an earlier build.\n' +
    'With --fit the plan is searched: the fastest that fits the device or, with --fps, the smallest that is fast enough. ' +
    'Options that are given stay as they are; segments are searched with --segments any, lanes of tables with --lane any. The search is exact for the estimated cells; nothing is synthesized. If no ' +
    'plan fits, the exit code is 5 and the message says how far each limit would have to go.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --lanes 16 --inputs 8',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --plan build/other/plan.json --token-block 8',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --weights stream --also other.safetensors',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --weights external --weight-bus 128 --token-block all',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --fit ecp5-25f --fps 1000 --max-lut 80',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --fit xczu9eg --weights external',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --fit xc7a35t --lane any',
  ];
  static override args = {
    model: Args.string({ required: true, description: 'Quantized model, .safetensors.' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', required: true, helpValue: 'DIR', summary: 'Folder to write.' }),
    ...PLAN_FLAGS,
    lane: Flags.option({
      options: [...LANE_KINDS, ANY] as const,
      summary: 'Dense lanes of adder trees (tree, the default), of tables in LUT RAM (table), or with --fit any.',
    })(),
    plan: Flags.string({
      helpValue: 'FILE',
      summary: 'plan.json with the choices; the flags above, and their environment, go before it.',
    }),
    also: Flags.string({
      multiple: true,
      helpValue: 'MODEL',
      summary: 'With --weights stream: a model that the design must be wide enough for, too.',
    }),
    fit: Flags.string({
      helpValue: 'DEVICE',
      summary: 'Search the plan for this device; options that are given above stay as they are.',
    }),
    fps: Flags.custom<number>({
      helpValue: 'N',
      dependsOn: ['fit'],
      parse: async (text) => parseNumber(text, 'frames/s'),
      summary: 'Frames a second that the plan must reach, images back to back.',
    })(),
    'max-lut': Flags.custom<number>({
      helpValue: 'P',
      dependsOn: ['fit'],
      parse: async (text) => parseNumber(text, 'percent', 100),
      summary: 'Percent of the LUTs (logic cells) that the plan may take; default 100.',
    })(),
    clock: Flags.custom<number>({
      helpValue: 'MHZ',
      dependsOn: ['fit'],
      parse: async (text) => parseNumber(text, 'MHz'),
      summary: 'Clock behind frames/s; default: what estimate counts with, too (docs/clock-model.md).',
    })(),
    minimize: Flags.option({
      options: ['latency', 'lut', 'energy'] as const,
      dependsOn: ['fit'],
      summary:
        'What the plan is best in; default: lut with --fps, else latency. energy: bits that memories move, a model.',
    })(),
    images: Flags.string({
      helpValue: 'PATH',
      dependsOn: ['fit'],
      summary: 'Images whose firing rates give the cycles of event-driven plans, which then are searched, too.',
    }),
    limit: Flags.integer({ helpValue: 'N', min: 1, dependsOn: ['images'], summary: 'Only the first N images.' }),
    top: Flags.string({ helpValue: 'NAME', default: DEFAULT_TOP, summary: 'Name of the top module.' }),
  };

  override async run(): Promise<GenerateReport> {
    const { args, flags, raw } = await this.parse(RtlGenerate);
    const file = flags.plan === undefined ? null : { path: flags.plan, choice: readPlanFile(flags.plan) };
    const sources = { typed: typedFlags({ raw }), file };
    try {
      return await this.#generate(args.model, flags, raw, sources);
    } catch (error) {
      throw nameSources(error, sources);
    }
  }

  async #generate(
    model: string,
    flags: GenerateFlags,
    raw: ParsedFlags['raw'],
    sources: PlanSources,
  ): Promise<GenerateReport> {
    const network = loadQuantized(model);
    const also = (flags.also ?? []).map((path) => loadQuantized(path));
    const widths = also.length === 0 ? {} : { widths: commonWidths([network, ...also]) };
    const { segments, lane, ...others } = flags;
    if (flags.fit === undefined && segments === ANY) throw anyWithoutFit('--segments');
    if (flags.fit === undefined && lane === ANY) throw anyWithoutFit('--lane');
    const wide = { segments: segments === ANY, lanes: lane === ANY, images: flags.images !== undefined };
    const given = {
      ...others,
      segments: segments === ANY ? undefined : segments,
      lane: lane === ANY ? undefined : lane,
    };
    const base = withoutSearched(sources.file?.choice ?? {}, wide);
    const choice = { ...choosePlan({ flags: given, raw }, base), ...widths };
    if (also.length > 0 && choice.weights !== 'stream') throw alsoError();
    const search = flags.fit === undefined ? null : await this.#search(network, choice, flags, wide, sources);
    if (search?.chosen === null) throw noPlanError(search);
    if (search !== null && search.clockDoubt !== null) this.warn(search.clockDoubt);
    const design = generate(network, { ...choice, ...search?.chosen.options, top: flags.top });
    // refuses models of another shape or format
    for (const other of also) planSwap({ network, plan: requireDense(design.plan, 'other models (--also)') }, other);
    writeFolderAtomic(flags.output, design.files, ownFiles(flags.output));
    const report = makeReport(flags.output, design, search);
    this.#print(report);
    if (search !== null)
      for (const line of explainFit(search, estimate(network, design.plan).utilisation)) this.log(line);
    this.log(`\nNext: ${this.config.bin} verify run ${report.output} --images IMAGES`);
    this.log(`      ${this.config.bin} estimate ${report.output}`);
    return report;
  }

  async #search(
    network: QuantizedNetwork,
    fixed: Partial<PlanOptions>,
    flags: SearchFlags,
    wide: Widening,
    sources: PlanSources,
  ): Promise<FitResult> {
    const device = findDevice(flags.fit!, '--fit');
    const space = makeSpace(network.config, fixed, {
      styles: wide.images,
      segments: wide.segments,
      lanes: wide.lanes,
    });
    checkWidening(wide, fixed, space, device, sources);
    const rates = flags.images === undefined ? null : await this.#measureRates(network, flags.images, flags.limit);
    const steps = fitPlan(network, {
      device,
      space,
      ...(rates === null ? {} : { rates }),
      ...(flags.fps === undefined ? {} : { framesPerSecond: flags.fps }),
      ...(flags.clock === undefined ? {} : { megahertz: flags.clock }),
      ...(flags['max-lut'] === undefined ? {} : { logicShare: flags['max-lut'] / 100 }),
      ...(flags.minimize === undefined ? {} : { objective: flags.minimize }),
    });
    let progress = this.progress('', null);
    let goal: string | null = null;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      if (step.value.goal !== goal) {
        progress.end();
        goal = step.value.goal;
        progress = this.progress(`searching ${goal}: sets of plans`, null);
      }
      await progress.step(step.value.bounded);
    }
  }

  async #measureRates(network: QuantizedNetwork, path: string, limit: number | undefined): Promise<FiringRates> {
    const images = loadImages(path, network.config);
    const count = Math.min(images.count, limit ?? images.count);
    const measured = startRates(network);
    const progress = this.progress('measuring firing rates', count);
    for (let i = 0; i < count; i++) {
      measured.run(imageAt(images, i));
      await progress.step(i + 1);
    }
    progress.end();
    return measured.rates();
  }

  #print(report: GenerateReport): void {
    const { output, plan, passes, cyclesPerImage, segments, memories, memoryBits, top, files } = report;
    const rows = memories.map(({ name, kind, width, depth, bits }) => [name, kind, depth, width, formatCount(bits)]);
    this.log(renderTable(['memory', 'holds', 'words', 'width', 'bits'], rows));
    this.log(`\nWrote ${files} files to ${output}, top ${top}`);
    const most = plan.style === 'event' ? 'at most ' : '';
    this.log(`plan    ${describePlan(plan)}`);
    this.log(`cycles  ${most}${formatCount(cyclesPerImage)} per image in ${passes} passes`);
    for (const { firstLayer, cyclesPerImage: cycles } of segments) {
      this.log(`        ${formatCount(cycles)} in the segment from ${firstLayer} on`);
    }
    this.log(`memory  ${formatCount(memoryBits)} bits`);
    if (report.externalWeights === null) return;
    const { bytesPerImage, readsPerTile, peakBytesPerCycle, stallCycles, busBits, memory } = report.externalWeights;
    const reads = `each weight read ${readsPerTile.toFixed(2)} times, ${peakBytesPerCycle.toFixed(2)} bytes a cycle at most`;
    this.log(`outside ${formatCount(bytesPerImage)} bytes of weights per image (${EXTERNAL_WEIGHTS_FILE}), ${reads}`);
    const pace = `a memory of ${memory.latency} cycles latency and ${memory.bytesPerCycle ?? busBits / 8} bytes a cycle`;
    this.log(`        an image waits ${formatCounted(stallCycles, 'cycle')} for them at ${pace}`);
  }
}
