/**
 * Bits of every on-chip memory that an image reads and writes, as closed forms. A memory is read in each cycle in which
 * its word is used, at the full width of the word; what it happens to read in other cycles is not counted. Nor is what
 * external memory does.
 */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { streamCycles } from '../cost/timing.js';
import { paramWordBits, tokenBits } from '../images/parameters.js';
import { consumerCycles, fan, type Pass, rowsRead, tileCount, usesSpikeWeights, weightWords } from '../plan/pass.js';
import type { Plan } from '../plan/plan.js';

export interface MemoryTraffic {
  /** Name of the instance in the top, without `u_`. */
  readonly name: string;
  /** Bits of an image. */
  readonly read: number;
  readonly written: number;
}

/** Bits of all memories, read or written. */
export function movedBits(traffic: readonly MemoryTraffic[]): number {
  return traffic.reduce((sum, { read, written }) => sum + read + written, 0);
}

const PIXEL_BITS = 8;

/** Sum over the passes that a value is asked of. */
function sumOf(passes: readonly Pass[], value: (pass: Pass) => number): number {
  return passes.reduce((sum, pass) => sum + value(pass), 0);
}

/** @returns one entry for each memory that a pass reads or writes; not the program and the memories of the result. */
export function memoryTraffic(network: QuantizedNetwork, plan: Plan): MemoryTraffic[] {
  const { passes, grid, formats } = plan;
  const { lanes, inputs, neurons, timesteps, rowSlots, axialInputs } = grid;
  const operands = (pass: Pass): number => tileCount(pass) * fan(pass);
  const from = (...sources: Pass['source'][]): readonly Pass[] =>
    passes.filter(({ source }) => sources.includes(source));
  const spikeWeightPasses = passes.filter(usesSpikeWeights);
  const neuronPasses = from('dense', 'lane-wise', 'line-wise', 'pixels');
  const planePasses = from('pixels', 'head').filter(({ digits }) => digits === null);
  const steps = (pass: Pass): number => tileCount(pass) * consumerCycles(pass, grid);
  const weights = lanes * inputs * formats.weightBits;
  const planeWeights = lanes * inputs * formats.planeWeightBits;
  const currents = neurons * formats.storeBits;
  const constant = (name: string, read: number): MemoryTraffic => ({ name, read, written: 0 });
  const word = lanes * timesteps;
  const lineBuffer: MemoryTraffic = {
    name: 'line-buffer',
    read: sumOf(from('line-wise'), operands) * axialInputs * word,
    written: sumOf(from('line-wise'), rowsRead) * word,
  };
  return [
    {
      name: 'pixels',
      read: sumOf(from('pixels'), operands) * PIXEL_BITS * inputs,
      written: PIXEL_BITS * streamCycles(network).inputCycles,
    },
    {
      name: 'spikes',
      read: sumOf(from('dense', 'lane-wise', 'line-wise', 'head'), rowsRead) * rowSlots * timesteps,
      written: sumOf(passes, (pass) => (pass.write === null ? 0 : tileCount(pass))) * lanes * timesteps,
    },
    ...(axialInputs === 1 ? [] : [lineBuffer]),
    plan.external === null
      ? constant('spike-weights', sumOf(spikeWeightPasses, (pass) => weightWords(pass, grid)) * weights)
      : {
          name: 'weight-ring',
          read: sumOf(spikeWeightPasses, operands) * weights,
          written: plan.external.words * plan.external.wordBits,
        },
    ...(planePasses.length === 0 ? [] : [constant('plane-weights', sumOf(planePasses, operands) * planeWeights)]),
    constant('axial-weights', sumOf(from('lane-wise', 'line-wise'), operands) * axialInputs * formats.weightBits),
    constant('params', sumOf(neuronPasses, steps) * paramWordBits(network, plan)),
    constant('tokens', sumOf(neuronPasses, tileCount) * tokenBits(plan)),
    {
      name: 'currents',
      read: sumOf(passes, (pass) => (pass.residual === null ? 0 : steps(pass))) * currents,
      written:
        sumOf(passes, (pass) => (pass.store === null ? 0 : steps(pass) / (pass.store.once ? timesteps : 1))) * currents,
    },
  ];
}
