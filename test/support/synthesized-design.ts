/** A small accelerator with memories on both sides of every threshold, synthesized by the Yosys on PATH. */
import { findNode, type SynthesizeOptions, type SynthReport, synthesize } from '@spikemill/synthesis';
import { type Build, openBuild } from '@spikemill/testbenches';
import * as assert from 'uvu/assert';
import { makeDesign, newFolder } from './designs.js';
import { randomQuantized, smallConfig } from './random-network.js';

const NETWORK = {
  spe: false,
  dim: 12,
  alpha: 2,
  numClasses: 3,
  imageHeight: 8,
  imageWidth: 8,
  patchSize: 2,
  depths: [1],
  timesteps: 1,
};

let build: Build | undefined;

/** Weights of 4 kbit, current memory of 8 kbit, everything else small. */
export function synthesisBuild(): Build {
  // netlists of one test process are kept for its other tests
  process.env.SPIKEMILL_CACHE ??= newFolder();
  const network = randomQuantized(smallConfig(NETWORK), 1);
  build ??= openBuild(makeDesign(network, { lanes: 2, inputs: 2, neurons: 1, tokenBlock: null }).folder);
  return build;
}

export async function synthesizeSmall(options: SynthesizeOptions): Promise<SynthReport> {
  const { report, error } = await synthesize(synthesisBuild(), { yosys: 'system', placer: 'system', ...options });
  assert.is(error, null, error?.describe());
  return report;
}

/** Asserts that memories went where they were planned to go, and that there is nothing that nobody knows. */
export function assertAsPlanned({ tree, memories, cells, unknownCells }: SynthReport): void {
  assert.is(cells.dsp, 0);
  assert.equal(unknownCells, {});
  const accelerator = findNode(tree, ['u_accelerator']) ?? tree;
  const blockRamOf = (instance: string): number => findNode(accelerator, [instance])!.total.blockRam;
  const planned = memories!.filter(({ place }) => place === 'block-ram');
  assert.ok(planned.length > 0);
  for (const { instance, blockRam } of planned) assert.is(blockRamOf(instance), blockRam, instance);
  for (const { instance, place, kind } of memories!) {
    if (kind === 'rom' && place === 'logic') assert.is(blockRamOf(instance), 0, instance);
  }
}
