import { checkpointShapes, listLayers, type NetworkConfig } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeStatement } from '../../../golden-model/src/import/config-statements.js';
import { type ConfigStatement, inferConfig } from '../../../golden-model/src/import/infer-config.js';
import { assertError } from '../../support/errors.js';
import { anyConfig, smallConfig } from '../../support/random-network.js';

type Shapes = Map<string, readonly number[]>;

function shapesOf(config: NetworkConfig): Shapes {
  return new Map(listLayers(config).flatMap((layer) => [...checkpointShapes(layer)]));
}

/** What no shape tells. */
function statementOf({ timesteps, mean, std, imageHeight, imageWidth }: NetworkConfig): ConfigStatement {
  return makeStatement('config.json', 'config.json', {
    T: timesteps,
    mean,
    std,
    image_size: [imageHeight, imageWidth],
  });
}

const infer = (shapes: Shapes, ...statements: ConfigStatement[]) => inferConfig(shapes, statements, 'net');
const CONFIG = smallConfig({ imageHeight: 8, imageWidth: 14 });
const SHAPES = shapesOf(CONFIG);
const STATED = statementOf(CONFIG);

/** The shapes with some replaced; null: left out. */
function changed(changes: Readonly<Record<string, number[] | null>>): Shapes {
  const shapes: Shapes = new Map(SHAPES);
  for (const [key, shape] of Object.entries(changes)) {
    if (shape === null) shapes.delete(key);
    else shapes.set(key, shape);
  }
  return shapes;
}

test('any network of the family is recognised from its shapes', () => {
  fc.assert(
    fc.property(anyConfig, (config) => {
      assert.equal(infer(shapesOf(config), statementOf(config)).config, config);
    }),
  );
});

test('hidden widths that are whole although alpha is not', () => {
  const config = smallConfig({ dim: 9, alpha: 7 / 9 });
  assert.equal(infer(shapesOf(config), statementOf(config)).config.alpha, 7 / 9);
});

test('the size of the images follows from the tokens, unless another one is stated', () => {
  const { config, origins } = infer(SHAPES, makeStatement('flag', 'flags', { T: 3, mean: [0, 0], std: [1, 1] }));
  assert.equal([config.imageHeight, config.imageWidth], [8, 14]);
  assert.is(origins.find(({ property }) => property === 'image_size')?.source, 'tensors');
});

test('leftover pixels of less than a patch are fine, a patch more is not', () => {
  const stated = (size: number[]) => makeStatement('flag', 'flags', { image_size: size });
  assert.is(infer(SHAPES, stated([9, 15]), STATED).config.imageHeight, 9);
  assertError(
    () => infer(SHAPES, stated([10, 14]), STATED),
    'INVALID_CONFIG',
    'flags: image_size',
    '4 x 7 tokens',
    '[10, 14]',
  );
  assertError(() => infer(SHAPES, stated([7, 14]), STATED), 'INVALID_CONFIG');
});

test('flags go before config.json, config.json before metadata, and each value knows its source', () => {
  const flags = makeStatement('flag', 'flags', { T: 1 });
  const file = makeStatement('config.json', 'c', { T: 2, mean: [0.1, 0.1] });
  const metadata = makeStatement('metadata', 'm', { T: 3, mean: [0.2, 0.2], std: [1, 1] });
  const { config, origins } = infer(SHAPES, flags, file, metadata);
  assert.equal([config.timesteps, config.mean, config.std], [1, [0.1, 0.1], [1, 1]]);
  const sources = Object.fromEntries(origins.map(({ property, source }) => [property, source]));
  assert.is(sources.T, 'flag');
  assert.is(sources.mean, 'config.json');
  assert.is(sources.std, 'metadata');
  assert.is(sources.dim, 'tensors');
});

test('what the tensors do not tell must be stated; the message names the flag', () => {
  for (const [property, flag] of [
    ['T', '--timesteps'],
    ['mean', '--mean'],
    ['std', '--std'],
  ] as const) {
    const { [property]: _, ...rest } = STATED.values;
    const statement = makeStatement('config.json', 'c', rest);
    assertError(() => infer(SHAPES, statement), 'INVALID_CONFIG', `${property} is not known`, flag);
  }
});

