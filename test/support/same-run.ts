/** Holds the fast back-end against the specification: everything that either of them can show, at tolerance zero. */
import { type LayerTotals, listLayers, openBackend, type QuantizedNetwork } from '@spikemill/golden-model';
import * as assert from 'uvu/assert';

interface Seen {
  readonly name: string;
  readonly current: Int32Array;
  readonly spikes: Uint8Array | null;
  readonly membranes: Int32Array | null;
}

/** Runs one image watched (all numbers), measured (totals) and plain (only packed spikes): other kernels each time. */
export function assertSameRun(network: QuantizedNetwork, images: readonly Uint8Array[]): void {
  const backends = [openBackend(network, 'spec'), openBackend(network, 'wasm')] as const;
  for (const [index, image] of images.entries()) {
    const [spec, wasm] = backends.map(({ run }) => {
      const seen: Seen[] = [];
      const totals: [string, LayerTotals | null][] = [];
      const bits: [string, Uint8Array][] = [];
      const watched = run(image, {
        observe: (layer, current, fired) => {
          const { name } = layer;
          seen.push({
            name,
            current: Int32Array.from(current),
            spikes: fired === null ? null : fired.spikes.data.slice(),
            membranes: fired === null ? null : Int32Array.from(fired.membranes),
          });
        },
      });
      const measured = run(image, { observeTotals: (layer, figures) => totals.push([layer.name, figures]) });
      const plain = run(image, { observeBits: (lif, packed) => bits.push([lif.name, packed.slice()]) });
      return { seen, totals, bits, results: [watched, measured, plain] };
    }) as [Recorded, Recorded];
    spec.seen.forEach((expected, i) => {
      const actual = wasm.seen[i]!;
      const place = `${expected.name}, image ${index}`;
      assert.is(actual.name, expected.name);
      assert.equal(actual.current, expected.current, `current of ${place}`);
      assert.equal(actual.spikes, expected.spikes, `spikes of ${place}`);
      assert.equal(actual.membranes, expected.membranes, `membranes of ${place}`);
    });
    assert.is(wasm.seen.length, spec.seen.length);
    assert.equal(wasm.totals, spec.totals);
    assert.equal(wasm.bits, spec.bits, `packed spikes, image ${index}`);
    spec.results.forEach((expected, i) => {
      assert.equal(wasm.results[i]!.logits, expected.logits, `logits, image ${index}`);
      for (const { name } of listLayers(network.config)) {
        assert.equal(wasm.results[i]!.additions.get(name), expected.additions.get(name), `additions of ${name}`);
      }
    });
  }
}

interface Recorded {
  readonly seen: Seen[];
  readonly totals: [string, LayerTotals | null][];
  readonly bits: [string, Uint8Array][];
  readonly results: ReturnType<ReturnType<typeof openBackend>['run']>[];
}
