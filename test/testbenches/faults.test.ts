/** The regression can fail: faults in every memory of the build are caught and placed in the layer that has them. */
import type { ImageSet } from '@spikemill/golden-model';
import type { Plan } from '@spikemill/hdl-gen';
import { openBuild, type VerifyOptions, type VerifyResult, verify } from '@spikemill/testbenches';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeDesign } from '../support/designs.js';
import { copyBuild, editWord, flipBits, swapFields } from '../support/faults.js';
import { loadQuant } from '../support/references.js';
import { testImages } from '../support/simulation.js';

const DIGITS = loadQuant('digits-tiny', 'w4-ptq');
const STRESS = loadQuant('stress-nospe', 'w4-ptq');

interface Subject {
  readonly title: string;
  readonly folder: string;
  readonly plan: Plan;
  readonly images: ImageSet;
  /** Random weights: what a layer does is not always seen by the layers behind it. */
  readonly needsCurrents: boolean;
}

const SUBJECTS: readonly Subject[] = [
  {
    title: 'with SPE',
    images: testImages('digits-tiny', DIGITS, 3),
    needsCurrents: false,
    ...makeDesign(DIGITS, { lanes: 8, inputs: 4, neurons: 4, tokenBlock: 16 }),
  },
  {
    title: 'without SPE',
    images: testImages('stress-nospe', STRESS, 3),
    needsCurrents: true,
    ...makeDesign(STRESS, { lanes: 4, inputs: 4, neurons: 2, tokenBlock: 16 }),
  },
];

/** Runs a copy of the build with a fault; asserts that it is seen, and that the changed file is named. */
async function runFault(
  { folder, images }: Subject,
  file: string,
  inject: (folder: string) => void,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const copy = copyBuild(folder);
  inject(copy);
  const result = await verify(openBuild(copy), images, { idlePercent: 20, stallPercent: 20, ...options });
  assert.is(result.passed, false, 'the fault is seen');
  assert.ok(result.mismatches > 0);
  assert.equal(result.warnings, [`${file}: changed since it was generated`]);
  return result;
}

function assertPlace({ firstMismatch }: VerifyResult, layer: string, kinds: readonly string[]): void {
  assert.is(firstMismatch?.layer, layer, JSON.stringify(firstMismatch));
  assert.ok(kinds.includes(firstMismatch!.kind), `${firstMismatch!.kind} in ${layer}`);
}

