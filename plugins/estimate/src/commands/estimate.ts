import { Args, Flags } from '@oclif/core';
import { findDevice, listDevices } from '@spikemill/constraints';
import {
  imageAt,
  loadImages,
  type QuantizedNetwork,
  type RunStatistics,
  SpikemillError,
  startStatistics,
} from '@spikemill/golden-model';
import {
  type Activity,
  checkActivity,
  checkMemoryChoice,
  DEFAULT_TECHNOLOGY,
  type DesignPlan,
  type EventRun,
  estimate,
  estimateDevices,
  findTechnology,
  hardwareEnergy,
  isPriced,
  listTechnologies,
  meanWork,
  type PassWork,
  type PlanOptions,
  planDesign,
  planDigest,
  readActivity,
  readPlanFile,
  requireDense,
  TYPICAL_MEMORY,
} from '@spikemill/hdl-gen';
import {
  BaseCommand,
  choosePlan,
  describePlan,
  nameSources,
  type ParsedFlags,
  PLAN_FLAGS,
  parseNumber,
  typedFlags,
} from '@spikemill/plugin-core';
import { makeVectors } from '@spikemill/testbenches';
import { type EstimateReport, makeReport } from '../report.js';
import { readSource } from '../source.js';
import {
  describeBasis,
  describeUse,
  renderDevices,
  renderEnergy,
  renderLayers,
  renderMemories,
  renderResources,
  renderRoofline,
  renderSummary,
} from '../tables.js';

const DOES_NOT_FIT_EXIT_CODE = 5;

/** A default out of the environment is no word about images. */
function limitError(): SpikemillError {
  return new SpikemillError('USAGE', '--limit has no effect without --images', {
    where: '--limit',
    expected: '--images beside it',
    suggestions: ['add --images, or leave out --limit'],
  });
}

