import { type Backend, compareBackends, openBackend } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomImage, randomQuantized, smallConfig } from '../../support/random-network.js';

const network = randomQuantized(smallConfig({ dim: 6 }), 1);
const image = randomImage(network.config, 1);
const spec = openBackend(network, 'spec');

test('equal back-ends have no difference', () => {
  assert.equal(compareBackends(network, spec, openBackend(network, 'wasm'), image), []);
});

test('one wrong current, one wrong packed spike and one wrong logit are found where they are', () => {
  const wrong: Backend = {
    name: 'wasm',
    run: (pixels, options = {}) => {
      const { observe, observeBits } = options;
      const result = spec.run(pixels, {
        ...options,
        ...(observe && {
          observe: (layer, current, fired) => {
            const changed = Int32Array.from(current);
            if (layer.name === 'token_mix.1.fuse') changed[7]! += 1;
            observe(layer, changed, fired);
          },
        }),
        ...(observeBits && {
          observeBits: (lif, bits) => {
            const changed = bits.slice();
            if (lif.name === 'channel_mix_lif.0') changed[3]! ^= 1;
            observeBits(lif, changed);
          },
        }),
      });
      return { ...result, logits: result.logits.map((logit, k) => (k === 2 ? logit - 1 : logit)) };
    },
  };
  const found = compareBackends(network, spec, wrong, image).map(({ layer, what, index, actual, expected }) => {
    return `${layer} ${what} ${index} ${what === 'packed spikes' ? '' : actual - expected}`;
  });
  assert.equal(found, [
    'token_mix.1.fuse current 7 1',
    'channel_mix_lif.0 packed spikes 3 ',
    'mlp_head logits 2 -1',
    'plain run logits 2 -1',
  ]);
});

test.run();
