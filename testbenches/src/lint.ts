/** Verilator's opinion on a build: all its warnings, nothing waived. */
import { acceleratorOf, type Build } from './build.js';
import { runProgram, watchStop } from './processes.js';
import { findSimulator } from './tool.js';
import { TOOL } from './verilator.js';

const LINT_FLAGS = ['--lint-only', '-Wall', '--language', '1364-2005', '-I.'];

export interface LintResult {
  /** Nothing to say. */
  readonly passed: boolean;
  /** What Verilator printed, one line each. */
  readonly findings: readonly string[];
  /** Of Verilator. */
  readonly version: string;
}

export interface LintOptions {
  readonly signal?: AbortSignal;
  readonly timeLimitSeconds?: number | undefined;
}

/**
 * Lints the accelerator of a build.
 * @throws SpikemillError TOOL without Verilator; TIMEOUT. The reason of `signal`.
 */
export async function lintBuild(build: Build, { signal, timeLimitSeconds }: LintOptions = {}): Promise<LintResult> {
  const { signal: stop, release } = watchStop(signal, timeLimitSeconds);
  try {
    const { version } = await findSimulator(TOOL, stop);
    const args = [...LINT_FLAGS, '--top-module', acceleratorOf(build), ...build.manifest.files];
    const { exitCode, stdout, stderr } = await runProgram('verilator', args, build.folder, stop);
    const findings = (stderr + stdout).split('\n').filter((line) => line.trim() !== '');
    return { passed: exitCode === 0 && findings.length === 0, findings, version };
  } finally {
    release();
  }
}
