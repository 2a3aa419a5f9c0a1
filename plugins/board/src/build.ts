/** Builds as inputs of the commands. */
import { SpikemillError } from '@spikemill/golden-model';
import type { Manifest } from '@spikemill/hdl-gen';

/** @throws SpikemillError INVALID_CONFIG for a folder that is a design for a board already. */
export function refuseBoardBuild({ board }: Manifest, folder: string): void {
  if (board === undefined) return;
  throw new SpikemillError('INVALID_CONFIG', `this is a design for the board ${board.name} already`, {
    where: folder,
    expected: 'a folder that rtl generate wrote',
  });
}
