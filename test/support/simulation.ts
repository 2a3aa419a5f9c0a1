/** Simulations of generated designs, and what holds for each that passes. */
import {
  type ImageSet,
  imageAt,
  type Layer,
  listLayers,
  listLifs,
  loadImages,
  type QuantizedNetwork,
  tokenCount,
} from '@spikemill/golden-model';
import type { GenerateOptions, LaneStyle } from '@spikemill/hdl-gen';
import { type Mismatch, openBuild, type VerifyOptions, type VerifyResult, verify } from '@spikemill/testbenches';
import * as assert from 'uvu/assert';
import { makeDesign } from './designs.js';
import { randomImage } from './random-network.js';
import { type Model, modelPath } from './references.js';

export function imageSet(images: readonly Uint8Array[]): ImageSet {
  return { count: images.length, imageBytes: images[0]!.length, pixels: new Uint8Array(Buffer.concat(images)) };
}

export function randomImages({ config }: QuantizedNetwork, count: number, seed = 1): ImageSet {
  return imageSet(Array.from({ length: count }, (_, i) => randomImage(config, 1000 * seed + i)));
}

/** The first images of a model's test set. */
export function testImages(model: Model, { config }: QuantizedNetwork, count: number): ImageSet {
  const images = loadImages(modelPath(model, 'test-images.bin'), config);
  return imageSet(Array.from({ length: count }, (_, i) => imageAt(images, i)));
}

/** A mismatch in one line, for messages. */
export function mismatchText(mismatch: Mismatch | null): string {
  return JSON.stringify(mismatch);
}

/**
 * Asserts that nothing differs, that everything was compared, and that the cycle counter is the closed form.
 */
export function assertPassed(
  result: VerifyResult,
  { config }: QuantizedNetwork,
  images: number,
  currents: boolean,
  style: LaneStyle = 'dense',
): void {
  assert.ok(result.passed, mismatchText(result.firstMismatch));
  assert.is(result.mismatches, 0);
  assert.is(result.firstMismatch, null);
  assert.is(result.images, images);
  const sum = (shapes: readonly { channels: number; height: number; width: number }[]): number => {
    return shapes.reduce((total, shape) => total + config.timesteps * tokenCount(shape) * shape.channels, 0);
  };
  assert.is(result.comparedSpikes, images * sum(listLifs(config)), 'every spike');
  const layers = listLayers(config).filter(({ kind }) => kind !== 'head');
  // the event-driven style hands on the current of the patch embedding before it fires on it
  const [{ output: first }] = layers as [Layer];
  const sums = style === 'event' ? tokenCount(first) * first.channels : 0;
  const expectedCurrents = currents ? images * (sum(layers.map(({ output }) => output)) + sums) : 0;
  assert.is(result.comparedCurrents, expectedCurrents, 'every current');
  assert.is(result.comparedResults, images * (1 + config.numClasses), 'every logit');
  // in the event-driven style every image was held to cycles of its own
  if (style === 'event') assert.ok(result.cyclesPerImage! <= result.closedFormCycles, 'no image takes longer');
  else assert.is(result.cyclesPerImage, result.closedFormCycles, 'cycles of the hardware and of the plan');
}

export interface Simulated {
  readonly result: VerifyResult;
  readonly folder: string;
}

/** Generates, simulates and asserts that it passes. A reset runs some images twice: then the counts are left alone. */
export async function runDesign(
  network: QuantizedNetwork,
  plan: GenerateOptions,
  images: ImageSet,
  options: VerifyOptions = {},
): Promise<Simulated> {
  const { folder } = makeDesign(network, plan);
  const result = await verify(openBuild(folder), images, options);
  assertPassed(result, network, images.count, options.currents ?? false, plan.style);
  assert.equal(result.warnings, []);
  return { result, folder };
}
