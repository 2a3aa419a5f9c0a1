import { readFileSync } from 'node:fs';
import { parseSafetensors, parseTorchCheckpoint, SpikemillError } from '@spikemill/golden-model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertError } from '../../support/errors.js';
import { MODELS, modelPath } from '../../support/references.js';
import { floats, makeCheckpoint, makeZip, pickle, pickleTensor } from '../../support/torch-writer.js';

const parse = (bytes: Uint8Array) => parseTorchCheckpoint(bytes, 'net.pth');
const refuses = (bytes: Uint8Array, ...patterns: (RegExp | string)[]) =>
  assertError(() => parse(bytes), 'INVALID_FILE', 'net.pth', ...patterns);

const SIX = floats(0, 1, 2, 3, 4, 5);
const TENSOR = pickleTensor({ key: '0', shape: [2, 3], elements: 6 });

function readFloats({ bytes }: { bytes: Uint8Array }): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

for (const model of MODELS) {
  test(`${model}: the .pth holds what the .safetensors holds`, () => {
    const torch = parse(readFileSync(modelPath(model, 'model.pth')));
    const { tensors } = parseSafetensors(readFileSync(modelPath(model, 'model.safetensors')), 'x');
    assert.is(torch.stateDictKey, 'model');
    assert.ok(tensors.size >= 94);
    for (const [key, { dtype, shape, bytes }] of tensors) {
      const found = torch.tensors.get(key)!;
      assert.equal([found.dtype, found.shape], [dtype, shape], key);
      assert.ok(Buffer.from(found.bytes).equals(bytes), key);
    }
  });
}

test('the state dict is found under model, under state_dict, and bare', () => {
  const state = pickle.dict({ w: TENSOR });
  for (const [root, key] of [
    [pickle.dict({ epoch: pickle.integer(3), model: state }), 'model'],
    [pickle.dict({ state_dict: state, model: pickle.none }), 'state_dict'],
    [state, null],
  ] as const) {
    const read = parse(makeCheckpoint(root, { 0: SIX }));
    assert.is(read.stateDictKey, key);
    assert.equal(readFloats(read.tensors.get('w')!), [0, 1, 2, 3, 4, 5]);
  }
});

test('strides and offset are honoured', () => {
  const transposed = pickleTensor({ key: '0', shape: [3, 2], strides: [1, 3], elements: 6 });
  const column = pickleTensor({ key: '0', shape: [2], strides: [3], offset: 2, elements: 6 });
  const scalar = pickleTensor({ key: '0', shape: [], offset: 4, elements: 6 });
  const { tensors } = parse(makeCheckpoint(pickle.dict({ transposed, column, scalar }), { 0: SIX }));
  assert.equal(readFloats(tensors.get('transposed')!), [0, 3, 1, 4, 2, 5]);
  assert.equal(readFloats(tensors.get('column')!), [2, 5]);
  assert.equal(readFloats(tensors.get('scalar')!), [4]);
});

test('parameters, ordered dicts with attributes, and the prefix of data-parallel training', () => {
  const parameter = pickle.reduce(
    pickle.global('torch._utils', '_rebuild_parameter'),
    TENSOR,
    pickle.false,
    pickle.none,
  );
  const ordered = pickle.reduce(pickle.global('collections', 'OrderedDict'));
  const filled = pickle.setItems(ordered, pickle.string('module.w'), parameter);
  const state = pickle.build(filled, pickle.dict({ _metadata: pickle.dict({}) }));
  const { tensors, ignoredNames } = parse(makeCheckpoint(pickle.dict({ model: state }), { 0: SIX }));
  assert.equal([...tensors.keys()], ['w']);
  assert.equal(ignoredNames, []);
});

test('optimizer, args and other objects are ignored and named', () => {
  const namespace = pickle.reduce(pickle.global('argparse', 'Namespace'));
  const optimizer = pickle.reduce(pickle.global('torch.optim.sgd', 'SGD'), pickle.list(TENSOR));
  const root = pickle.dict({
    model: pickle.dict({ w: TENSOR }),
    args: pickle.build(namespace, pickle.dict({ lr: pickle.integer(1) })),
    optimizer: pickle.setItems(optimizer, pickle.string('a'), pickle.integer(1)),
  });
  const { tensors, ignoredNames } = parse(makeCheckpoint(root, { 0: SIX }));
  assert.is(tensors.size, 1);
  assert.equal(ignoredNames, ['argparse.Namespace', 'torch.optim.sgd.SGD']);
});

