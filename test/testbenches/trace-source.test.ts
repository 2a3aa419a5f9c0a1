/** A trace says the same as the golden model, and nothing about other networks or images. */
import { join } from 'node:path';
import { openBackend, startTrace } from '@spikemill/golden-model';
import { openTraceSource } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeVectors } from '../../testbenches/src/vectors.js';
import { makeDesign } from '../support/designs.js';
import { loadPixels, loadQuant } from '../support/references.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const PATH = join(makeTemporaryFolder(), 'run.trace');
const network = loadQuant('digits-tiny', 'w4-ptq');
const images = loadPixels('digits-tiny', network.config, 'test').slice(0, 4);
const { plan } = makeDesign(network, { lanes: 8, inputs: 4, neurons: 4, tokenBlock: 16 });

const trace = startTrace(PATH, network, 3);
for (const image of images.slice(0, 3)) trace.add(openBackend(network).run, image);
trace.finish();

test('vectors of a trace are those of the golden model, in any order', () => {
  const source = openTraceSource(PATH, network);
  assert.is(source.images.count, 3);
  assert.equal(source.images.pixels.slice(0, images[0]!.length), Uint8Array.from(images[0]!));
  const own = makeVectors(plan, network, { currents: false });
  const traced = makeVectors(plan, network, { currents: false, source });
  for (const image of [images[2]!, images[0]!, images[1]!]) assert.equal(traced.expect(image), own.expect(image));
  assert.throws(() => traced.expect(images[3]!), /does not hold this image/);
  source.close();
});

test('currents are not in a trace: the golden model runs', () => {
  const source = openTraceSource(PATH, network);
  const own = makeVectors(plan, network, { currents: true });
  const traced = makeVectors(plan, network, { currents: true, source });
  assert.equal(traced.expect(images[0]!), own.expect(images[0]!));
  source.close();
});

test('a trace of another network is refused', () => {
  assert.throws(() => openTraceSource(PATH, loadQuant('digits-tiny', 'w8-ptq')), /another network/);
});

test.run();
