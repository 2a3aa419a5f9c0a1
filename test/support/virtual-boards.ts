/** Designs for boards on disk, small and fast enough to be simulated down to their serial line. */
import { findBoard } from '@spikemill/constraints';
import { type QuantizedNetwork, writeFolderAtomic } from '@spikemill/golden-model';
import { generate, type Manifest, makeBoardDesign, makeBoardFolder } from '@spikemill/hdl-gen';
import { newFolder } from './designs.js';
import { loadQuant } from './references.js';

/** Its clock is divided, LED and button are active low. */
const BOARD = 'orangecrab-25f';
/** Eight clocks a bit. */
export const BAUD = 3_000_000;
/** A pause within a frame that breaks it off: 48,000 clocks. */
const TIMEOUT_MILLISECONDS = 2;

export interface BoardOnDisk {
  readonly folder: string;
  readonly network: QuantizedNetwork;
  readonly manifest: Manifest;
}

/** digits-tiny on a board. Equal designs are compiled once: the simulator lies in the cache. */
export function makeBoardOnDisk(): BoardOnDisk {
  const network = loadQuant('digits-tiny', 'w4-ptq');
  const { manifest, files } = generate(network, { lanes: 4, inputs: 4, neurons: 2 });
  const options = { baud: BAUD, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
  const design = makeBoardDesign({ manifest, config: network.config }, findBoard(BOARD), options);
  const folder = newFolder();
  writeFolderAtomic(
    folder,
    makeBoardFolder(design, manifest, (path) => files.get(path)!),
    () => true,
  );
  return { folder, network, manifest };
}
