import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestNetwork, openBackend, openTrace, runNetwork, startTrace, unpackBits } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomImage, randomQuantized, smallConfig } from '../../support/random-network.js';
import { makeTemporaryFolder } from '../../support/temporary-folder.js';

const ROOT = makeTemporaryFolder();
const network = randomQuantized(smallConfig({ dim: 6 }), 1);
const images = Array.from({ length: 3 }, (_, seed) => randomImage(network.config, seed));

function write(name: string, backend: 'spec' | 'wasm', membranes: boolean): string {
  const path = join(ROOT, name);
  const { run } = openBackend(network, backend);
  const trace = startTrace(path, network, images.length, { membranes });
  for (const image of images) trace.add(run, image);
  trace.finish();
  return path;
}

test('both back-ends write the same bytes', () => {
  assert.equal(readFileSync(write('a', 'spec', true)), readFileSync(write('b', 'wasm', true)));
  assert.equal(readFileSync(write('c', 'spec', false)), readFileSync(write('d', 'wasm', false)));
});

test('what is read at any place is what the model does', () => {
  const trace = openTrace(write('e', 'wasm', true));
  assert.is(trace.header.networkDigest, digestNetwork(network));
  for (const [i, image] of [...images.entries()].reverse()) {
    const expected = runNetwork(network, image, { spikes: true, membranes: true });
    assert.equal(trace.integers(i, trace.section('logits')), expected.logits);
    assert.equal(trace.read(i, trace.section('pixels')), image);
    for (const [lif, spikes] of expected.spikes) {
      const section = trace.section('spikes', lif);
      assert.equal(unpackBits(trace.read(i, section), section.channels), spikes);
      assert.equal(trace.integers(i, trace.section('membranes', lif)), expected.membranes.get(lif));
      const size = spikes.length / network.config.timesteps;
      for (let t = 0; t < network.config.timesteps; t++) {
        const bits = trace.read(i, section, t);
        assert.equal(unpackBits(bits, section.channels), spikes.slice(t * size, (t + 1) * size));
        const membranes = trace.integers(i, trace.section('membranes', lif), t);
        assert.equal(membranes, expected.membranes.get(lif)!.slice(t * size, (t + 1) * size));
      }
    }
    trace.verify(i);
  }
  trace.close();
});

test('wide membranes are kept whole', () => {
  const wide = randomQuantized(smallConfig(), 2, { membraneBits: 20 });
  const path = join(ROOT, 'wide');
  const writer = startTrace(path, wide, 1, { membranes: true });
  writer.add(openBackend(wide).run, images[0]!);
  writer.finish();
  const trace = openTrace(path);
  assert.is(trace.section('membranes').dtype, 'i32');
  const { membranes } = runNetwork(wide, images[0]!, { membranes: true });
  for (const [lif, values] of membranes) assert.equal(trace.integers(0, trace.section('membranes', lif)), values);
  trace.close();
});

test('every flipped bit is noticed', () => {
  const good = readFileSync(write('f', 'wasm', false));
  const path = join(ROOT, 'flipped');
  for (let i = 0; i < good.length; i += 1 + (i % 97)) {
    const bad = Buffer.from(good);
    bad[i]! ^= 1 << (i % 8);
    writeFileSync(path, bad);
    assert.throws(
      () => {
        const trace = openTrace(path);
        try {
          for (let image = 0; image < images.length; image++) trace.verify(image);
        } finally {
          trace.close();
        }
      },
      undefined,
      `byte ${i}`,
    );
  }
});

test('cut-off files, files too long and other files are refused', () => {
  const good = readFileSync(write('g', 'wasm', false));
  const path = join(ROOT, 'cut');
  for (const length of [0, 7, 15, 16, 40, good.length - 1, good.length - 33]) {
    writeFileSync(path, good.subarray(0, length));
    assert.throws(() => openTrace(path), /trace file|cut off|size|JSON/, `${length} bytes`);
  }
  writeFileSync(path, Buffer.concat([good, Buffer.of(0)]));
  assert.throws(() => openTrace(path), /size/);
  assert.throws(() => openTrace(join(ROOT, 'nowhere')), /cannot be read/);
});

test('what is not there is named', () => {
  const trace = openTrace(write('h', 'wasm', false));
  assert.throws(() => trace.section('membranes'), /no membranes/);
  assert.throws(() => trace.section('spikes', 'nobody'), /no spikes of nobody/);
  assert.throws(() => trace.read(3, trace.section('spikes')), /no image 3/);
  assert.throws(() => trace.read(0, trace.section('spikes'), 9), /no timestep 9/);
  trace.close();
});

test('an aborted or failed trace leaves nothing behind', () => {
  const folder = join(ROOT, 'aborted');
  mkdirSync(folder);
  const trace = startTrace(join(folder, 'x'), network, 2);
  trace.add(openBackend(network).run, images[0]!);
  assert.throws(() => trace.finish(), /finished after 1/);
  const other = startTrace(join(folder, 'y'), network, 1);
  other.abort();
  assert.equal(readdirSync(folder), []);
  assert.throws(() => startTrace(join(ROOT, 'e', 'below-a-file'), network, 1), /writing failed/);
  assert.not.ok(existsSync(join(folder, 'x')));
});

test.run();
