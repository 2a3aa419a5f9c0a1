import { readFileSync } from 'node:fs';
import {
  foldNetwork,
  type SearchBitsOptions,
  type SearchResult,
  searchBits,
  startStatistics,
} from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadFloat, loadPixels, modelPath } from '../support/references.js';

const network = foldNetwork(loadFloat('digits-tiny'));
const images = loadPixels('digits-tiny', network.config, 'calib');
const labels = readFileSync(modelPath('digits-tiny', 'calib-labels.bin'));

function search(targetDrop: number, changes: Partial<SearchBitsOptions> = {}): SearchResult {
  const steps = searchBits(network, { images, labels, targetDrop, ...changes });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

test('the smallest candidate within the drop is returned, and nothing within the drop was smaller', () => {
  const { floatTop1, floatSoftTop1, trials, best, network: found } = search(0.02);
  assert.ok(best.isWithin && best.top1 >= floatTop1 - 0.02);
  const within = trials.filter(({ isWithin }) => isWithin);
  assert.is(best.weightBits, Math.min(...within.map(({ weightBits }) => weightBits)));
  for (const { isWithin, top1, softTop1 } of trials) {
    assert.is(isWithin, top1 >= floatTop1 - 0.02 - 1e-9 && softTop1 >= floatSoftTop1 - 0.02 - 1e-9);
  }
  assert.ok(best.weightBits < trials[0]!.weightBits / 2, 'from 8 bits to fewer than half');
  const statistics = startStatistics(found);
  images.forEach((image, i) => {
    statistics.run(image, labels[i]!);
  });
  assert.is(statistics.summary().top1, best.top1);
  for (const [kind, bits] of Object.entries(best.bits)) {
    assert.is(found.format.weightBits[kind as keyof typeof found.format.weightBits], bits);
  }
});

test('no further bit can be taken from any kind', () => {
  const { trials, best } = search(0);
  for (const kind of Object.keys(best.bits) as (keyof typeof best.bits)[]) {
    const less = JSON.stringify({ ...best.bits, [kind]: best.bits[kind]! - 1 });
    const tried = trials.filter(({ bits }) => JSON.stringify(bits) === less);
    assert.ok(best.bits[kind] === 2 || (tried.length >= 2 && tried.every(({ isWithin }) => !isWithin)), kind);
  }
});

test('a drop that nothing meets, and no images', () => {
  const wrong = images.map((_, i) => (labels[i]! + 1) % 10);
  assert.throws(() => search(-1, { labels: wrong }), /no number of bits keeps the accuracy/);
  assert.throws(() => search(0, { images: [] }), /needs calibration images/);
});

test.run();
