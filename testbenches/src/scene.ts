/** What a run needs besides the simulator: vectors, and the folder in which it runs. */
import { digestNetwork, type ImageSet, imageAt } from '@spikemill/golden-model';
import { type DesignPlan, requireDense, sha256 } from '@spikemill/hdl-gen';
import { type Build, digestOf } from './build.js';
import type { RunSettings } from './engine.js';
import { cutPlan, makeStageFolder, stageRange } from './stage.js';
import { makeVectors, type VectorOptions, type Vectors } from './vectors.js';

export interface SceneOptions extends VectorOptions {
  /** undefined: the whole network. */
  readonly stage: number | undefined;
}

export interface Scene {
  readonly vectors: Vectors;
  readonly folder: string;
  /** Removes what was made for the run. */
  readonly remove: () => void;
}

const STAGE = 'a stage alone';

/** The plan of what runs. Its cycles are the closed form; in the event-driven style what it takes at most. */
export function planOf(plan: DesignPlan, stage: number | undefined): DesignPlan {
  if (stage === undefined) return plan;
  const dense = requireDense(plan, STAGE);
  return cutPlan(dense, stageRange(dense, stage));
}

/**
 * @param first number of the image that runs first; of a stage, the only one
 * @throws SpikemillError USAGE if there is no such stage; as the golden model or the trace
 */
export function prepareScene(build: Build, images: ImageSet, first: number, options: SceneOptions): Scene {
  const { network } = build;
  const { stage, source } = options;
  if (stage === undefined) {
    return { vectors: makeVectors(build.plan, network, options), folder: build.folder, remove: () => undefined };
  }
  const plan = requireDense(build.plan, STAGE);
  const range = stageRange(plan, stage);
  const before = makeVectors(cutPlan(plan, { first: 0, end: range.first }), network, { currents: false, source });
  const { spikes } = before.expect(imageAt(images, first));
  const { folder, remove } = makeStageFolder(build, plan, range, before, spikes);
  return { vectors: makeVectors(cutPlan(plan, range), network, options), folder, remove };
}

/**
 * Says which run a checkpoint belongs to: simulator, memory images, network, images and pace. A trace is not part of it:
 * it says what the network says.
 */
export function checkpointKey(
  { manifest, network }: Build,
  engineKey: string,
  { folder, vectors }: Scene,
  { pixels, imageBytes }: ImageSet,
  settings: RunSettings,
): string {
  const { first, limit } = settings;
  const used = pixels.subarray(first * imageBytes, (first + limit) * imageBytes);
  const external = manifest.externalWeights === undefined ? [] : [manifest.externalWeights];
  const memories = [...manifest.memories, ...external].map(({ file }) => digestOf(folder, file));
  const steps = [vectors.spikeTiles.length, vectors.currentTiles.length];
  const parts = [engineKey, digestNetwork(network), sha256(used), settings, steps, memories, manifest.memories];
  return sha256(JSON.stringify(parts));
}
