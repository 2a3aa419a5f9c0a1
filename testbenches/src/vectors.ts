/** What the golden model says that the hardware must do with an image, in the order in which the hardware does it. */
import type { ImageSet, QuantizedNetwork } from '@spikemill/golden-model';
import { argmax, imageAt, runNetwork, tokenCount } from '@spikemill/golden-model';
import type { DesignPlan, PassWork } from '@spikemill/hdl-gen';
import { eventImageWork } from './event-cycles.js';
import {
  channelAt,
  currentTiles,
  layerAt,
  type Place,
  spikePlaceAt,
  spikeTiles,
  stepAt,
  type Tile,
  wordShape,
} from './schedule.js';
import type { TraceSource } from './trace-source.js';

/** What the hardware must do with one image. */
export interface ExpectedImage {
  /** One spike word behind the other. */
  readonly spikes: Uint8Array;
  /** Of every neuron in every step, units 2^-F; empty if currents are not compared. */
  readonly currents: Int32Array;
  /** Class, then the logits; empty if the plan has no head. */
  readonly result: Int32Array;
  /** What the cycle counter must show, without stalls. */
  readonly cycles: number;
  /** What every pass does, where that depends on the spikes; else null. */
  readonly work: readonly PassWork[] | null;
  /** Beats of the weight frame that must have been loaded, little endian; null if weights are part of the design. */
  readonly weights: Uint8Array | null;
}

/** A network that a design runs. */
export interface Model {
  readonly network: QuantizedNetwork;
  /** Its weight frame; null if it is part of the design. */
  readonly weights: Uint8Array | null;
}

export interface VectorOptions {
  /** Also every current: four bytes per neuron and timestep. */
  readonly currents: boolean;
  /** Where the spikes come from, if the golden model is not to run; it runs for currents, which a trace does not hold. */
  readonly source?: TraceSource | undefined;
  /** Networks that the design runs in turn, image by image; default: that of the vectors. */
  readonly models?: readonly Model[] | undefined;
}

/** Everything about the vectors of one design that does not change from image to image. */
export interface Vectors {
  readonly plan: DesignPlan;
  readonly network: QuantizedNetwork;
  /** Tile of every spike word. */
  readonly spikeTiles: readonly Tile[];
  /** Tile of every `plan.grid.steps` steps of the neuron unit; empty if currents are not compared. */
  readonly currentTiles: readonly Tile[];
  /** Beats of the result of an image; 0 if the plan has no head. */
  readonly resultBeats: number;
  /** Bytes of a spike word. Bit lane * T + t is the spike of a lane at a timestep. */
  readonly wordBytes: number;
  /** Like ExpectedImage.spikes: 1 where a bit belongs to a neuron, 0 for padding lanes. */
  readonly spikeMasks: Uint8Array;
  /** Like ExpectedImage.currents. */
  readonly currentMasks: Uint8Array;
  /**
   * Runs the golden model on one image.
   *
   * @param number of the image: models take turns by it.
   */
  expect(image: Uint8Array, number?: number): ExpectedImage;
}

/** The neurons of a tile: where each is among its `count` places, and in the trace of the layer. */
interface Gather {
  /** Name. */
  readonly layer: string;
  readonly places: Int32Array;
  /** Index into [T, token, channel], for token 0. */
  readonly sources: Int32Array;
  /** From one token to the next. */
  readonly tokenStep: number;
}

function gatherTile(plan: DesignPlan, tile: Tile, count: number, placeAt: PlaceAt): Gather {
  const { name, output } = layerAt(plan, tile);
  const places: number[] = [];
  const sources: number[] = [];
  for (let place = 0; place < count; place++) {
    const { lane, timestep } = placeAt(tile, place);
    const channel = channelAt(plan, tile, lane);
    if (channel === null) continue;
    places.push(place);
    sources.push(timestep * tokenCount(output) * output.channels + channel);
  }
  return {
    layer: name,
    places: Int32Array.from(places),
    sources: Int32Array.from(sources),
    tokenStep: output.channels,
  };
}

/** Place of a neuron in a tile, by its number. */
type PlaceAt = (tile: Tile, place: number) => Place;

/** Calls `visit` for every neuron of some tiles with its place over all tiles and its index in the trace of a layer. */
type Walk = <A>(traces: ReadonlyMap<string, A>, visit: (place: number, trace: A, source: number) => void) => void;