for (const subject of SUBJECTS) {
  const { plan, title } = subject;
  const { inputs } = plan.grid;
  const { formats } = plan;
  /** Passes of the layers, by name. */
  const firstPass = (name: string): number => plan.passes.findIndex(({ layer }) => layer.name === name);

  for (const { layer, weights, bases } of plan.bindings) {
    if (layer.kind === 'identity') continue; // its array weight is 1; its own weight is a parameter
    test(`${title}: weights of ${layer.name}`, async () => {
      const { memory } = weights;
      const bits = memory === 'plane-weights' ? formats.planeWeightBits : formats.weightBits;
      const perLane = memory === 'axial-weights' ? 1 : inputs;
      // the sign of one lane's weights
      const signs = Array.from({ length: perLane }, (_, i) => 1n << BigInt(bits * (i + 1) - 1));
      const mask = signs.reduce((sum, bit) => sum | bit, 0n);
      const inject = (copy: string): void => flipBits(copy, memory, bases.weights, 0, mask);
      const result = await runFault(subject, `mem/${memory}.mem`, inject, { currents: subject.needsCurrents });
      assertPlace(result, layer.name, layer.kind === 'head' ? ['class', 'logits'] : ['currents']);
    });
  }

  for (const { layer, params, bases } of plan.bindings) {
    if (params === null) continue;
    test(`${title}: a bias of ${layer.name}, off by one`, async () => {
      const inject = (copy: string): void => flipBits(copy, 'params', bases.params, 0);
      const result = await runFault(subject, 'mem/params.mem', inject, { currents: true });
      assertPlace(result, layer.name, ['currents']);
    });
    test(`${title}: a shift of ${layer.name}`, async () => {
      const inject = (copy: string): void => flipBits(copy, 'params', bases.params, formats.biasBits);
      const result = await runFault(subject, 'mem/params.mem', inject, { currents: true });
      assertPlace(result, layer.name, ['currents']);
      assert.is(result.firstMismatch!.channel, layer.kind.startsWith('axial') ? result.firstMismatch!.channel : 0);
    });
  }

  for (const { layer, bases } of plan.bindings) {
    const biasLsb = formats.thetaBits;
    const digitLsb = formats.thetaBits + formats.tokenBiasBits;
    if (layer.kind === 'fc1') {
      test(`${title}: a threshold of ${layer.name}`, async () => {
        const inject = (copy: string): void =>
          editWord(copy, 'tokens', bases.tokens + 1, (word) => word & ~((1n << BigInt(biasLsb)) - 1n));
        const result = await runFault(subject, 'mem/tokens.mem', inject);
        // the currents are right: only the spikes tell
        assertPlace(result, layer.name, ['spikes']);
        assert.is(result.firstMismatch!.token, 1);
        assert.equal([result.firstMismatch!.expected, result.firstMismatch!.got], [0, 1]);
      });
    }
    if (layer.kind === 'fc1' || layer.kind === 'fc2') {
      test(`${title}: a token bias of ${layer.name}`, async () => {
        const inject = (copy: string): void => flipBits(copy, 'tokens', bases.tokens + 2, biasLsb);
        const result = await runFault(subject, 'mem/tokens.mem', inject, { currents: true });
        assertPlace(result, layer.name, ['currents']);
        assert.is(result.firstMismatch!.token, 2);
        const { expected, got } = result.firstMismatch!;
        assert.is(Math.abs(Number(expected) - Number(got)), 1);
      });
      test(`${title}: a token scale of ${layer.name}`, async () => {
        const inject = (copy: string): void =>
          flipBits(copy, 'tokens', bases.tokens, digitLsb + formats.exponentBits + 1);
        const result = await runFault(subject, 'mem/tokens.mem', inject, { currents: true });
        assertPlace(result, layer.name, ['currents']);
        assert.is(result.firstMismatch!.token, 0);
      });
    }
    if (layer.kind === 'axial-h' || layer.kind === 'axial-w') {
      test(`${title}: a transposed matrix of ${layer.name}`, async () => {
        const side = layer.weightShape[0]!;
        const result = await runFault(subject, 'mem/axial-weights.mem', (copy) => transpose(copy, bases.weights, side));
        assertPlace(result, layer.name, ['currents']);
      });
      test(`${title}: ${layer.name} along the wrong axis`, async () => {
        const inject = (copy: string): void =>
          swapFields(copy, plan, firstPass(layer.name), 'inner_step', 'tap_a_step');
        const result = await runFault(subject, 'mem/program.mem', inject);
        assertPlace(result, layer.name, ['currents']);
      });
    }
    if (layer.kind === 'axial-w') {
      test(`${title}: spikes of ${layer.name} written along the wrong axis`, async () => {
        const inject = (copy: string): void => {
          swapFields(copy, plan, firstPass(layer.name), 'write_inner_step', 'write_outer_step');
        };
        const result = await runFault(subject, 'mem/program.mem', inject);
        assertPlace(result, layer.name, ['address']);
      });
    }
  }

  test(`${title}: a bias of the head`, async () => {
    const result = await runFault(subject, 'mem/head-bias.mem', (copy) => flipBits(copy, 'head-bias', 1, 0));
    assertPlace(result, 'mlp_head', ['logits']);
    assert.is(result.firstMismatch!.channel, 1);
  });

  test(`${title}: a pass that is left out`, async () => {
    const pass = firstPass('token_mix.0.proj_w');
    const result = await runFault(subject, 'mem/program.mem', (copy) => {
      let next = 0n;
      editWord(copy, 'program', pass + 1, (word) => {
        next = word;
        return word;
      });
      editWord(copy, 'program', pass, () => next);
    });
    assertPlace(result, 'token_mix.0.proj_w', ['address', 'spikes', 'currents', 'missing', 'extra']);
  });
}

/** Transposes a side x side matrix of single words. */
function transpose(folder: string, base: number, side: number): void {
  const words: bigint[] = [];
  for (let i = 0; i < side * side; i++) {
    editWord(folder, 'axial-weights', base + i, (word) => {
      words.push(word);
      return word;
    });
  }
  for (let i = 0; i < side * side; i++) {
    editWord(folder, 'axial-weights', base + i, () => words[(i % side) * side + Math.floor(i / side)]!);
  }
}

test.run();
