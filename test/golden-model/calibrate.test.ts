/** Mean inputs for bias correction, against a count over the spikes themselves. */
import { foldNetwork, listLayers, listLifs, runNetwork, startCalibration } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomCheckpoint, randomImage, smallConfig } from '../support/random-network.js';

const network = foldNetwork(randomCheckpoint(smallConfig({ timesteps: 2 }), 8));
const { config } = network;
const images = [1, 2, 3].map((seed) => randomImage(config, seed));
const calibration = startCalibration(network);
for (const image of images) calibration.add(image);
const means = calibration.means();

/** Mean spike of a LIF over images, timesteps and the places that `isCounted` picks, divided by `places` of an image. */
function meanSpike(
  lif: string,
  places: number,
  isCounted: (row: number, column: number, channel: number) => boolean,
): number {
  const { channels, width, height } = listLifs(config).find(({ name }) => name === lif)!;
  let sum = 0;
  for (const image of images) {
    runNetwork(network, image, { spikes: true })
      .spikes.get(lif)!
      .forEach((spike, i) => {
        const token = Math.floor(i / channels) % (height * width);
        if (isCounted(Math.floor(token / width), token % width, i % channels)) sum += spike;
      });
  }
  return sum / (images.length * config.timesteps * places);
}

function assertClose(actual: number, expected: number, message: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${message}: ${actual}, ${expected}`);
}

test('axial layers: one mean for each row or column, over all channels and lines', () => {
  means.get('token_mix.0.proj_h')!.forEach((mean, from) => {
    assertClose(
      mean,
      meanSpike('to_patch_embedding_lif.0', 7 * 3, (row) => row === from),
      `row ${from}`,
    );
  });
  means.get('token_mix.0.proj_w')!.forEach((mean, from) => {
    assertClose(
      mean,
      meanSpike('to_patch_embedding_lif.0', 4 * 3, (_, column) => column === from),
      `column ${from}`,
    );
  });
});

test('fuse: channels of x, then of the H branch, then of the W branch', () => {
  const sources = ['to_patch_embedding_lif.0', 'token_mix.0.proj_h.3', 'token_mix.0.proj_w.3'];
  means.get('token_mix.0.fuse')!.forEach((mean, input) => {
    const expected = meanSpike(sources[Math.floor(input / 3)]!, 4 * 7, (_r, _c, channel) => channel === input % 3);
    assertClose(mean, expected, `input ${input}`);
  });
});

test('3 x 3 convolutions: a tap on the padding counts as 0', () => {
  const isUnderTap = (tap: number, row: number, column: number): boolean => {
    const fits = (at: number, outputs: number, offset: number): boolean => {
      return (at - offset) % 2 === 0 && (at - offset) / 2 >= 0 && (at - offset) / 2 < outputs;
    };
    return fits(row, 2, Math.floor(tap / 3) - 1) && fits(column, 4, (tap % 3) - 1);
  };
  means.get('to_patch_embedding.1.cell2node.1')!.forEach((mean, input) => {
    const [tap, channel] = [Math.floor(input / 3), input % 3];
    const expected = meanSpike(
      'channel_mix_lif.0',
      2 * 4,
      (row, column, c) => c === channel && isUnderTap(tap, row, column),
    );
    assertClose(mean, expected, `tap ${tap}, channel ${channel}`);
  });
});

test('images are counted', () => {
  assert.is(calibration.images(), 3);
});

test('exactly the layers whose bias is corrected are there, and something spikes', () => {
  for (const spe of [true, false]) {
    const folded = foldNetwork(randomCheckpoint(smallConfig({ spe }), 8));
    const run = startCalibration(folded);
    for (const image of images) run.add(image);
    const left = listLayers(folded.config).filter(({ name }) => !run.means().has(name));
    assert.equal([...new Set(left.map(({ kind }) => kind))], ['patch-embedding', ...(spe ? [] : ['identity']), 'head']);
    for (const [name, mean] of run.means()) {
      assert.ok(
        mean.every((m) => m >= 0 && m <= 1),
        name,
      );
      assert.ok(
        mean.some((m) => m > 0),
        name,
      );
    }
  }
});

test.run();
