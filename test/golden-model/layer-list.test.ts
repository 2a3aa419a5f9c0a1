import { listLayers, listLifs, resolveLif, stageShapes } from '@spikemill/golden-model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { smallConfig } from '../support/random-network.js';
import { loadFloat, loadQuant, MODELS } from '../support/references.js';

test('layers are named as the keys of the quantized files, with the same shapes', () => {
  for (const model of MODELS) {
    const { layers } = loadQuant(model, 'w4-ptq');
    const listed = listLayers(loadFloat(model).config);
    assert.equal(listed.map(({ name }) => name).sort(), [...layers.keys()].sort());
    for (const { name, weightShape } of listed) assert.equal(layers.get(name)!.shape, weightShape, name);
  }
});

test('an SPE network in the order of execution', () => {
  const rows = listLayers(smallConfig({ depths: [1, 1] })).map(({ name, kind, lif, lifOffset }) => {
    return [name, kind, lif, lifOffset];
  });
  assert.equal(rows, [
    ['to_patch_embedding.0', 'patch-embedding', 'to_patch_embedding_lif.0', 0],
    ['token_mix.0.proj_h', 'axial-h', 'token_mix.0.proj_h.3', 0],
    ['token_mix.0.proj_w', 'axial-w', 'token_mix.0.proj_w.3', 0],
    ['token_mix.0.fuse', 'fuse', 'token_mix_lif.0', 0],
    ['channel_mix.0.1.net.0', 'fc1', 'channel_mix.0.1.net.2', 0],
    ['channel_mix.0.1.net.3', 'fc2', 'channel_mix_lif.0', 0],
    ['to_patch_embedding.1.cell2node.0', 'spe', 'to_patch_embedding_lif.1', 0],
    ['to_patch_embedding.1.cell2node.1', 'spe', null, 0],
    ['to_patch_embedding.1.node1_node2', 'spe', 'to_patch_embedding_lif.1', 2],
    ['to_patch_embedding.1.cell2node.2', 'spe', null, 0],
    ['to_patch_embedding.1.node2_node3', 'spe', 'to_patch_embedding_lif.1', 4],
    ['token_mix.1.proj_h', 'axial-h', 'token_mix.1.proj_h.3', 0],
    ['token_mix.1.proj_w', 'axial-w', 'token_mix.1.proj_w.3', 0],
    ['token_mix.1.fuse', 'fuse', 'token_mix_lif.1', 0],
    ['channel_mix.1.1.net.0', 'fc1', 'channel_mix.1.1.net.2', 0],
    ['channel_mix.1.1.net.3', 'fc2', 'channel_mix_lif.1', 0],
    ['mlp_head', 'head', null, 0],
  ]);
});

test('without SPE: patch steps, and an identity branch in every block', () => {
  const layers = listLayers(smallConfig({ spe: false, dim: 5, depths: [1, 1] }));
  const step = layers.find(({ kind }) => kind === 'patch-step')!;
  assert.equal([step.name, step.lif], ['to_patch_embedding.1', 'to_patch_embedding_lif.1']);
  assert.equal([step.kernel, step.stride, step.padding], [2, 2, 0]);
  const identities = layers.filter(({ kind }) => kind === 'identity').map(({ name, lif }) => [name, lif]);
  assert.equal(identities, [
    ['token_mix.0.BN', 'token_mix.0.activation'],
    ['token_mix.1.BN', 'token_mix.1.activation'],
  ]);
});

test('odd maps shrink as the convolutions do', () => {
  const sizes = (spe: boolean): string[] => {
    const config = smallConfig({ spe, dim: 3, imageHeight: 29, imageWidth: 15, depths: [1, 1, 1] });
    return stageShapes(config).map(({ channels, height, width }) => `${channels}x${height}x${width}`);
  };
  assert.equal(sizes(true), ['3x14x7', '6x7x4', '12x4x2']);
  assert.equal(sizes(false), ['3x14x7', '6x7x3', '12x3x1']);
});

test('axial matrices have the side of their axis', () => {
  const layers = listLayers(smallConfig());
  assert.equal(layers.find(({ kind }) => kind === 'axial-h')!.weightShape, [4, 4]);
  assert.equal(layers.find(({ kind }) => kind === 'axial-w')!.weightShape, [7, 7]);
});

test('an alpha that binary64 cannot hold still gives a whole number of hidden channels', () => {
  const layers = listLayers(smallConfig({ spe: false, dim: 10, alpha: 1.1, depths: [1] }));
  assert.is(layers.find(({ kind }) => kind === 'fc1')!.output.channels, 11);
});

test('LIF populations: one for all nodes of an SPE cell, with all its channels', () => {
  const lifs = listLifs(smallConfig());
  const stage = lifs.find(({ name }) => name === 'to_patch_embedding_lif.1')!;
  assert.equal(stage, { name: 'to_patch_embedding_lif.1', stage: 1, channels: 6, height: 2, width: 4 });
  assert.is(new Set(lifs.map(({ name }) => name)).size, lifs.length);
  assert.is(lifs.length, 2 + 3 * 5);
});

test('inner LIFs of an SPE cell are channels of the LIF of its stage', () => {
  const config = smallConfig();
  const lif = 'to_patch_embedding_lif.1';
  assert.equal(resolveLif(config, 'to_patch_embedding.1.lif.0'), { lif, firstChannel: 0, channels: 2 });
  assert.equal(resolveLif(config, 'to_patch_embedding.1.lif.1'), { lif, firstChannel: 2, channels: 2 });
  assert.equal(resolveLif(config, lif), { lif, firstChannel: 0, channels: 6 });
  for (const unknown of ['to_patch_embedding.0.lif.0', 'to_patch_embedding.2.lif.0', 'token_mix_lif.9', 'nothing']) {
    assert.is(resolveLif(config, unknown), undefined, unknown);
  }
  assert.is(resolveLif(smallConfig({ spe: false }), 'to_patch_embedding.1.lif.0'), undefined);
});

test.run();
