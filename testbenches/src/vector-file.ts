/**
 * The vector file: images with everything that the hardware must do with them, in its order. Little endian:
 *
 *   header   u32 images, pixels per image, bits of a spike word, currents per step (0: none), classes
 *   image    u8 pixels[]; u32 count, then per spike word u32 pass, row, word, u8 data[], u8 mask[];
 *            u32 steps, i32 currents[steps * currents per step], u8 mask[same]; i32 class, i32 logits[]
 *
 * A set bit of a mask says that the bit of the data belongs to a neuron; the others are padding lanes.
 */
import type { QuantizedNetwork, RunResult } from '@spikemill/golden-model';
import { argmax, runNetwork, tokenCount } from '@spikemill/golden-model';
import type { Plan } from '@spikemill/hdl-gen';
import { channelAt, stepAt, type Tile, tilesOf } from './schedule.js';

/** Growing byte buffer. */
class ByteWriter {
  private bytes = new Uint8Array(1 << 16);
  private length = 0;

  private reserve(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }

  word(value: number): void {
    const at = this.reserve(4); // may replace the buffer
    new DataView(this.bytes.buffer).setInt32(at, value | 0, true);
  }

  raw(data: Uint8Array): void {
    const at = this.reserve(data.length);
    this.bytes.set(data, at);
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

export interface VectorOptions {
  /** Also every current: four bytes per neuron and timestep. */
  readonly currents: boolean;
}

/** Bits of a spike word. */
export function spikeWordBits({ grid }: Plan): number {
  return grid.lanes * grid.timesteps;
}

export function vectorHeader(
  plan: Plan,
  network: QuantizedNetwork,
  images: number,
  options: VectorOptions,
): Uint8Array {
  const { config } = network;
  const out = new ByteWriter();
  out.word(images);
  out.word(config.inChannels * config.imageHeight * config.imageWidth);
  out.word(spikeWordBits(plan));
  out.word(options.currents ? plan.grid.neurons : 0);
  out.word(config.numClasses);
  return out.take();
}

/** Everything that the golden model says about one image, by layer: what the hardware hands on between its passes. */
interface LayerTrace {
  /** [T, token, channel] of the layer's own outputs; null for a layer without LIF. */
  readonly spikes: Uint8Array | null;
  /** [T, token, channel]: input of the LIF, or the sum so far. */
  readonly current: Int32Array;
}

function traceLayers(
  network: QuantizedNetwork,
  image: Uint8Array,
): { traces: Map<string, LayerTrace>; run: RunResult<Int32Array> } {
  const traces = new Map<string, LayerTrace>();
  const run = runNetwork(network, image, {
    observe: (layer, current, fired) => {
      traces.set(layer.name, { spikes: fired?.spikes.data ?? null, current: current as Int32Array });
    },
  });
  return { traces, run };
}

/** Index into [T, token, channel] of a lane of a tile; null for padding. */
function traceIndex(plan: Plan, tile: Tile, lane: number, timestep: number): number | null {
  const { layer } = plan.passes[tile.pass]!;
  const channel = channelAt(plan, tile, lane);
  if (channel === null) return null;
  return (timestep * tokenCount(layer.output) + tile.token) * layer.output.channels + channel;
}

function writeSpikeWord(out: ByteWriter, plan: Plan, tile: Tile, spikes: Uint8Array): void {
  const { lanes, timesteps } = plan.grid;
  const bytes = Math.ceil(spikeWordBits(plan) / 8);
  const data = new Uint8Array(bytes);
  const mask = new Uint8Array(bytes);
  for (let lane = 0; lane < lanes; lane++) {
    for (let t = 0; t < timesteps; t++) {
      const index = traceIndex(plan, tile, lane, t);
      if (index === null) continue;
      const bit = lane * timesteps + t;
      mask[bit >> 3]! |= 1 << (bit & 7);
      if (spikes[index]) data[bit >> 3]! |= 1 << (bit & 7);
    }
  }
  out.word(tile.pass);
  out.word(tile.row);
  out.word(tile.word);
  out.raw(data);
  out.raw(mask);
}

/** Passes that fire, in order, with their tiles. */
export function* spikeTiles(plan: Plan): Generator<Tile> {
  for (const [number, pass] of plan.passes.entries()) if (pass.write !== null) yield* tilesOf(plan, number);
}

/** Steps of the neuron unit in order: all passes but the head's. */
export function* currentSteps(plan: Plan): Generator<{ readonly tile: Tile; readonly step: number }> {
  for (const [number, pass] of plan.passes.entries()) {
    if (pass.source === 'head') continue;
    for (const tile of tilesOf(plan, number)) for (let step = 0; step < plan.grid.steps; step++) yield { tile, step };
  }
}

function writeCurrents(out: ByteWriter, plan: Plan, traces: ReadonlyMap<string, LayerTrace>): void {
  const masks: number[] = [];
  const values: number[] = [];
  for (const { tile, step } of currentSteps(plan)) {
    const { current } = traces.get(plan.passes[tile.pass]!.layer.name)!;
    for (let unit = 0; unit < plan.grid.neurons; unit++) {
      const { lane, timestep } = stepAt(plan, step, unit);
      const index = traceIndex(plan, tile, lane, timestep);
      masks.push(index === null ? 0 : 1);
      values.push(index === null ? 0 : current[index]!);
    }
  }
  out.word(values.length / plan.grid.neurons);
  for (const value of values) out.word(value);
  out.raw(Uint8Array.from(masks));
}

/** One image of the vector file; runs the golden model. */
export function vectorImage(
  plan: Plan,
  network: QuantizedNetwork,
  image: Uint8Array,
  options: VectorOptions,
): Uint8Array {
  const { traces, run } = traceLayers(network, image);
  const out = new ByteWriter();
  out.raw(image);
  const tiles = [...spikeTiles(plan)];
  out.word(tiles.length);
  for (const tile of tiles) writeSpikeWord(out, plan, tile, traces.get(plan.passes[tile.pass]!.layer.name)!.spikes!);
  if (options.currents) writeCurrents(out, plan, traces);
  else out.word(0);
  out.word(argmax(run.logits));
  for (const logit of run.logits) out.word(logit);
  return out.take();
}
