/** oclif's help, with the way to go on where someone types the bare command. */
import { Help } from '@oclif/core';

export const NEXT_STEPS = [
  ['spikemill doctor', 'what is installed, what is missing, how to get it'],
  ['spikemill demo', 'the whole chain on a small trained network, in minutes'],
  ['spikemill model import CHECKPOINT -o net.safetensors', 'start with your own network'],
] as const;

export class SpikemillHelp extends Help {
  override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    const width = Math.max(...NEXT_STEPS.map(([command]) => command.length));
    this.log(
      this.section('NEXT STEPS', NEXT_STEPS.map(([command, why]) => `${command.padEnd(width)}  ${why}`).join('\n')),
    );
    this.log('');
  }
}
