import { Args, Flags } from '@oclif/core';
import { loadImages } from '@spikemill/golden-model';
import { BaseCommand, formatCounted } from '@spikemill/plugin-core';
import { gateLevelBuild } from '@spikemill/synthesis';
import { MAX_SEED, openBuild, type VerifyResult, verify } from '@spikemill/testbenches';
import { Elapsed } from '../elapsed.js';
import { TOOL_CHOICES } from '../tool-choices.js';

const MISMATCH_EXIT_CODE = 1;

export class SynthGate extends BaseCommand {
  static override summary = 'Run the synthesized netlist with the vectors of the Verilog and compare every spike.';
  static override description =
    'Yosys synthesizes the accelerator for iCE40; the netlist, with the simulation models of its cells, runs in the ' +
    'place of the Verilog. Every spike, class and logit is compared with the golden model at tolerance zero.\n' +
    'Exit code 1 if anything differs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin --limit 2',
    '<%= config.bin %> <%= command.id %> build/net --images test-images.bin --limit 1 --simulator icarus --json',
  ];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that rtl generate wrote.' }),
  };
  static override flags = {
    images: Flags.string({ required: true, helpValue: 'PATH', summary: 'Raw uint8 file, PNG file or PNG folder.' }),
    limit: Flags.integer({ helpValue: 'N', min: 1, default: 2, summary: 'At most N images: netlists run slowly.' }),
    seed: Flags.integer({ helpValue: 'S', min: 0, max: MAX_SEED, default: 1, summary: 'Of idles and back-pressure.' }),
    simulator: Flags.option({
      options: ['verilator', 'icarus'] as const,
      default: 'verilator' as const,
      summary: 'Icarus Verilog starts at once, Verilator runs faster.',
    })(),
    yosys: Flags.option({
      options: TOOL_CHOICES,
      default: 'auto' as const,
      summary: 'auto: the one on PATH if it is not older than the one from npm.',
    })(),
  };

  override async run(): Promise<VerifyResult> {
    const { args, flags } = await this.parse(SynthGate);
    const build = openBuild(args.build);
    for (const warning of build.warnings) this.warn(warning);
    const images = loadImages(flags.images, build.network.config);
    const elapsed = new Elapsed(this.jsonEnabled() ? null : process.stderr);
    const compare = async (): Promise<VerifyResult> => {
      const gates = await gateLevelBuild(build, { yosys: flags.yosys, onStart: () => elapsed.stage('synthesis') });
      elapsed.stage('simulating the netlist');
      return verify(gates, images, {
        limit: flags.limit,
        seed: flags.seed,
        idlePercent: 20,
        stallPercent: 20,
        simulator: flags.simulator,
        onCompile: () => elapsed.stage('compiling the simulation'),
        onImage: (done) =>
          elapsed.stage(`simulating the netlist, ${done} of ${formatCounted(flags.limit, 'image')} done`),
      });
    };
    const result = await compare().finally(() => elapsed.end());
    if (!result.passed) process.exitCode = MISMATCH_EXIT_CODE;
    this.#print(result);
    return result;
  }

  #print({ passed, images, comparedSpikes, mismatches, firstMismatch }: VerifyResult): void {
    this.log(
      `${formatCounted(images, 'image')}, ${formatCounted(comparedSpikes, 'spike')} compared, ${formatCounted(mismatches, 'mismatch', 'mismatches')}`,
    );
    this.log(passed ? 'PASSED: the netlist does what the golden model does' : `FAILED: ${firstMismatch?.message}`);
  }
}
