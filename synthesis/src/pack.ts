/** From a routed design to the file that a board loads. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SpikemillError } from '@spikemill/golden-model';
import { firstErrors, runTool } from './run-tool.js';
import type { Tool } from './tools.js';

/** @throws SpikemillError TOOL if the packer refuses the design. */
export async function packBitstream(
  packer: Tool,
  { output, bitstream }: { readonly output: string; readonly bitstream: string },
  folder: string,
  stop: AbortSignal,
): Promise<void> {
  const end = await runTool(packer, [output, bitstream], folder, stop);
  if (end.exitCode === 0 && existsSync(join(folder, bitstream))) return;
  throw new SpikemillError('TOOL', `${packer.name} made no bitstream`, { actual: firstErrors(end.output) });
}
