/** Named in package.json: oclif looks for its help class by file. */
export { SpikemillHelp } from '@spikemill/plugin-core';
