/** Faults in what reads weights from external memory are caught: protocol, places, tiles that come too early. */
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign, tinyNetwork } from '../support/designs.js';
import { copyBuild, editText } from '../support/faults.js';
import { mismatchText, randomImages } from '../support/simulation.js';

const NETWORK = tinyNetwork(true);
const { folder: FOLDER } = makeDesign(NETWORK, { lanes: 8, inputs: 8, neurons: 2, weightBus: 64, weights: 'external' });
const IMAGES = randomImages(NETWORK, 2);
/** Numbers of smx_memory.h. */
const [WITHDRAWN, SHAPE, REGION] = [1, 2, 5];

async function runFault(file: string, from: string, to: string) {
  const copy = copyBuild(FOLDER);
  editText(copy, file, from, to);
  const memory = { latency: 40, bytesPerCycle: 1, gapPercent: 20 };
  const result = await verify(openBuild(copy), IMAGES, { memory });
  assert.is(result.passed, false);
  return result.firstMismatch!;
}

for (const [title, file, from, to, fault] of [
  ['bursts that do not increment', 'fetch', "arburst_o = 2'd1", "arburst_o = 2'd0", SHAPE],
  ['the first burst again and again', 'fetch', '(accept && last)) addr_q', '(accept && 1)) addr_q', null],
  ['a region that is not begun again', 'fetch', '(accept && last)) addr_q', '(accept && 0)) addr_q', REGION],
  [
    'an address that is withdrawn',
    'fetch',
    'if (accept)                                         valid_q',
    'if (valid_q) valid_q',
    WITHDRAWN,
  ],
  ['tiles that are not waited for', 'ring', 'external_i && !ready_q', "1'b0 && !ready_q", null],
  ['a tile that is used once only', 'ring', '(tile_last_i && !next_i) ? first_q', '0 ? first_q', null],
] as const) {
  test(title, async () => {
    const found = await runFault(`rtl/smx_weight_${file}.v`, from, to);
    if (fault === null) assert.match(found.kind, /spikes|currents/, mismatchText(found));
    else assert.equal([found.kind, found.got], ['memory', fault], mismatchText(found));
  });
}

test.run();
