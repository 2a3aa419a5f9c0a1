import { type ImageOutcome, openBackend, type RunImagesOptions, runImages, runNetwork } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomImage, randomQuantized, smallConfig } from '../../support/random-network.js';

const network = randomQuantized(smallConfig({ dim: 6 }), 1);
const images = Array.from({ length: 20 }, (_, seed) => randomImage(network.config, seed));

async function collect(pixels: Iterable<Uint8Array>, options: Partial<RunImagesOptions>): Promise<ImageOutcome[]> {
  const outcomes: ImageOutcome[] = [];
  for await (const outcome of runImages(pixels, { network, backend: 'wasm', workers: 1, ...options })) {
    outcomes.push(outcome);
  }
  return outcomes;
}

test('one thread or three, either back-end: the same outcomes in the order of the images', async () => {
  const expected = images.map((image) => [...runNetwork(network, image).logits]);
  const here = await collect(images, {});
  assert.equal(
    here.map(({ logits }) => [...logits]),
    expected,
  );
  assert.equal(await collect(images, { workers: 3 }), here);
  assert.equal(await collect(images, { backend: 'spec' }), here);
  assert.equal(await collect(images, { backend: 'spec', workers: 2 }), here);
});

test('images are taken only as they are needed', async () => {
  let taken = 0;
  function* endless(): Generator<Uint8Array> {
    for (;;) yield images[taken++ % images.length]!;
  }
  let seen = 0;
  for await (const outcome of runImages(endless(), { network, backend: 'wasm', workers: 2 })) {
    assert.is(outcome.classIndex, openBackend(network).run(images[seen % images.length]!).classIndex);
    seen += 1;
    assert.ok(taken - seen <= 2 * 4, `${taken} taken, ${seen} seen`);
    if (seen === 30) break;
  }
});

test('a signal ends the run', async () => {
  for (const workers of [1, 2]) {
    const abort = new AbortController();
    let seen = 0;
    const run = async (): Promise<void> => {
      for await (const _ of runImages(images, { network, backend: 'wasm', workers, signal: abort.signal })) {
        seen += 1;
        if (seen === 3) abort.abort(new Error('enough'));
      }
    };
    const error = await run().then(
      () => null,
      (cause: Error) => cause,
    );
    assert.is(error?.message, 'enough');
    assert.is(seen, 3);
  }
});

test('an image of the wrong size is the error of its turn', async () => {
  for (const workers of [1, 2]) {
    let seen = 0;
    const run = async (): Promise<void> => {
      for await (const _ of runImages([...images.slice(0, 2), new Uint8Array(1)], {
        network,
        backend: 'wasm',
        workers,
      })) {
        seen += 1;
      }
    };
    const error = await run().then(
      () => null,
      (cause: Error) => cause,
    );
    assert.match(error?.message ?? '', /wrong size/);
    assert.is(seen, 2);
  }
});

test.run();