test('a statement that contradicts the tensors is refused with both', () => {
  for (const [property, value, found] of [
    ['spe', false, 'true'],
    ['in_channels', 3, '2'],
    ['dim', 6, '3'],
    ['alpha', 3, '2'],
    ['num_classes', 5, '4'],
    ['patch_size', 4, '2'],
    ['depths', [1, 1], '[1,2]'],
  ] as const) {
    const statement = makeStatement('config.json', 'my.json', { [property]: value });
    const act = () => infer(SHAPES, statement, STATED);
    assertError(
      act,
      'INVALID_CONFIG',
      `my.json: ${property}`,
      `expected: ${found}`,
      `actual:   ${JSON.stringify(value)}`,
    );
  }
});

test('neurons of another kind are refused by the schema', () => {
  for (const values of [{ tau: 4 }, { v_threshold: 0.5 }, { v_reset: -1 }, { decay_input: false }, { bn_eps: 0.001 }]) {
    const name = Object.keys(values)[0]!;
    assertError(() => makeStatement('config.json', 'my.json', values), 'INVALID_CONFIG', `my.json: /${name}`);
  }
});

test('values that no network can have are refused with their place', () => {
  const cases = [
    { T: 0 },
    { T: 17 },
    { T: 2.5 },
    { std: [0, 1] },
    { depths: [] },
    { image_size: [1, 2, 3] },
    { mean: 'x' },
    { timesteps: 4 },
  ];
  for (const values of cases) {
    assertError(() => makeStatement('config.json', 'my.json', values), 'INVALID_CONFIG', 'my.json');
  }
});

test('mean and std have one number per channel', () => {
  const statement = makeStatement('flag', 'flags', { mean: [0.5] });
  assertError(
    () => infer(SHAPES, statement, STATED),
    'INVALID_CONFIG',
    'net: mean',
    'one finite number per pixel channel',
  );
});

test('a dim that an SPE cell cannot split in three', () => {
  const config = smallConfig({ spe: false, dim: 4, imageHeight: 8, imageWidth: 16 });
  const shapes = new Map([...shapesOf(config)].filter(([key]) => !key.includes('.BN.')));
  assertError(() => infer(shapes, statementOf(config)), 'INVALID_CONFIG', 'net: dim', 'multiple of 3', 'actual:   4');
});

test('a file of something else names the first key that is missing', () => {
  const shapes: Shapes = new Map([['conv1.weight', [64, 3, 7, 7]]]);
  assertError(() => infer(shapes), 'INVALID_TENSOR', 'to_patch_embedding.0.0.weight', '1 tensor: conv1.weight');
  assertError(() => infer(new Map()), 'INVALID_TENSOR', '0 tensors');
});

test('a tensor of another rank, and one of no size', () => {
  assertError(() => infer(changed({ 'mlp_head.1.weight': [4] }), STATED), 'INVALID_TENSOR', 'mlp_head.1.weight', '[4]');
  const empty = changed({ 'to_patch_embedding.0.0.weight': [0, 2, 2, 2] });
  assertError(() => infer(empty, STATED), 'INVALID_TENSOR', 'at least 1');
});

test('blocks that fit no stage, stages without blocks', () => {
  const fuse = (block: number) => `token_mix.${block}.fuse.0.weight`;
  assertError(() => infer(changed({ [fuse(1)]: [7, 21, 1, 1] }), STATED), 'INVALID_TENSOR', fuse(1), '7 outputs');
  assertError(() => infer(changed({ [fuse(1)]: [12, 36, 1, 1] }), STATED), 'INVALID_TENSOR', fuse(1));
  assertError(() => infer(changed({ [fuse(2)]: [3, 9, 1, 1] }), STATED), 'INVALID_TENSOR', fuse(2));
  assertError(() => infer(changed({ [fuse(1)]: null }), STATED), 'INVALID_TENSOR', fuse(1), /missing/);
  const extra = changed({ 'to_patch_embedding.2.0.weight': [12, 6, 2, 2] });
  assertError(() => infer(extra, STATED), 'INVALID_TENSOR', 'stage 2', /a block of 12 channels/);
});

test('an index of many digits does not make an array of that size', () => {
  const shapes = changed({ 'to_patch_embedding.4000000000.0.weight': [1], 'token_mix.99999999999.x': [1] });
  assert.equal(infer(shapes, STATED).config.depths, [1, 2]);
});

test.run();
