/**
 * The published network once more, as a PyTorch module would compute it: nothing folded, maps as [C][H][W], one
 * timestep through the whole network after another, dense loops. Only for comparison; written from the description of
 * the architecture, not from the golden model.
 */
import type { FloatCheckpoint } from '@spikemill/golden-model';

/** [channel][row][column]. */
type Map3 = number[][][];

export interface PublishedRun {
  readonly logits: number[];
  /** By LIF name, [T][channel][row][column]. */
  readonly spikes: Map<string, Map3[]>;
}

function build(channels: number, height: number, width: number, at: (c: number, y: number, x: number) => number): Map3 {
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => at(c, y, x))),
  );
}

function sameShape(a: Map3, at: (c: number, y: number, x: number) => number): Map3 {
  return build(a.length, a[0]!.length, a[0]![0]!.length, at);
}

function add(...maps: Map3[]): Map3 {
  return sameShape(maps[0]!, (c, y, x) => maps.reduce((sum, map) => sum + map[c]![y]![x]!, 0));
}

class PublishedNetwork {
  readonly #checkpoint: FloatCheckpoint;
  readonly #membranes = new Map<string, Map3>();
  readonly spikes = new Map<string, Map3[]>();

  constructor(checkpoint: FloatCheckpoint) {
    this.#checkpoint = checkpoint;
  }

  tensor(key: string): Float64Array {
    const tensor = this.#checkpoint.tensors.get(key);
    if (tensor === undefined) throw new Error(`no tensor ${key}`);
    return tensor.data;
  }

  /** Batch norm over the axis that `axis` picks. */
  norm(key: string, map: Map3, axis: (c: number, y: number, x: number) => number): Map3 {
    const [gamma, beta] = [this.tensor(`${key}.weight`), this.tensor(`${key}.bias`)];
    const [mean, variance] = [this.tensor(`${key}.running_mean`), this.tensor(`${key}.running_var`)];
    return sameShape(map, (c, y, x) => {
      const i = axis(c, y, x);
      return ((map[c]![y]![x]! - mean[i]!) / Math.sqrt(variance[i]! + 1e-5)) * gamma[i]! + beta[i]!;
    });
  }

