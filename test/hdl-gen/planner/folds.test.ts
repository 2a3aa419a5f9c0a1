/** The closed forms of the search are those of plan(), for any network and any plan. */
import { acceleratorCost, memoryTraffic, movedBits, plan, timingOf } from '@spikemill/hdl-gen';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeBounds } from '../../../hdl-gen/src/planner/bounds.js';
import { foldsOf, loopsOf } from '../../../hdl-gen/src/planner/folds.js';
import { anyConfig, randomQuantized } from '../../support/random-network.js';
import { anyDenseOptions } from '../../support/random-plan.js';

const distinct = (lines: readonly string[]): string[] => [...new Set(lines)].sort();

test('loops and cycles are exact; cells of a plan are, but for tables that become logic', () => {
  let equal = 0;
  const property = fc.property(anyConfig, fc.integer(), anyDenseOptions, (config, seed, options) => {
    const network = randomQuantized(config, seed);
    const planned = plan(network, options);
    const { grid } = planned;
    const ofPlan = plan(network, { ...options, tokenBlock: null }).passes.map(({ source, loops }) => {
      return JSON.stringify({ source, ...loops });
    });
    const ofFolds = foldsOf(config).map((fold) => JSON.stringify({ source: fold.source, ...loopsOf(fold, grid) }));
    assert.equal(distinct(ofFolds), distinct(ofPlan));

    // the only families with tables have LUT RAM
    const family = options.lane === 'table' ? 'xilinx-7series' : 'ice40';
    const bounds = makeBounds(network, family, options);
    const { cyclesPerImage, intervalCycles } = timingOf(network, planned);
    assert.equal(bounds.cycles(grid, options.tokenBlock), { cyclesPerImage, intervalCycles });
    const open = bounds.openCycles(grid, [null, options.tokenBlock]);
    assert.ok(open.cyclesPerImage <= cyclesPerImage && open.intervalCycles <= intervalCycles);
    assert.equal(bounds.openCycles(grid, [options.tokenBlock]), { cyclesPerImage, intervalCycles });

    assert.is(bounds.traffic.bits(grid, options.tokenBlock), movedBits(memoryTraffic(network, planned)));

    const { total, instances } = acceleratorCost(network, planned, family);
    const bound = bounds.resourcesOf(grid, options.tokenBlock);
    const tables = instances.filter(({ module }) => module === 'smx_rom');
    const inTables = (name: 'lut' | 'ff' | 'blockRam'): number => tables.reduce((sum, table) => sum + table[name], 0);
    assert.ok(bound.blockRam <= total.blockRam && bound.blockRam >= total.blockRam - inTables('blockRam'));
    assert.ok(bound.lut <= total.lut && bound.lut >= total.lut - inTables('lut'));
    assert.ok(bound.ff <= total.ff && bound.ff >= total.ff - inTables('ff'));
    equal += bound.lut === total.lut ? 1 : 0;
  });
  fc.assert(property, { numRuns: 60 });
  assert.ok(equal < 60, 'no table became logic');
});

test.run();
