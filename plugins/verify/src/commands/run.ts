import { Args, Flags } from '@oclif/core';
import { isTracePath, loadImages, loadQuantized } from '@spikemill/golden-model';
import { BaseCommand, formatCount, type Progress, renderTable } from '@spikemill/plugin-core';
import {
  MAX_PERCENT,
  MAX_SEED,
  type MeasuredUtilisation,
  type Mismatch,
  openBuild,
  openTraceSource,
  type VerifyOptions,
  type VerifyResult,
  verify,
} from '@spikemill/testbenches';

const MISMATCH_EXIT_CODE = 1;

/** `17 (row 4, column 1)` */
function describeToken({ token, row, column }: Mismatch): string | null {
  return token === null ? null : `${token} (row ${row}, column ${column})`;
}

/** What is known about a mismatch, one row each. */
function describeMismatch(mismatch: Mismatch): string[][] {
  const { layer, lif, image, timestep, channel, expected, got, cycle, replay } = mismatch;
  const known: [name: string, value: string | number | null][] = [
    ['image', image],
    ['layer', layer],
    ['LIF', lif],
    ['timestep', timestep],
    ['token', describeToken(mismatch)],
    ['channel', channel],
    ['expected', expected],
    ['got', got],
    ['cycle', cycle],
    ['replay', replay],
  ];
  return known.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** Shares of all cycles in which an image was under way. */
function useRows({ cycles, array, neurons, either, filled }: MeasuredUtilisation): string[][] {
  return [
    ['cycles of the array', percent(array, cycles)],
    ['lane-cycles, padding not counted', percent(filled, cycles)],
    ['cycles of the neuron unit', percent(neurons, cycles)],
    ['cycles of array or neuron unit', percent(either, cycles)],
  ];
}

function layerTable({ layers }: MeasuredUtilisation): string {
  const rows = layers.map(({ name, cycles, array, neurons, either, filled }) => [
    name,
    formatCount(cycles),
    ...[array, filled, neurons, either].map((part) => percent(part, cycles)),
  ]);
  return renderTable(['layer', 'cycles, all images', 'array', 'lanes', 'neurons', 'either'], rows);
}

/** What was read from external memory, if anything was. */
function weightRows({ weightBytes, weightStallCycles, mostWeightStalls, weightStallBound }: VerifyResult): string[][] {
  if (weightBytes === 0) return [];
  const bound = weightStallBound === null ? [] : [['the most that is predicted', formatCount(weightStallBound)]];
  return [
    ['bytes of weights read', formatCount(weightBytes)],
    ['cycles waited for weights', formatCount(weightStallCycles)],
    ['most of an image', formatCount(mostWeightStalls)],
    ...bound,
  ];
}

/** Flags of external memory, if any are given. */
interface MemoryFlags {
  readonly 'memory-latency'?: number | undefined;
  readonly 'memory-bandwidth'?: number | undefined;
  readonly 'memory-gaps'?: number | undefined;
}

function memoryOptions(flags: MemoryFlags): Pick<VerifyOptions, 'memory'> {
  const { 'memory-latency': latency, 'memory-bandwidth': bytesPerCycle, 'memory-gaps': gapPercent } = flags;
  const given = Object.entries({ latency, bytesPerCycle, gapPercent }).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { memory: Object.fromEntries(given) };
}

export class VerifyRun extends BaseCommand {
  static override summary = 'Simulate a build and compare every spike and every result with the golden model.';
  static override description =
    'Verilator runs the generated Verilog on the images, with random unknown values, idles and back-pressure; every ' +
    'spike of every layer at every timestep and all logits are compared at tolerance zero.\nThe first mismatch names ' +
    'layer, timestep, token, channel, cycle and the command that shows it again. Files that are not as they were ' +
    'generated are named in a warning and run all the same.\nA trace that model trace wrote gives the images and the ' +
    'spikes that must come; the golden model then runs only for --currents.\n' +
    'With --checkpoint the state of the simulation is kept in a file until the run ends: the same command goes on from ' +
    'there after Ctrl-C. With --stage the layer program begins at that stage, with the spike maps before it in memory, ' +
    'and ends behind it.\nExit code 1 if anything differs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin',
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin --limit 20 --idle 30 --stall 30 --seed 7',
    '<%= config.bin %> <%= command.id %> build/net --images run.trace',
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin --first 12 --limit 1 --currents --json',
    '<%= config.bin %> <%= command.id %> build/large --images one.trace --checkpoint build/large.checkpoint',
    '<%= config.bin %> <%= command.id %> build/large --images one.trace --stage 2',
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin --network a.safetensors --network b.safetensors',
  ];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that rtl generate wrote.' }),
  };
  static override flags = {
    images: Flags.string({
      required: true,
      helpValue: 'PATH',
      summary: 'Raw uint8 file, PNG file or folder, or a trace.',
    }),
    limit: Flags.integer({ helpValue: 'N', min: 1, env: 'SPIKEMILL_LIMIT', summary: 'At most N images.' }),
    first: Flags.integer({ helpValue: 'I', min: 0, default: 0, summary: 'Number of the first image.' }),
    seed: Flags.integer({
      helpValue: 'S',
      min: 0,
      max: MAX_SEED,
      default: 1,
      env: 'SPIKEMILL_SEED',
      summary: 'Of idles, back-pressure and unknown values.',
    }),
    idle: Flags.integer({
      helpValue: '%',
      min: 0,
      max: MAX_PERCENT,
      default: 20,
      summary: 'How often a pixel is held back.',
    }),
    stall: Flags.integer({
      helpValue: '%',
      min: 0,
      max: MAX_PERCENT,
      default: 20,
      summary: 'How often a result is not taken.',
    }),
    'memory-latency': Flags.integer({
      helpValue: 'CYCLES',
      min: 1,
      summary: 'Of external weights: cycles from a burst to its first beat; default 1.',
    }),
    'memory-bandwidth': Flags.integer({
      helpValue: 'BYTES',
      min: 1,
      summary: 'Of external weights: bytes a cycle; default: a beat in every cycle.',
    }),
    'memory-gaps': Flags.integer({
      helpValue: '%',
      min: 0,
      max: MAX_PERCENT,
      summary: 'Of external weights: how often the memory takes or gives nothing; default 0.',
    }),
    network: Flags.string({
      multiple: true,
      helpValue: 'MODEL',
      summary: 'Stream this model into a build with --weights stream; several take turns, image by image.',
    }),
    currents: Flags.boolean({ summary: 'Compare the inputs of all neurons, too.' }),
    toggles: Flags.boolean({ summary: 'Count the bits that change, for estimate --activity; compiles anew.' }),
    utilisation: Flags.boolean({ summary: 'Count the cycles in which array and neuron unit work; compiles anew.' }),
    stage: Flags.integer({ helpValue: 'N', min: 0, summary: 'Only this stage, on one image.' }),
    checkpoint: Flags.string({ helpValue: 'FILE', summary: 'Keep the state here, and go on from it if it is there.' }),
    'checkpoint-seconds': Flags.integer({
      helpValue: 'SECONDS',
      min: 0,
      default: 15,
      summary: 'From one state to the next.',
    }),
    simulator: Flags.option({
      options: ['verilator', 'icarus'] as const,
      default: 'verilator' as const,
      summary: 'Icarus Verilog is a second opinion on small designs.',
    })(),
    'time-limit': Flags.integer({ helpValue: 'SECONDS', min: 1, summary: 'Give up after that; exit code 124.' }),
  };

  override async run(): Promise<VerifyResult> {
    const { args, flags } = await this.parse(VerifyRun);
    const build = openBuild(args.build);
    const source = isTracePath(flags.images) ? openTraceSource(flags.images, build.network) : undefined;
    const images = source?.images ?? loadImages(flags.images, build.network.config);
    for (const warning of build.warnings) this.warn(warning);
    const all = flags.stage === undefined ? images.count : 1;
    const count = Math.min(flags.limit ?? all, images.count - flags.first);
    let progress: Progress | undefined;
    const update = (done: number): void => {
      // starts with the first news: compiling, and what another process has done, would spoil the time that is left
      progress ??= this.progress('comparing', count, done);
      progress.update(done);
    };
    const result = await verify(build, images, {
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      ...(source === undefined ? {} : { source }),
      ...(flags.stage === undefined ? {} : { stage: flags.stage }),
      ...(flags.checkpoint === undefined ? {} : { checkpointPath: flags.checkpoint }),
      checkpointSeconds: flags['checkpoint-seconds'],
      ...memoryOptions(flags),
      first: flags.first,
      seed: flags.seed,
      idlePercent: flags.idle,
      stallPercent: flags.stall,
      currents: flags.currents,
      toggles: flags.toggles,
      utilisation: flags.utilisation,
      simulator: flags.simulator,
      imagesPath: flags.images,
      ...(flags.network === undefined
        ? {}
        : { networks: flags.network.map((path) => loadQuantized(path)), networkPaths: flags.network }),
      timeLimitSeconds: flags['time-limit'],
      onCompile: () => {
        if (!this.jsonEnabled())
          this.logToStderr(`compiling the simulation with ${flags.simulator}; the next run is faster`);
      },
      onImage: update,
      onProgress: update,
    });
    progress?.end();
    source?.close();
    for (const warning of result.warnings) if (!build.warnings.includes(warning)) this.warn(warning);
    if (!result.passed) process.exitCode = MISMATCH_EXIT_CODE;
    this.#print(result, build.plan.style === 'event');
    return result;
  }

  /** @param isEvent every image has cycles of its own, which are compared one by one. */
  #print(result: VerifyResult, isEvent: boolean): void {
    const { simulator, images, seed, stage, cyclesPerImage, closedFormCycles, firstMismatch } = result;
    const { cpuSeconds, peakBytes, resumedAtCycle } = result;
    const rows = [
      ['images', formatCount(images)],
      ['spikes compared', formatCount(result.comparedSpikes)],
      ['currents compared', formatCount(result.comparedCurrents)],
      ['classes and logits compared', formatCount(result.comparedResults)],
      ['mismatches', formatCount(result.mismatches)],
      [
        isEvent ? 'cycles, most of an image' : 'cycles per image',
        cyclesPerImage === null ? '-' : formatCount(cyclesPerImage),
      ],
      [isEvent ? 'cycles if everything spiked' : 'closed form', formatCount(closedFormCycles)],
      [
        'cycles from the image before to the last',
        result.intervalCycles === 0 ? '-' : formatCount(result.intervalCycles),
      ],
      ['cycles waited for the result stream', formatCount(result.stallCycles)],
      ...weightRows(result),
      ...(resumedAtCycle === 0 ? [] : [['went on from cycle', formatCount(resumedAtCycle)]]),
      ...(cpuSeconds === null ? [] : [['CPU seconds of the simulator', cpuSeconds.toFixed(1)]]),
      ...(peakBytes === null ? [] : [['most memory of the simulator, MB', formatCount(Math.ceil(peakBytes / 1e6))]]),
    ];
    const part = stage === null ? '' : `, stage ${stage}`;
    if (result.toggles !== null) {
      for (const [name, count] of Object.entries(result.toggles))
        rows.push([`bits changed, ${name}`, formatCount(count)]);
    }
    if (result.utilisation !== null) rows.push(...useRows(result.utilisation));
    this.log(renderTable([`${simulator.name} ${simulator.version}, seed ${seed}${part}`, ''], rows));
    if (result.utilisation !== null) this.log(`\n${layerTable(result.utilisation)}`);
    if (firstMismatch === null) {
      this.log(`\nPASSED: the Verilog${part && ' of the stage'} does what the golden model does`);
      return;
    }
    this.log(`\nFAILED: ${firstMismatch.message}`);
    for (const [name, value] of describeMismatch(firstMismatch)) this.log(`  ${name!.padEnd(9)} ${value}`);
  }
}
