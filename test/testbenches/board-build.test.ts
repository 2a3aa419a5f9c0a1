/** A design for a board is compared with the golden model as the accelerator that it holds. */
import { findBoard } from '@spikemill/constraints';
import { writeFolderAtomic } from '@spikemill/golden-model';
import { makeBoardDesign, makeBoardFolder } from '@spikemill/hdl-gen';
import { openBuild, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import { makeDesign, newFolder, tinyNetwork } from '../support/designs.js';
import { assertPassed, randomImages } from '../support/simulation.js';

test('verify opens the accelerator inside', async () => {
  const network = tinyNetwork(true);
  const { manifest, files } = makeDesign(network, { lanes: 2, inputs: 2, neurons: 1 });
  const design = makeBoardDesign({ manifest, config: network.config }, findBoard('alveo-u250'));
  const folder = newFolder();
  writeFolderAtomic(
    folder,
    makeBoardFolder(design, manifest, (path) => files.get(path)!),
    () => true,
  );
  const result = await verify(openBuild(folder), randomImages(network, 2), { simulator: 'icarus' });
  assertPassed(result, network, 2, false);
});

test.run();
