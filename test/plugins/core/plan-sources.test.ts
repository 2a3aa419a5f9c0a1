/** What a plan file says is named by its field, what is typed by its flag. */
import type { SpikemillError } from '@spikemill/golden-model';
import { completeOptions, DEFAULT_PLAN, type PlanOptions } from '@spikemill/hdl-gen';
import { nameSources, type PlanSources, sourceOf } from '@spikemill/plugin-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

function told(choice: Partial<PlanOptions>, sources: Partial<PlanSources>): SpikemillError['details'] {
  try {
    completeOptions(choice);
  } catch (error) {
    return (nameSources(error, { typed: new Set(), file: null, ...sources }) as SpikemillError).details;
  }
  throw new Error('this can be planned');
}

test('neurons of a plan file, and typed ones', () => {
  const choice = { lanes: 6, neurons: 4 };
  const file = { path: 'plan.json', choice };
  const { where, suggestions } = told(choice, { file });
  assert.equal([where, suggestions], ['plan.json: neurons', ['set neurons in plan.json to 3']]);
  const typed = told(choice, { file, typed: new Set(['neurons']) });
  assert.equal([typed.where, typed.suggestions], ['plan.neurons', ['use --neurons 3']]);
  assert.equal(told(choice, {}).suggestions, ['use --neurons 3']);
});

test('suggestions about several fields', () => {
  const choice = { style: 'event', lane: 'table' } as const;
  const file = { path: 'p.json', choice };
  assert.equal(told(choice, { file }).suggestions, ['set style in p.json to dense', 'leave lane out of p.json']);
  const both = told({ axialInputs: 3, style: 'event' }, { file: { path: 'p.json', choice: { axialInputs: 3 } } });
  assert.equal(both.suggestions, ['leave axialInputs out of p.json, or use --style dense']);
});

test('nobody can leave out of a build what it was built with', () => {
  const build = { ...DEFAULT_PLAN, lane: 'table', loopOrder: 'group' } as const;
  const { suggestions } = told({ ...build, style: 'event' }, { build, typed: new Set(['style']) });
  assert.equal(suggestions, ['use --style dense', 'use --lane tree']);
});

test('other errors stay as they are', () => {
  const error = new RangeError('of something else');
  assert.is(nameSources(error, { typed: new Set(), file: null }), error);
});

test('who has made a choice', () => {
  const sources = { typed: new Set(['style']), file: { path: 'p.json', choice: { tokenBlock: 3 } } };
  assert.equal(sourceOf('style', 'dense', sources), { name: '--style dense', advice: 'leave out --style' });
  assert.equal(sourceOf('tokenBlock', 3, sources).advice, 'leave tokenBlock out of p.json');
  assert.match(sourceOf('inputs', 8, sources).advice, 'unset SPIKEMILL_INPUTS');
});

test.run();
