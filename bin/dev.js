#!/usr/bin/env node
/** The command line from the TypeScript sources: needs no build. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CONDITION = '--conditions=spikemill-source';

if (process.execArgv.includes(CONDITION)) {
  const { main } = await import('@spikemill/plugin-core');
  await main(import.meta.url);
} else {
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    CONDITION,
    fileURLToPath(import.meta.url),
    ...process.argv.slice(2),
  ];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  // The child gets the terminal's signals itself and decides how to end; those sent to this process are passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
