/** What every command shares: --json, the configuration file, progress. */
import { Command } from '@oclif/core';
import { applyConfigFile } from './config-file.js';
import { formatJson } from './json.js';
import { Progress } from './progress.js';

export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  override async init(): Promise<void> {
    await super.init();
    applyConfigFile();
  }

  /** Errors are told in one place for all commands, see main.ts. */
  override async catch(error: Error): Promise<never> {
    throw error;
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${formatJson(json)}\n`);
  }

  /** A progress line on stderr that shows only if the work takes over a second; see Progress. */
  protected progress(label: string, total: number | null, from = 0): Progress {
    return new Progress(label, total, this.jsonEnabled() ? null : process.stderr, undefined, from);
  }
}