export class Estimate extends BaseCommand {
  static override summary = 'Estimate cycles, cells, memories, frames/s and energy of an accelerator.';
  static override description =
    'Cycles are exact: they equal the counter of the generated design; in the event-driven style they depend on what ' +
    'spikes, so that without --images they are the most that an image can take. Cells follow from formulas that were fitted to ' +
    'synthesis, see docs/cost-model.md; nothing is synthesized here.\nWithout --device all known devices are compared. A ' +
    'design that does not fit is still estimated: exit code 5 only with --require-fit.\nA build is planned again with ' +
    'the plan in its manifest; the flags of the plan go before it.\nEffective operations and energy depend on what ' +
    'spikes: they need --images.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net',
    '<%= config.bin %> <%= command.id %> build/net --device ecp5-25f --images test-images.bin --limit 20',
    '<%= config.bin %> <%= command.id %> build/net --activity activity.json --technology fpga-scaled',
    '<%= config.bin %> <%= command.id %> q.safetensors --device xc7a35t --clock 125 --lanes 24 --inputs 8',
  ];
  static override args = {
    source: Args.string({ required: true, description: 'Build folder, or quantized model.' }),
  };
  static override flags = {
    device: Flags.string({
      helpValue: 'DEVICE',
      env: 'SPIKEMILL_DEVICE',
      summary: 'Device to fit; default: compare all.',
    }),
    clock: Flags.custom<number>({
      helpValue: 'MHZ',
      env: 'SPIKEMILL_CLOCK',
      summary: 'Clock; default: an estimate for the device.',
      parse: async (text) => parseNumber(text, 'MHz'),
    })(),
    ...PLAN_FLAGS,
    plan: Flags.string({ helpValue: 'FILE', summary: 'plan.json with the choices; the flags above go before it.' }),
    images: Flags.string({ helpValue: 'PATH', summary: 'Raw uint8 file, PNG file or PNG folder: what spikes.' }),
    limit: Flags.integer({ helpValue: 'N', min: 1, env: 'SPIKEMILL_LIMIT', summary: 'Only the first N images.' }),
    activity: Flags.string({
      helpValue: 'FILE',
      summary: 'What verify run --toggles --json printed for this plan: adders in the energy model.',
    }),
    technology: Flags.string({
      helpValue: 'NAME|FILE',
      default: DEFAULT_TECHNOLOGY,
      summary: `Prices of the energy model: ${listTechnologies().join(', ')}, or a .json file.`,
    }),
    'memory-latency': Flags.integer({
      helpValue: 'CYCLES',
      min: 1,
      default: TYPICAL_MEMORY.latency,
      summary: 'Of external weights: cycles from a burst to its first beat.',
    }),
    'memory-bandwidth': Flags.integer({
      helpValue: 'BYTES',
      min: 1,
      summary: 'Of external weights: bytes a cycle; default: a beat in every cycle.',
    }),
    'require-fit': Flags.boolean({ dependsOn: ['device'], summary: 'Exit with code 5 if the design does not fit.' }),
  };

  override async run(): Promise<EstimateReport> {
    const { args, flags, raw } = await this.parse(Estimate);
    const typed = typedFlags({ raw });
    const isNamed = flags.device !== undefined;
    const { network, choice } = readSource(args.source);
    const file = flags.plan === undefined ? null : readPlanFile(flags.plan);
    // a plan that is written down goes before defaults from the environment and the configuration file
    const isPlanned = choice !== null || file !== null;
    const planFlags = Object.fromEntries(Object.entries(flags).filter(([name]) => !isPlanned || typed.has(name)));
    const planned = this.#plan(network, { flags: planFlags, raw }, choice, file, flags.plan);
    checkMemoryChoice(planned.options, {
      ...(typed.has('memory-latency') ? { latency: flags['memory-latency'] } : {}),
      bytesPerCycle: flags['memory-bandwidth'],
    });
    if (typed.has('limit') && flags.images === undefined) throw limitError();
    // with a name the device must do; without one those that cannot take the design are no choice
    const devices = isNamed
      ? [findDevice(flags.device!)]
      : listDevices().filter(({ family }) => isPriced(network, planned, family));
    const pace = { latency: flags['memory-latency'], bytesPerCycle: flags['memory-bandwidth'] ?? null };
    const technology = findTechnology(flags.technology);
    const activity = flags.activity === undefined ? null : this.#readActivity(flags.activity, network, planned);
    const { statistics, run } =
      flags.images === undefined
        ? { statistics: null, run: null }
        : await this.#runImages(network, planned, flags.images, flags.limit);
    const report = makeReport({
      source: args.source,
      plan: planned.options,
      estimate: estimate(network, planned, statistics, run, pace),
      devices,
      estimates: estimateDevices(network, planned, devices, flags.clock, run, pace),
      isNamed,
      clock: flags.clock,
      images: statistics?.images ?? null,
      hardwareEnergy: hardwareEnergy(network, planned, technology, activity, run),
    });
    if (flags['require-fit'] && report.fit?.fits === false) process.exitCode = DOES_NOT_FIT_EXIT_CODE;
    for (const warning of report.warnings) this.warn(warning);
    this.#print(report);
    return report;
  }

  #plan(
    network: QuantizedNetwork,
    parsed: ParsedFlags,
    build: PlanOptions | null,
    choice: Partial<PlanOptions> | null,
    path = '',
  ): DesignPlan {
    try {
      return planDesign(network, choosePlan(parsed, { ...build, ...choice }));
    } catch (error) {
      throw nameSources(error, { typed: typedFlags(parsed), file: choice === null ? null : { path, choice }, build });
    }
  }

  #readActivity(path: string, network: QuantizedNetwork, planned: DesignPlan): Activity {
    requireDense(planned, 'the price of adders');
    const activity = readActivity(path);
    checkActivity(activity, planDigest(network, planned.options), path);
    return activity;
  }

  /** What spikes and, in the event-driven style, what every pass does. */
  async #runImages(
    network: QuantizedNetwork,
    planned: DesignPlan,
    path: string,
    limit: number | undefined,
  ): Promise<{ statistics: RunStatistics; run: EventRun | null }> {
    const images = loadImages(path, network.config);
    const count = Math.min(images.count, limit ?? images.count);
    const statistics = startStatistics(network);
    const vectors = planned.style === 'event' ? makeVectors(planned, network, { currents: false }) : null;
    const works: (readonly PassWork[])[] = [];
    const progress = this.progress('running', count);
    for (let i = 0; i < count; i++) {
      const image = imageAt(images, i);
      statistics.run(image);
      if (vectors !== null) works.push(vectors.expect(image).work!);
      await progress.step(i + 1);
    }
    progress.end();
    return { statistics: statistics.summary(), run: works.length === 0 ? null : meanWork(works) };
  }

  #print(report: EstimateReport): void {
    const { plan: options, resources, fit, device, devices } = report;
    this.log(`${describePlan(options)}\n`);
    this.log(renderLayers(report));
    this.log(`\n${renderRoofline(report)}\nCycles that each part would need alone.`);
    this.log(`\n${renderMemories(report)}`);
    if (resources !== null) this.log(`\n${renderResources(resources)}\n${describeBasis(resources)}`);
    const { technology, adders } = report.hardwareEnergy;
    const missing = adders === null ? ', memories alone' : '';
    this.log(`\n${renderEnergy(report)}\nEnergy is a model (${technology.name}${missing}), not a measurement.`);
    if (devices !== null) this.log(`\n${renderDevices(devices)}\nCells are analytic; clocks are estimates.`);
    this.log(`\n${renderSummary(report)}`);
    if (fit !== null && device !== null) {
      this.log(`\n${fit.fits ? 'fits' : 'does not fit'} ${device.title}: ${fit.uses.map(describeUse).join(', ')}`);
      if (!fit.fits) this.log(`${fit.binding.resource} binds: ${this.#advice(fit.binding.resource, options.style)}`);
    }
  }

  #advice(resource: string, style: PlanOptions['style']): string {
    const isEvent = style === 'event';
    if (resource === 'block RAM') {
      return `try a smaller --token-block, other --lanes${isEvent ? '' : ' and --inputs'}, or a larger device`;
    }
    return `try fewer --lanes${isEvent ? '' : ', --inputs'} or --neurons, or a larger device`;
  }
}