  lif(name: string, current: Map3): Map3 {
    const before = this.#membranes.get(name) ?? sameShape(current, () => 0);
    const charged = sameShape(current, (c, y, x) => {
      const v = before[c]![y]![x]!;
      return v + (current[c]![y]![x]! - v) / 2;
    });
    const spikes = sameShape(current, (c, y, x) => (charged[c]![y]![x]! >= 1 ? 1 : 0));
    this.#membranes.set(
      name,
      sameShape(current, (c, y, x) => (spikes[c]![y]![x]! === 1 ? 0 : charged[c]![y]![x]!)),
    );
    this.spikes.set(name, [...(this.spikes.get(name) ?? []), spikes]);
    return spikes;
  }

  /** Convolution without bias, then batch norm over channels. */
  convNorm(weightKey: string, normKey: string, map: Map3, kernel: number, stride: number, padding: number): Map3 {
    const weight = this.tensor(weightKey);
    const [inputs, height, width] = [map.length, map[0]!.length, map[0]![0]!.length];
    const outputs = weight.length / (inputs * kernel * kernel);
    const size = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
    const result = build(outputs, size(height), size(width), (o, y, x) => {
      let sum = 0;
      for (let i = 0; i < inputs; i++) {
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++) {
            const pixel = map[i]![y * stride + ky - padding]?.[x * stride + kx - padding] ?? 0;
            sum += weight[((o * inputs + i) * kernel + ky) * kernel + kx]! * pixel;
          }
        }
      }
      return sum;
    });
    return this.norm(normKey, result, (c) => c);
  }

  axialH(key: string, map: Map3): Map3 {
    const [weight, bias] = [this.tensor(`${key}.1.weight`), this.tensor(`${key}.1.bias`)];
    const height = map[0]!.length;
    const mixed = sameShape(map, (c, y, x) =>
      map[c]!.reduce((sum, row, from) => sum + weight[y * height + from]! * row[x]!, bias[y]!),
    );
    return this.lif(
      `${key}.3`,
      this.norm(`${key}.2`, mixed, (_c, y) => y),
    );
  }

  axialW(key: string, map: Map3): Map3 {
    const [weight, bias] = [this.tensor(`${key}.1.weight`), this.tensor(`${key}.1.bias`)];
    const width = map[0]![0]!.length;
    const mixed = sameShape(map, (c, y, x) =>
      map[c]![y]!.reduce((sum, spike, from) => sum + weight[x * width + from]! * spike, bias[x]!),
    );
    return this.lif(
      `${key}.3`,
      this.norm(`${key}.2`, mixed, (_c, _y, x) => x),
    );
  }

  /** Linear over channels at every token, then batch norm over the token index. */
  linearNorm(linearKey: string, normKey: string, map: Map3): Map3 {
    const [weight, bias] = [this.tensor(`${linearKey}.weight`), this.tensor(`${linearKey}.bias`)];
    const [height, width] = [map[0]!.length, map[0]![0]!.length];
    const result = build(bias.length, height, width, (o, y, x) =>
      map.reduce((sum, channel, i) => sum + weight[o * map.length + i]! * channel[y]![x]!, bias[o]!),
    );
    return this.norm(normKey, result, (_c, y, x) => y * width + x);
  }

  encode(stage: number, x: Map3): Map3 {
    const { spe, patchSize } = this.#checkpoint.config;
    const key = `to_patch_embedding.${stage}`;
    if (stage === 0) return this.convNorm(`${key}.0.weight`, `${key}.1`, x, patchSize, patchSize, 0);
    if (!spe) return this.convNorm(`${key}.0.weight`, `${key}.1`, x, 2, 2, 0);
    const conv = (name: string, map: Map3, stride: number): Map3 =>
      this.convNorm(`${key}.${name}.0.weight`, `${key}.${name}.1`, map, 3, stride, 1);
    const n1 = conv('cell2node.0', x, 2);
    const n2 = add(conv('cell2node.1', x, 2), conv('node1_node2', this.lif(`${key}.lif.0`, n1), 1));
    const n3 = add(conv('cell2node.2', x, 2), n1, conv('node2_node3', this.lif(`${key}.lif.1`, n2), 1));
    return [...n1, ...n2, ...n3];
  }

  block(k: number, h: Map3, x: Map3): Map3 {
    const key = `token_mix.${k}`;
    const own = this.#checkpoint.config.spe
      ? x
      : this.lif(
          `${key}.activation`,
          this.norm(`${key}.BN`, x, (c) => c),
        );
    const joined = [...own, ...this.axialH(`${key}.proj_h`, x), ...this.axialW(`${key}.proj_w`, x)];
    const tok = this.convNorm(`${key}.fuse.0.weight`, `${key}.fuse.1`, joined, 1, 1, 0);
    const net = `channel_mix.${k}.1.net`;
    const mixed = this.lif(`token_mix_lif.${k}`, add(h, tok));
    const hidden = this.lif(`${net}.2`, this.linearNorm(`${net}.0`, `${net}.1`, mixed));
    return this.lif(`channel_mix_lif.${k}`, add(h, tok, this.linearNorm(`${net}.3`, `${net}.4`, hidden)));
  }

  timestep(pixels: Map3): number[] {
    const { depths } = this.#checkpoint.config;
    let x = pixels;
    let k = 0;
    depths.forEach((depth, stage) => {
      const h = this.encode(stage, x);
      x = this.lif(`to_patch_embedding_lif.${stage}`, h);
      for (let i = 0; i < depth; i++) x = this.block(k++, h, x);
    });
    const tokens = x[0]!.length * x[0]![0]!.length;
    const means = this.norm('batch_norm', x, (c) => c).map((rows) => rows.flat().reduce((a, b) => a + b, 0) / tokens);
    const [weight, bias] = [this.tensor('mlp_head.1.weight'), this.tensor('mlp_head.1.bias')];
    return Array.from(bias, (b, class_) =>
      means.reduce((sum, m, c) => sum + weight[class_ * means.length + c]! * m, b),
    );
  }
}

export function runPublished(checkpoint: FloatCheckpoint, image: Uint8Array): PublishedRun {
  const { inChannels, imageHeight, imageWidth, mean, std, timesteps, numClasses } = checkpoint.config;
  const pixels = build(inChannels, imageHeight, imageWidth, (c, y, x) => {
    return (image[(c * imageHeight + y) * imageWidth + x]! / 255 - mean[c]!) / std[c]!;
  });
  const network = new PublishedNetwork(checkpoint);
  const steps = Array.from({ length: timesteps }, () => network.timestep(pixels));
  const logits = Array.from({ length: numClasses }, (_, k) => steps.reduce((sum, y) => sum + y[k]!, 0) / timesteps);
  return { logits, spikes: network.spikes };
}
