/** Results of a board against the golden model. */
import {
  type ImageSet,
  imageAt,
  type QuantizedNetwork,
  runNetwork,
  SpikemillError,
  serializeSafetensors,
  writeQuantizedFile,
} from '@spikemill/golden-model';
import { sha256 } from '@spikemill/hdl-gen';
import type { BoardInfo, BoardResult } from '@spikemill/host';

export interface Mismatch {
  readonly message: string;
  readonly image: number;
  readonly expectedClass: number;
  readonly gotClass: number;
  readonly expectedLogits: readonly number[];
  readonly gotLogits: readonly number[];
}

/** @throws SpikemillError INVALID_CONFIG if the board holds another model. */
export function checkModel({ modelDigest }: BoardInfo, network: QuantizedNetwork, path: string): void {
  const digest = sha256(serializeSafetensors(writeQuantizedFile(network))).slice(0, modelDigest.length);
  if (digest === modelDigest) return;
  throw new SpikemillError('INVALID_CONFIG', 'the board holds another model', {
    where: path,
    expected: `the model ${modelDigest}`,
    actual: `the model ${digest}`,
    suggestions: ['network.safetensors in the folder of the design is the model of the board'],
  });
}

/** The images whose class or logits differ. */
export function compareWithModel(
  network: QuantizedNetwork,
  images: ImageSet,
  results: readonly BoardResult[],
): readonly Mismatch[] {
  return results.flatMap(({ classIndex, logits }, image) => {
    const expected = runNetwork(network, imageAt(images, image));
    const expectedLogits = [...expected.logits];
    const wrong = expectedLogits.findIndex((logit, k) => logit !== logits[k]);
    if (wrong === -1 && classIndex === expected.classIndex) return [];
    const what =
      wrong === -1
        ? `class ${classIndex} instead of ${expected.classIndex}`
        : `logit ${wrong} is ${logits[wrong]} instead of ${expectedLogits[wrong]}`;
    return [
      {
        message: `image ${image}: ${what}`,
        image,
        expectedClass: expected.classIndex,
        gotClass: classIndex,
        expectedLogits,
        gotLogits: logits,
      },
    ];
  });
}
