import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '@spikemill/plugin-core';
import { type LintResult, lintBuild, openBuild } from '@spikemill/testbenches';

const FINDINGS_EXIT_CODE = 1;

export class VerifyLint extends BaseCommand {
  static override summary = 'Lint the Verilog of a build with all warnings of Verilator.';
  static override description = 'Nothing is waived. Exit code 1 if Verilator has anything to say.';
  static override examples = ['<%= config.bin %> <%= command.id %> build/net'];
  static override args = {
    build: Args.string({ required: true, description: 'Folder that rtl generate wrote.' }),
  };
  static override flags = {
    'time-limit': Flags.integer({ helpValue: 'SECONDS', min: 1, summary: 'Give up after that; exit code 124.' }),
  };

  override async run(): Promise<LintResult> {
    const { args, flags } = await this.parse(VerifyLint);
    const build = openBuild(args.build);
    for (const warning of build.warnings) this.warn(warning);
    const result = await lintBuild(build, { timeLimitSeconds: flags['time-limit'] });
    if (!result.passed) process.exitCode = FINDINGS_EXIT_CODE;
    for (const finding of result.findings) this.log(finding);
    this.log(`${result.passed ? 'PASSED' : 'FAILED'}: verilator ${result.version}, all warnings`);
    return result;
  }
}