test('a pickle that wants to run a command runs nothing', () => {
  const attack = pickle.reduce(pickle.global('posix', 'system'), pickle.string('touch /tmp/spikemill-was-here'));
  const evil = pickle.reduce(pickle.global('builtins', 'eval'), pickle.string('1'));
  const { tensors, ignoredNames } = parse(makeCheckpoint(pickle.dict({ w: TENSOR, attack, evil }), { 0: SIX }));
  assert.equal([...tensors.keys()], ['w']);
  assert.equal(ignoredNames, ['builtins.eval', 'posix.system']);
});

test('nothing of JavaScript can be named either', () => {
  for (const [module, name] of [
    ['constructor', 'constructor'],
    ['__proto__', 'toString'],
    ['torch', '__proto__'],
    ['torch', 'constructor'],
  ] as const) {
    const state = pickle.dict({ w: TENSOR, x: pickle.reduce(pickle.global(module, name), pickle.string('1')) });
    assert.equal([...parse(makeCheckpoint(state, { 0: SIX })).tensors.keys()], ['w']);
  }
});

test('attributes cannot be hung on tensors, and prototypes stay clean', () => {
  const polluted = pickle.build(TENSOR, pickle.dict({ shape: pickle.tuple(pickle.integer(1)) }));
  refuses(makeCheckpoint(pickle.dict({ w: polluted }), { 0: SIX }), /pickle is damaged/);
  const state = pickle.build(pickle.dict({ w: TENSOR }), pickle.dict({ __proto__x: pickle.integer(1) }));
  const proto = pickle.build(pickle.list(), pickle.dict({ ['__proto__']: pickle.dict({ evil: pickle.integer(1) }) }));
  parse(makeCheckpoint(pickle.dict({ model: state, proto }), { 0: SIX }));
  assert.is(({} as Record<string, unknown>).evil, undefined);
});

test('a tuple whose methods a pickle has replaced is still checked', () => {
  const rebuild = pickle.global('torch._utils', '_rebuild_tensor_v2');
  const shape = pickle.build(pickle.list(pickle.string('x')), pickle.dict({ every: rebuild, map: rebuild }));
  const id = pickle.tuple(
    ...[pickle.string('storage'), pickle.global('torch', 'FloatStorage'), pickle.string('0'), pickle.string('cpu')],
    pickle.integer(6),
  );
  const tensor = pickle.reduce(rebuild, pickle.persistent(id), pickle.integer(0), shape, shape);
  assert.equal([...parse(makeCheckpoint(pickle.dict({ w: TENSOR, x: tensor }), { 0: SIX })).tensors.keys()], ['w']);
});

test('a tensor that reaches outside its storage', () => {
  const outside: Parameters<typeof pickleTensor>[0][] = [
    { key: '0', shape: [7], elements: 6 },
    { key: '0', shape: [2], strides: [6], elements: 6 },
    { key: '0', shape: [2], offset: 5, elements: 6 },
    { key: '0', shape: [1000000, 1000000], strides: [0, 0], elements: 6 },
  ];
  for (const spec of outside) {
    const bytes = makeCheckpoint(pickle.dict({ w: pickleTensor(spec) }), { 0: SIX });
    assertError(() => parse(bytes), 'INVALID_TENSOR', 'net.pth: w', /outside its storage/);
  }
});

test('negative sizes and strides make no tensor', () => {
  for (const spec of [
    { key: '0', shape: [-1], elements: 6 },
    { key: '0', shape: [1], strides: [-1], elements: 6 },
    { key: '0', shape: [1], offset: -1, elements: 6 },
  ]) {
    const { tensors } = parse(makeCheckpoint(pickle.dict({ w: TENSOR, x: pickleTensor(spec) }), { 0: SIX }));
    assert.equal([...tensors.keys()], ['w']);
  }
});

test('a storage that is missing or has another size', () => {
  refuses(makeCheckpoint(pickle.dict({ w: TENSOR })), 'net.pth: w', 'archive/data/0', /no such entry/);
  refuses(makeCheckpoint(pickle.dict({ w: TENSOR }), { 0: floats(1) }), /24 bytes/, /actual: +4 bytes/);
});

test('files without a state dict say what they hold', () => {
  refuses(makeCheckpoint(pickle.dict({ epoch: pickle.integer(1) })), /no state dict/, /keys epoch/);
  refuses(makeCheckpoint(pickle.list()), /no state dict/, /something else/);
});

