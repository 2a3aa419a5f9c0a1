/** The design into whose Verilog faults are put. */
import { openBuild, type VerifyOptions, type VerifyResult, verify } from '@spikemill/testbenches';
import * as assert from 'uvu/assert';
import { makeDesign, tinyConfig } from './designs.js';
import { copyBuild, editText } from './faults.js';
import { randomQuantized } from './random-network.js';
import { scramble } from './scrambled-network.js';
import { randomImages } from './simulation.js';

/** Many classes, so that results hold up the images behind them; thresholds and biases at every corner. */
const CONFIG = tinyConfig(true, { numClasses: 30, depths: [1], imageHeight: 6, imageWidth: 8, timesteps: 3 });
const NETWORK = scramble(randomQuantized(CONFIG, 5), 5);
const { folder: FOLDER } = makeDesign(NETWORK, { lanes: 8, inputs: 4, neurons: 8 });
const IMAGES = randomImages(NETWORK, 6);
const OPTIONS: VerifyOptions = { idlePercent: 5, stallPercent: 95, seed: 3 };

/** Runs a copy of the build that `inject` spoils; asserts that it fails and that `file` is named. */
export async function runFault(file: string, what: string, inject: (folder: string) => void): Promise<VerifyResult> {
  const copy = copyBuild(FOLDER);
  inject(copy);
  const result = await verify(openBuild(copy), IMAGES, OPTIONS);
  assert.is(result.passed, false);
  assert.ok(result.mismatches > 0);
  assert.equal(result.warnings, [`${file}: ${what}`]);
  return result;
}

/** The same for one changed line. */
export async function changeLine(file: string, from: string, to: string): Promise<VerifyResult> {
  return runFault(file, 'changed since it was generated', (folder) => editText(folder, file, from, to));
}

/** Runs the build as it is. */
export function runUnchanged(): Promise<VerifyResult> {
  return verify(openBuild(FOLDER), IMAGES, OPTIONS);
}
