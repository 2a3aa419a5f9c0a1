/** What oclif loads. The name resolves to src or to dist, as the export conditions of package.json say. */
export * from '@spikemill/plugin-synth';