test('the format before torch 1.6 gets the line that saves it again', () => {
  const legacy = Buffer.concat([
    Buffer.of(0x80, 2, 0x8a, 10),
    Buffer.from('6cfc9c46f9206aa85019', 'hex'),
    Buffer.from('.'),
  ]);
  refuses(legacy, /before version 1\.6/, /torch\.save\(torch\.load\(/);
});

test('archives that are no checkpoints', () => {
  refuses(makeZip([{ name: 'readme.txt', data: SIX }]), /no checkpoint of torch\.save/);
  const twice = ['a/data.pkl', 'b/data.pkl'].map((name) => ({ name, data: pickle.file(pickle.none) }));
  refuses(makeZip(twice), /one entry NAME\/data\.pkl/, /2 of them/);
  const script = ['m/data.pkl', 'm/constants.pkl'].map((name) => ({ name, data: pickle.file(pickle.none) }));
  refuses(makeZip(script), /TorchScript/);
  const order = { name: 'm/byteorder', data: Buffer.from('big') };
  refuses(makeZip([{ name: 'm/data.pkl', data: pickle.file(pickle.none) }, order]), /byte order/);
});

const PICKLE = pickle.file(pickle.dict({ w: TENSOR }));

test('a compressed archive is read', () => {
  const entries = [
    { name: 'm/data.pkl', data: PICKLE, isDeflated: true },
    { name: 'm/data/0', data: SIX, isDeflated: true },
  ];
  assert.equal(readFloats(parse(makeZip(entries)).tensors.get('w')!), [0, 1, 2, 3, 4, 5]);
});

test('damaged entries: checksum, size, a bomb that unpacks to more than it says', () => {
  const storage = { name: 'm/data/0', data: SIX };
  const head = { name: 'm/data.pkl', data: PICKLE };
  refuses(makeZip([head, { ...storage, claimedCrc: 1 }]), /damaged/, 'net.pth: m/data/0', /checksum/);
  refuses(makeZip([{ ...head, claimedBytes: 3 }, storage]), /damaged/, /3 bytes/);
  const bomb = { name: 'm/data/0', data: new Uint8Array(50_000_000), isDeflated: true, claimedBytes: 24 };
  refuses(makeZip([head, bomb]), /damaged/, /does not unpack/);
});

test('a pickle that claims to be huge is refused before it is unpacked', () => {
  refuses(makeZip([{ name: 'm/data.pkl', data: PICKLE, claimedBytes: 2 ** 30 }]), /too large/);
});

test('the storages of all tensors together are bounded, before any is unpacked', () => {
  const huge = pickleTensor({ key: '1', shape: [1], elements: 2 ** 28 });
  refuses(makeCheckpoint(pickle.dict({ w: TENSOR, x: huge }), { 0: SIX }), /too large/, 'net.pth: x');
});

test('pickles that would make a reader loop, underflow or run away end with an error', () => {
  const negativeLength = pickle.raw('B', Uint8Array.of(0xfb, 0xff, 0xff, 0xff));
  const broken = [negativeLength, pickle.raw('t'), pickle.raw('u'), pickle.raw('R'), pickle.raw('b'), pickle.raw(0xff)];
  for (const opcodes of broken) refuses(makeCheckpoint(opcodes), /pickle is damaged/);
  refuses(makeZip([{ name: 'm/data.pkl', data: Uint8Array.of(0x80, 2) }]), /pickle is damaged/);
});

test('archives without a proper directory', () => {
  const bytes = makeCheckpoint(pickle.dict({ w: TENSOR }), { 0: SIX });
  for (let length = 4; length < bytes.length; length += 13) refuses(bytes.subarray(0, length));
  const moved = Buffer.from(bytes);
  moved.writeUInt32LE(0xfffffff0, bytes.length - 6);
  refuses(moved, /outside the file/);
  const zip64 = Buffer.from(bytes);
  zip64.writeUInt16LE(0xffff, bytes.length - 12);
  refuses(zip64, /zip64/);
});

test('damage anywhere is read or refused, never anything else', () => {
  const bytes = readFileSync(modelPath('digits-tiny', 'model.pth'));
  const sizes = fc.oneof(fc.nat(12_300), fc.integer({ min: bytes.length - 9000, max: bytes.length - 1 }));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 255 }), (place, change) => {
      const damaged = Buffer.from(bytes);
      damaged[place]! ^= change;
      try {
        parse(damaged);
      } catch (error) {
        assert.instance(error, SpikemillError);
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
