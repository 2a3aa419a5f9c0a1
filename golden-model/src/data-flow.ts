/**
 * The data flow of the network, written once for every arithmetic. h is the real-valued encoding of a stage: every
 * block of the stage adds the same h to its own results, and only spikes go on from block to block.
 */
import type { Arithmetic } from './arithmetic/arithmetic.js';
import { type Flow, type Observer, observed } from './flow.js';
import { listLayers } from './layer-list.js';
import { speCell } from './layers/spe.js';
import type { Layer, LayerKind, NetworkConfig } from './network.js';

/** The layers by their role. */
interface Arrangement {
  readonly stages: readonly { encoding: readonly Layer[]; blocks: readonly Block[] }[];
  readonly head: Layer;
}
type Block = ReadonlyMap<LayerKind, Layer>;

function layerOf(block: Block, kind: LayerKind): Layer {
  return block.get(kind)!;
}

function arrange(config: NetworkConfig): Arrangement {
  const layers = listLayers(config);
  const head = layers.at(-1)!;
  const stages = config.depths.map((depth, stage) => {
    const ofStage = layers.filter((layer) => layer.stage === stage && layer !== head);
    const firstBlock = ofStage.find(({ block }) => block !== null)?.block ?? 0;
    const blocks = Array.from({ length: depth }, (_, i) => {
      const ofBlock = ofStage.filter(({ block }) => block === firstBlock + i);
      return new Map(ofBlock.map((layer) => [layer.kind, layer]));
    });
    return { encoding: ofStage.filter(({ block }) => block === null), blocks };
  });
  return { stages, head };
}

/** Into a stage: patch embedding, SPE cell or patch step, and its LIF. */
function encode<V, S>(flow: Flow<V, S>, layers: readonly Layer[], x: S): { h: V; spikes: S } {
  if (layers.length > 1) return speCell(flow, layers, x);
  const layer = layers[0]!;
  const h = flow.affine(layer, x);
  return { h, spikes: flow.fire(layer, h) };
}

/** One block: token mixing, then channel mixing. */
function mix<V, S>(flow: Flow<V, S>, block: Block, h: V, x: S): S {
  const { add, firstLinear, joinSpikes, secondLinear } = flow.arithmetic;
  const step = (layer: Layer, input: S): S => flow.fire(layer, flow.affine(layer, input));
  const fuse = layerOf(block, 'fuse');
  const fc1 = layerOf(block, 'fc1');
  const fc2 = layerOf(block, 'fc2');

  const identity = block.get('identity');
  const own = identity === undefined ? x : step(identity, x);
  const alongColumns = step(layerOf(block, 'axial-h'), x);
  const alongRows = step(layerOf(block, 'axial-w'), x);
  const hPlusTok = add(h, flow.affine(fuse, joinSpikes([own, alongColumns, alongRows])));
  const tokenSpikes = flow.fire(fuse, hPlusTok);

  const hidden = flow.fire(fc1, firstLinear(fc1, flow.affine(fc1, tokenSpikes)));
  const channel = secondLinear(fc2, flow.affine(fc2, hidden));
  return flow.fire(fc2, add(hPlusTok, channel));
}

/** Runs networks of one configuration. */
export interface DataFlow {
  /**
   * @param image the bit planes of one image, or what stands for them.
   * @returns the logits.
   */
  readonly run: <V, S>(arithmetic: Arithmetic<V, S>, image: S, observe: Observer<V, S>) => V;
}

export function makeDataFlow(config: NetworkConfig): DataFlow {
  const { stages, head } = arrange(config);
  const run = <V, S>(arithmetic: Arithmetic<V, S>, image: S, observe: Observer<V, S>): V => {
    const flow = observed(arithmetic, observe);
    let x = image;
    for (const { encoding, blocks } of stages) {
      const { h, spikes } = encode(flow, encoding, x);
      x = spikes;
      for (const block of blocks) x = mix(flow, block, h, x);
    }
    return arithmetic.score(head, x);
  };
  return { run };
}
