import { checkNetworkConfig, type NetworkConfig } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import { assertError } from '../support/errors.js';
import { anyConfig, smallConfig } from '../support/random-network.js';

test('every network of the family is possible', () => {
  fc.assert(fc.property(anyConfig, (config) => checkNetworkConfig(config, 'x')));
});

const IMPOSSIBLE: [property: string, expected: string, changes: Partial<NetworkConfig>][] = [
  ['T', '1 to 16 timesteps', { timesteps: 0 }],
  ['T', '1 to 16 timesteps', { timesteps: 17 }],
  ['T', '1 to 16 timesteps', { timesteps: 1.5 }],
  ['in_channels', 'a positive integer', { inChannels: 0 }],
  ['dim', 'a positive integer', { dim: Number.NaN }],
  ['dim', 'a multiple of 3', { dim: 4 }],
  ['alpha', 'whole hidden widths', { alpha: 0.5 }],
  ['alpha', 'whole hidden widths', { alpha: 0 }],
  ['num_classes', 'a positive integer', { numClasses: -1 }],
  ['patch_size', 'a positive integer', { patchSize: 0 }],
  ['image_size', 'a positive integer', { imageWidth: 0.5 }],
  ['image_size', 'at least one token in every stage', { imageHeight: 1 }],
  ['image_size', 'at least one token in every stage', { spe: false, imageWidth: 2 }],
  ['depths', 'one or more stages', { depths: [] }],
  ['depths', 'one or more stages', { depths: [1, 0] }],
  ['mean', 'one finite number', { mean: [0, Number.POSITIVE_INFINITY] }],
  ['std', 'one positive number', { std: [1, 0] }],
  ['std', 'one positive number', { std: [1] }],
];

for (const [property, expected, changes] of IMPOSSIBLE) {
  test(`${JSON.stringify(changes)} is refused`, () => {
    assertError(
      () => checkNetworkConfig(smallConfig(changes), 'my.json'),
      'INVALID_CONFIG',
      `my.json: ${property}`,
      expected,
    );
  });
}

test('one stage needs no SPE cell, so any dim will do', () => {
  checkNetworkConfig(smallConfig({ dim: 4, depths: [2] }), 'x');
});

test('a quantized network may have its mean and standard deviation in its weights', () => {
  checkNetworkConfig(smallConfig({ mean: [], std: [] }), 'x', ['mean', 'std']);
});

test.run();
