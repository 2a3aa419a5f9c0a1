import { acceleratorCost, plan, planDesign, type ResourceNode, type Resources, resourceTree } from '@spikemill/hdl-gen';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomQuantized, smallConfig } from '../../support/random-network.js';

const NAMES: readonly (keyof Resources)[] = ['lut', 'lutRam', 'ff', 'loneFf', 'carry', 'blockRam'];

function check(node: ResourceNode): void {
  for (const name of NAMES) {
    assert.ok(Number.isInteger(node[name]) && node[name] >= 0, `${node.name}: ${name} ${node[name]}`);
    if (node.children.length === 0) continue;
    const sum = node.children.reduce((total, child) => total + child[name], 0);
    assert.is(sum, node[name], `${node.name}: ${name}`);
  }
  node.children.forEach(check);
}

const leaves = (node: ResourceNode): ResourceNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leaves);

test('every node is the sum of its children; the root is the total; no instance is left out', () => {
  for (const family of ['ice40', 'ecp5', 'xilinx-7series', 'xilinx-ultrascale-plus'] as const) {
    for (const weights of ['image', 'stream'] as const) {
      const network = randomQuantized(smallConfig(), 4);
      const cost = acceleratorCost(network, plan(network, { lanes: 6, inputs: 3, weights }), family);
      const tree = resourceTree(cost);
      check(tree);
      for (const name of NAMES) assert.is(tree[name], cost.total[name]);
      const instances = tree.children.flatMap(({ children }) => children.map(({ name }) => name));
      assert.equal([...instances].sort(), cost.instances.map(({ name }) => name).sort());
      assert.ok(leaves(tree).some(({ detail }) => /^block-ram, (\d+ x )?\d+ x \d+$/.test(detail)));
    }
  }
});

test('event-driven lanes and segments: every instance has a part, segments are nodes of their own', () => {
  const network = randomQuantized(smallConfig(), 4);
  for (const choice of [
    { style: 'event', lanes: 12, neurons: 3 },
    { lanes: 3, inputs: 2, segments: 2 },
  ] as const) {
    const cost = acceleratorCost(network, planDesign(network, choice), 'ecp5');
    const tree = resourceTree(cost);
    check(tree);
    for (const name of NAMES) assert.is(tree[name], cost.total[name]);
    const all = (node: ResourceNode): string[] => [node.name, ...node.children.flatMap(all)];
    const names = all(tree);
    assert.not(names.includes('other'), names.join());
    assert.is(names.filter((name) => /^u_/.test(name)).length, cost.instances.length);
    assert.is(names.includes('segment 1'), 'segments' in choice);
  }
});

test.run();
