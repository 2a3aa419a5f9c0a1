/** A plan in one line, as commands print it. */
import type { PlanOptions } from '@spikemill/hdl-gen';
import { formatCounted } from './table.js';

function describeLanes({ style, lanes, inputs, axialInputs = 1, adders }: PlanOptions): string {
  if (style === 'event') return formatCounted(lanes, 'event-driven lane');
  const axial = axialInputs === 1 ? '' : ` (${axialInputs} of them in axial branches)`;
  const ternary = adders === 'ternary' ? ', ternary adders' : '';
  return `${formatCounted(lanes, 'lane')}, ${formatCounted(inputs, 'input')}${axial}${ternary}`;
}

/** `8 lanes, 4 inputs, 4 neurons, 16 tokens at once`, and what is not as usual. */
export function describePlan(options: PlanOptions): string {
  const { neurons, tokenBlock, planes } = options;
  const block = tokenBlock === null ? 'all tokens' : formatCounted(tokenBlock, 'token');
  const shared = planes === 'shared' ? ', planes on the spike array' : '';
  return `${describeLanes(options)}, ${formatCounted(neurons, 'neuron')}, ${block} at once${shared}`;
}
