/** Flags for what the tensors of a float checkpoint do not tell. They go before config.json and the metadata. */
import { Errors, Flags } from '@oclif/core';
import { type ConfigStatement, MAX_TIMESTEPS, makeStatement } from '@spikemill/golden-model';

/** oclif puts the flag's name in front. */
export function flagError(expected: string, actual: string): Errors.CLIError {
  return new Errors.CLIError(`Expected ${expected} but received: ${actual}`, { exit: 2 });
}

/** `0.485,0.456,0.406` */
function parseNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.every(Number.isFinite)) return numbers;
  throw flagError('one number per pixel channel, with commas between them,', text);
}

/** `32` or `32x24`, height first. */
function parseImageSize(text: string): number[] {
  const sizes = text.split('x').map(Number);
  const isSize = sizes.length <= 2 && sizes.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (isSize) return [sizes[0]!, sizes.at(-1)!];
  throw flagError('SIDE or HEIGHTxWIDTH in pixels', text);
}

const numbersFlag = Flags.custom<number[]>({
  helpValue: 'X,Y,...',
  parse: async (text) => parseNumbers(text),
});

export const CONFIG_FLAGS = {
  config: Flags.string({
    helpValue: 'FILE',
    summary: 'config.json of the network; default: the one beside the model.',
  }),
  timesteps: Flags.integer({
    helpValue: 'T',
    min: 1,
    max: MAX_TIMESTEPS,
    env: 'SPIKEMILL_TIMESTEPS',
    summary: 'Timesteps, 1 to 16.',
  }),
  mean: numbersFlag({ summary: 'Mean of the pixels of each channel, as in training (0 to 1).' }),
  std: numbersFlag({ summary: 'Standard deviation of the pixels of each channel.' }),
  'image-size': Flags.custom<number[]>({
    helpValue: 'SIDE|HxW',
    parse: async (text) => parseImageSize(text),
    summary: 'Size of the images, if it is not a multiple of the patch.',
  })(),
};

interface ConfigFlagValues {
  readonly timesteps?: number | undefined;
  readonly mean?: number[] | undefined;
  readonly std?: number[] | undefined;
  readonly 'image-size'?: number[] | undefined;
}

/** What the flags state; undefined if none is given. */
export function readConfigFlags(flags: ConfigFlagValues): ConfigStatement | undefined {
  const { timesteps, mean, std, 'image-size': imageSize } = flags;
  const given = Object.entries({ T: timesteps, mean, std, image_size: imageSize }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : makeStatement('flag', 'flags', Object.fromEntries(given));
}
