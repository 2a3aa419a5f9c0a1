/** Bits that change: the counter by itself, and the signals of a design that it is put on. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyNetwork } from '../support/designs.js';
import { catchRejection } from '../support/errors.js';
import { imageSet, randomImages } from '../support/simulation.js';
import { ROOT } from '../support/source-tree.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

/** Prints the counts of an 8-bit signal that goes 1, 3, 3, 252 and of one of 64 bits in two words. */
const PROGRAM = `
#include "smx_toggles.h"
int main() {
    smx::ToggleCounter<uint8_t> narrow;
    for (uint8_t value : {1, 3, 3, 252}) narrow.look(value);
    smx::ToggleCounter<VlWide<3>> wide;
    VlWide<3> word{};
    word[0] = 7;
    wide.look(word);
    word[0] = 4, word[2] = 1;
    wide.look(word);
    std::printf("%d %d", static_cast<int>(narrow.count()), static_cast<int>(wide.count()));
}
`;

test('Hamming distances are summed; the first value only starts', () => {
  const folder = makeTemporaryFolder();
  const source = join(folder, 'toggles.cpp');
  writeFileSync(source, PROGRAM);
  const root = execFileSync('verilator', ['--getenv', 'VERILATOR_ROOT'], { encoding: 'utf8' }).trim();
  const includes = [join(ROOT, 'testbenches/harness'), `${root}/include`, `${root}/include/vltstd`];
  const program = join(folder, 'toggles');
  execFileSync('g++', ['-std=c++17', ...includes.map((path) => `-I${path}`), '-c', source, '-o', `${program}.o`]);
  execFileSync('g++', [`${program}.o`, '-o', program]);
  // 1 to 3: one bit; 3 to 3: none; 3 to 252: all eight. 7 to 4: two bits, and one more word
  assert.is(execFileSync(program, { encoding: 'utf8' }), '9 3');
});

test('a run counts within what its signals have, the same for the same seed, and more for pixels than for none', async () => {
  const network = tinyNetwork(true, 1);
  const { folder, plan } = makeDesign(network, { lanes: 4, inputs: 2, neurons: 2 });
  const build = openBuild(folder);
  const { grid, formats } = plan;
  const images = randomImages(network, 2);
  const result = await verify(build, images, { toggles: true });
  const again = await verify(build, images, { toggles: true });
  assert.ok(result.passed);
  const toggles = result.toggles!;
  assert.equal(again.toggles, toggles);
  const { lanes, inputs, neurons, timesteps } = grid;
  const bits = {
    accumulators: lanes * timesteps * formats.accBits,
    planeAccumulators: lanes * formats.planeAccBits,
    weights: lanes * inputs * formats.weightBits,
    planeWeights: lanes * inputs * formats.planeWeightBits,
    spikes: inputs * timesteps,
    currents: 32 * neurons,
  };
  for (const [name, width] of Object.entries(bits)) {
    const count = toggles[name as keyof typeof toggles];
    assert.ok(count > 0 && count < width * result.totalCycles, `${name}: ${count}`);
  }
  // the plane array adds weights where planes of pixels are set: black images leave it at rest but for the head
  const black = imageSet([0, 1].map(() => new Uint8Array(images.imageBytes)));
  const dark = (await verify(build, black, { toggles: true })).toggles!;
  assert.ok(dark.planeAccumulators < toggles.planeAccumulators);
});

test('nothing is counted unless asked for, nor where it cannot be', async () => {
  const network = tinyNetwork(true, 1);
  const build = openBuild(makeDesign(network, { lanes: 4, inputs: 2, neurons: 2 }).folder);
  const images = randomImages(network, 1);
  assert.is((await verify(build, images)).toggles, null);
  const icarus = await catchRejection(verify(build, images, { toggles: true, simulator: 'icarus' }));
  assert.is(icarus.code, 'USAGE');
  assert.match(icarus.describe(), '--simulator icarus');
  const resumed = await catchRejection(verify(build, images, { toggles: true, checkpointPath: 'x' }));
  assert.match(resumed.describe(), '--checkpoint');
});

test.run();
