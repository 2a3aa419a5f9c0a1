#!/usr/bin/env node
/** The command line as users run it: from dist, which `npm run build` makes. */
let core;
try {
  core = await import('@spikemill/plugin-core');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('Error: spikemill is not built yet\n  try:      npm run setup');
  process.exit(4);
}
await core.main(import.meta.url);
