/** The fast back-end: runs the program of a network image by image, and reads back what the caller wants to see. */
import type { Fired } from '../../arithmetic/arithmetic.js';
import { newIntegers } from '../../arithmetic/numbers.js';
import { listLifs, tokenCount } from '../../layer-list.js';
import type { Layer, LifShape } from '../../network.js';
import type { QuantizedNetwork, QuantizedWeights } from '../../quantized-network.js';
import { argmax, checkImage, type LayerTotals, type RunOptions, type RunResult, startTraces } from '../../run.js';
import { unpackBits } from '../../spikes.js';
import { countPixelBits } from './count-pixel-bits.js';
import { execute, NO_WATCH, type Watch } from './execute.js';
import { type LoadedLayer, type LoadedProgram, loadProgram } from './load-program.js';
import { type BitMap, bitBytes, bitRow, fullMap, numberBytes, numberRow, unpackNumbers } from './maps.js';
import type { JoinBitsStep, LayerStep } from './program.js';

/** Memory for the currents and membranes of the largest layer. */
function reserveWatch({ memory, layers }: LoadedProgram, timesteps: number): Watch {
  const bytes = Math.max(...[...layers.keys()].map(({ layer }) => numberBytes(fullMap(layer, timesteps))));
  return { currents: memory.reserve(bytes), membranes: memory.reserve(bytes) };
}

/** Reads what a layer has just made, in the form of the specification. */
class LayerReader {
  readonly #program: LoadedProgram;
  readonly #timesteps: number;
  readonly #watch: Watch;

  constructor(program: LoadedProgram, timesteps: number, watch: Watch) {
    this.#program = program;
    this.#timesteps = timesteps;
    this.#watch = watch;
  }

  #numbers(address: number, step: LayerStep, isOwn: boolean): Int32Array {
    const map = isOwn ? step.current! : fullMap(step.layer, this.#timesteps);
    return unpackNumbers(this.#program.memory.integers(address, numberBytes(map) / 4), map, this.#timesteps);
  }

  current({ step, record }: LoadedLayer): Int32Array {
    const isOwn = step.current !== null;
    return this.#numbers(isOwn ? record.current : this.#watch.currents, step, isOwn);
  }

  fired({ step }: LoadedLayer): Fired<Int32Array> | null {
    if (step.spikes === null) return null;
    const { channels, height, width } = step.spikes;
    const data = unpackBits(this.#program.memory.bytes(step.spikes.address, bitBytes(step.spikes)), channels);
    const membranes = this.#numbers(this.#watch.membranes, step, false);
    return { spikes: { rounds: this.#timesteps, channels, height, width, data }, membranes };
  }

  totals({ step }: LoadedLayer): LayerTotals | null {
    if (step.spikes === null) return null;
    const { kernels } = this.#program.memory;
    const map = fullMap(step.layer, this.#timesteps);
    const rows = this.#timesteps * tokenCount(map);
    const { membranes } = this.#watch;
    return {
      spikes: kernels.countSpikes(step.spikes.address, bitRow(step.spikes), map.channels, rows),
      membrane: {
        min: kernels.leastNumber(membranes, numberRow(map), map.channels, rows),
        max: kernels.largestNumber(membranes, numberRow(map), map.channels, rows),
      },
    };
  }
}

/** Where the spikes of every population stand; those of an SPE stage are its joined nodes. */
function findLifMaps({ steps }: LoadedProgram, network: QuantizedNetwork): ReadonlyMap<LifShape, BitMap> {
  const joins = steps.filter((step): step is JoinBitsStep => step.kind === 'join-bits');
  const mapOf = (lif: LifShape): BitMap => {
    const parts = steps.flatMap((step) => (step.kind === 'layer' && step.layer.lif === lif.name ? [step.spikes!] : []));
    return parts.length === 1 ? parts[0]! : joins.find((join) => join.parts.includes(parts[0]!))!.map;
  };
  return new Map(listLifs(network.config).map((lif) => [lif, mapOf(lif)]));
}

/** Spikes of every channel of the last map. */
function countHead({ memory, head: { input }, headCounts }: LoadedProgram): Uint32Array {
  const counts = memory.integers(headCounts, input.channels).fill(0);
  const rows = input.timesteps * tokenCount(input);
  memory.kernels.countChannels(input.address, bitRow(input), input.channels, rows, headCounts);
  return Uint32Array.from(counts);
}

/** logit_k = B_k + sum of q_kc * count_c. */
function scoreHead({ weight, bias }: QuantizedWeights, counts: Uint32Array): Int32Array {
  return bias.map((b, k) => {
    const row = k * counts.length;
    let sum = b;
    for (let c = 0; c < counts.length; c++) sum += weight[row + c]! * counts[c]!;
    return sum;
  });
}

/**
 * A function that runs images of one network as runNetwork does; results are equal to the bit.
 *
 * @throws SpikemillError INVALID_TENSOR for a network whose values could leave int32.
 */
export function wasmBackend(
  network: QuantizedNetwork,
): (image: Uint8Array, options?: RunOptions) => RunResult<Int32Array> {
  const { config } = network;
  const program = loadProgram(network);
  const lifMaps = findLifMaps(program, network);
  let watchMemory: Watch | null = null;

  const readCounts = (layer: Layer, { counts, rows }: LoadedLayer, image: Uint8Array): Uint32Array => {
    if (layer.kind === 'patch-embedding') return countPixelBits(layer, image);
    return Uint32Array.from(program.memory.integers(counts, rows));
  };

  return (image, options = {}) => {
    checkImage(image, config);
    const { observe, observeTotals, observeBits } = options;
    const wantsNumbers = observe !== undefined || options.currents === true || options.membranes === true;
    const wantsLayers = wantsNumbers || options.spikes === true;
    const isWatched = wantsLayers || observeTotals !== undefined;
    if (isWatched) watchMemory ??= reserveWatch(program, config.timesteps);
    const watch = isWatched ? watchMemory! : NO_WATCH;
    const isCounting = options.additions !== false;
    const additions = new Map<string, Uint32Array>();
    const reader = new LayerReader(program, config.timesteps, watch);
    const traces = startTraces(config, options, newIntegers);

    execute(program, image, isCounting, watch, (loaded) => {
      const { layer } = loaded.step;
      if (isCounting) additions.set(layer.name, readCounts(layer, loaded, image));
      if (observeTotals !== undefined) observeTotals(layer, reader.totals(loaded));
      if (!wantsLayers) return;
      const current = reader.current(loaded);
      const fired = reader.fired(loaded);
      observe?.(layer, current, fired);
      if (fired !== null) traces.keep(layer, current, fired);
    });

    const { head, memory } = program;
    const headCounts = countHead(program);
    if (isCounting) additions.set(head.layer.name, headCounts);
    const logits = scoreHead(network.layers.get(head.layer.name)!, headCounts);
    if (observeBits !== undefined) {
      for (const [lif, map] of lifMaps) observeBits(lif, memory.bytes(map.address, bitBytes(map)));
    }
    return { logits, classIndex: argmax(logits), ...traces.kept, additions };
  };
}
