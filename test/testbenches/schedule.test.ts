/** The schedule covers every neuron of every layer exactly once, and no live spike is overwritten. */
import { listLayers, tokenCount } from '@spikemill/golden-model';
import { plan } from '@spikemill/hdl-gen';
import { channelAt, currentTiles, makeVectors, spikePlaceAt, spikeTiles, stepAt } from '@spikemill/testbenches';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyConfig, randomQuantized } from '../support/random-network.js';

const anyPlan = fc
  .record({
    lanes: fc.integer({ min: 1, max: 12 }),
    inputs: fc.integer({ min: 1, max: 12 }),
    tokenBlock: fc.option(fc.integer({ min: 1, max: 9 })),
    share: fc.integer({ min: 1, max: 12 }),
    axialInputs: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ share, axialInputs, ...choice }) => {
    const neurons = choice.lanes % share === 0 ? choice.lanes / share : 1;
    return { ...choice, neurons, axialInputs: Math.min(axialInputs, choice.inputs) };
  });

const anyPlanned = fc.tuple(anyConfig, anyPlan).map(([config, choice]) => {
  const network = randomQuantized(config, 1);
  return { network, planned: plan(network, choice) };
});

test('every channel of every token, once per layer', () => {
  const law = fc.property(anyPlanned, ({ network, planned }) => {
    const seen = new Map<string, number>();
    for (const tile of currentTiles(planned)) {
      const { name } = planned.passes[tile.pass]!.layer;
      for (let lane = 0; lane < planned.grid.lanes; lane++) {
        const channel = channelAt(planned, tile, lane);
        if (channel === null) continue;
        const neuron = `${name} ${tile.token} ${channel}`;
        assert.not.ok(seen.has(neuron), `${neuron} twice`);
        seen.set(neuron, 1);
      }
    }
    const layers = listLayers(network.config).filter(({ kind }) => kind !== 'head');
    const neurons = layers.reduce((sum, { output }) => sum + tokenCount(output) * output.channels, 0);
    assert.is(seen.size, neurons);
  });
  fc.assert(law, { numRuns: 40 });
});

test('spikes stay within the memory, no word is written twice by a layer', () => {
  const law = fc.property(anyPlanned, ({ planned }) => {
    const written = new Map<string, Set<string>>();
    for (const { pass, row, word, token } of spikeTiles(planned)) {
      assert.ok(row >= 0 && row < planned.buffers.spikeRows && word >= 0 && word < planned.grid.rowWords);
      const { name } = planned.passes[pass]!.layer;
      // buffers of a token block are used again by the next one
      const block = planned.passes[pass]!.positions.firstToken;
      const places = written.get(`${name} ${block}`) ?? new Set();
      assert.not.ok(places.has(`${row} ${word}`), `${name}, token ${token}`);
      places.add(`${row} ${word}`);
      written.set(`${name} ${block}`, places);
    }
  });
  fc.assert(law, { numRuns: 40 });
});

test('steps and spike words name each neuron of a tile once', () => {
  const law = fc.property(anyPlanned, ({ planned }) => {
    const { lanes, timesteps, steps, neurons } = planned.grid;
    const key = ({ lane, timestep }: { lane: number; timestep: number }): string => `${lane} ${timestep}`;
    const ofWord = new Set(
      Array.from({ length: lanes * timesteps }, (_, bit) => key(spikePlaceAt(planned, { timestep: 0 }, bit))),
    );
    const ofSteps = new Set<string>();
    for (let step = 0; step < steps; step++) {
      for (let unit = 0; unit < neurons; unit++) ofSteps.add(key(stepAt(planned, { timestep: 0 }, step, unit)));
    }
    assert.is(ofWord.size, lanes * timesteps);
    assert.equal([...ofSteps].sort(), [...ofWord].sort());
  });
  fc.assert(law, { numRuns: 20 });
});

test('vectors hold only bits of neurons', () => {
  const law = fc.property(anyPlanned, fc.nat(255), ({ network, planned }, grey) => {
    const vectors = makeVectors(planned, network, { currents: true });
    const { inChannels, imageHeight, imageWidth } = network.config;
    const { spikes, currents } = vectors.expect(new Uint8Array(inChannels * imageHeight * imageWidth).fill(grey));
    assert.is(spikes.length, vectors.spikeMasks.length);
    assert.is(currents.length, vectors.currentMasks.length);
    for (const [i, byte] of spikes.entries()) assert.is(byte & ~vectors.spikeMasks[i]!, 0);
    for (const [i, value] of currents.entries()) assert.ok(value === 0 || vectors.currentMasks[i] === 1);
  });
  fc.assert(law, { numRuns: 15 });
});

test.run();