/** Tiles of one pass, group and timestep differ by their token only: their gathers are made once. */
function walkTiles(plan: DesignPlan, tiles: readonly Tile[], stride: number, count: number, placeAt: PlaceAt): Walk {
  const known = new Map<string, Gather>();
  const gathers = tiles.map((tile) => {
    const key = `${tile.pass}.${tile.group}.${tile.timestep}`;
    const gather = known.get(key) ?? gatherTile(plan, tile, count, placeAt);
    known.set(key, gather);
    return gather;
  });
  return (traces, visit) => {
    for (const [number, tile] of tiles.entries()) {
      const { layer, places, sources, tokenStep } = gathers[number]!;
      const trace = traces.get(layer)!;
      for (let i = 0; i < places.length; i++) {
        visit(number * stride + places[i]!, trace, sources[i]! + tile.token * tokenStep);
      }
    }
  };
}

/** What every layer hands on for one image, by layer name; [T, token, channel] each. */
interface Traces {
  readonly spikes: ReadonlyMap<string, Uint8Array>;
  readonly currents: ReadonlyMap<string, ArrayLike<number>>;
  readonly result: Int32Array;
}

function traceLayers(network: QuantizedNetwork, image: Uint8Array): Traces {
  const spikes = new Map<string, Uint8Array>();
  const currents = new Map<string, ArrayLike<number>>();
  const { logits } = runNetwork(network, image, {
    observe: (layer, current, fired) => {
      currents.set(layer.name, current);
      if (fired !== null) spikes.set(layer.name, fired.spikes.data);
    },
  });
  return { spikes, currents, result: Int32Array.of(argmax(logits), ...logits) };
}

const NO_TRACES: ReadonlyMap<string, undefined> = new Map();

/** @param plan the whole one, or one that has some of its passes only (see stage.ts) */
export function makeVectors(plan: DesignPlan, network: QuantizedNetwork, options: VectorOptions): Vectors {
  const { lanes, timesteps, neurons, steps } = wordShape(plan);
  const firing = [...spikeTiles(plan)];
  const stepping = options.currents ? [...currentTiles(plan)] : [];
  const wordBytes = Math.ceil((lanes * timesteps) / 8);
  const tileSteps = steps * neurons;
  const walkSpikes = walkTiles(plan, firing, 8 * wordBytes, lanes * timesteps, (tile, bit) =>
    spikePlaceAt(plan, tile, bit),
  );
  const walkCurrents = walkTiles(plan, stepping, tileSteps, tileSteps, (tile, place) =>
    stepAt(plan, tile, Math.floor(place / neurons), place % neurons),
  );
  const spikeMasks = new Uint8Array(firing.length * wordBytes);
  walkSpikes(NO_TRACES, (bit) => {
    spikeMasks[bit >> 3]! |= 1 << (bit & 7);
  });
  const currentMasks = new Uint8Array(stepping.length * tileSteps);
  walkCurrents(NO_TRACES, (place) => {
    currentMasks[place] = 1;
  });

  const resultBeats = plan.passes.some(({ source }: { readonly source: string }) => source === 'head')
    ? 1 + network.config.numClasses
    : 0;
  const { models = [{ network, weights: null }] } = options;

  const expect = (image: Uint8Array, number = 0): ExpectedImage => {
    const model = models[number % models.length]!;
    const traces =
      options.source === undefined || options.currents
        ? traceLayers(model.network, image)
        : { ...options.source.find(image), currents: new Map<string, ArrayLike<number>>() };
    const spikes = new Uint8Array(spikeMasks.length);
    walkSpikes(traces.spikes, (bit, fired, source) => {
      spikes[bit >> 3]! |= fired[source]! << (bit & 7);
    });
    const currents = new Int32Array(currentMasks.length);
    walkCurrents(traces.currents, (place, handedOn, source) => {
      currents[place] = handedOn[source]!;
    });
    const work = plan.style === 'event' ? eventImageWork(plan, network, firing, spikes, image) : null;
    const cycles = work === null ? plan.cyclesPerImage : work.reduce((sum, pass) => sum + pass.cycles, 0);
    const result = traces.result.subarray(0, resultBeats);
    return { spikes, currents, cycles, work, result, weights: model.weights };
  };
  return {
    ...{ plan, network, spikeTiles: firing, currentTiles: stepping },
    ...{ resultBeats, wordBytes, spikeMasks, currentMasks, expect },
  };
}

/** Mean cycles of the first images, without stalls, as the golden model's spikes give them. */
export function meanCycles(plan: DesignPlan, network: QuantizedNetwork, images: ImageSet, limit = Infinity): number {
  const vectors = makeVectors(plan, network, { currents: false });
  const count = Math.min(images.count, limit);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += vectors.expect(imageAt(images, i)).cycles;
  return sum / count;
}
