import { BaseCommand } from '../base-command.js';
import { renderTable } from '../table.js';
import { inspectTool, installLine, readTools, type ToolState } from '../tools.js';

const MISSING_TOOL_EXIT_CODE = 4;

interface ToolReport {
  readonly name: string;
  readonly version: string | null;
  readonly minimum: string | null;
  readonly required: boolean;
  readonly usable: boolean;
  readonly purpose: string;
  readonly install: string;
}

interface DoctorReport {
  readonly ok: boolean;
  readonly tools: readonly ToolReport[];
}

function toReport({ tool, version, isUsable }: ToolState): ToolReport {
  const { name, minimum, required, purpose } = tool;
  return { name, version, minimum, required, usable: isUsable, purpose, install: installLine(tool) };
}

function describeState({ version, usable, required }: ToolReport): string {
  if (usable) return 'ok';
  const problem = version === null ? 'missing' : 'too old';
  return required ? `${problem}, required` : problem;
}

export class Doctor extends BaseCommand {
  static override summary = 'Say which tools are there, which are missing, and how to get them.';
  static override description =
    'Lists every program that spikemill calls with its version, the least version that works, what does not work ' +
    'without it, and the line that installs it.\nExit code 4 if a required one is missing or too old, else 0.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json'];

  override async run(): Promise<DoctorReport> {
    await this.parse(Doctor);
    const tools = (await Promise.all(readTools().map(inspectTool))).map(toReport);
    const report = { ok: tools.every(({ usable, required }) => usable || !required), tools };
    if (!report.ok) process.exitCode = MISSING_TOOL_EXIT_CODE;
    this.#print(report);
    return report;
  }

  #print({ ok, tools }: DoctorReport): void {
    const rows = tools.map((tool) => {
      return [tool.name, tool.version ?? '-', tool.minimum ?? 'any', describeState(tool), tool.purpose];
    });
    this.log(renderTable(['tool', 'version', 'needs', 'state', 'for'], rows));
    const lines = tools.filter(({ usable }) => !usable).map(({ name, install }) => `  ${name.padEnd(14)}${install}`);
    if (lines.length > 0) this.log(`\nTo install what is missing (as root):\n${lines.join('\n')}`);
    this.log(ok ? '\nEverything that is required is there.' : '\nA required tool is missing or too old.');
  }
}
