/** Whether what is said about external memory applies to a plan. */
import { SpikemillError } from '@spikemill/golden-model';
import type { PlanOptions } from './options.js';

/** As the flags of the commands have it; what is not given is left out. */
export interface MemoryChoice {
  /** Cycles from a burst to its first beat. */
  readonly latency?: number | undefined;
  /** Bytes a cycle; null: a beat in every cycle. */
  readonly bytesPerCycle?: number | null | undefined;
  /** How often the memory takes or gives nothing. */
  readonly gapPercent?: number | undefined;
}

const FLAGS: Readonly<Record<keyof MemoryChoice, string>> = {
  latency: '--memory-latency',
  bytesPerCycle: '--memory-bandwidth',
  gapPercent: '--memory-gaps',
};

/** @throws SpikemillError USAGE if the plan has no external memory, or a bus that carries less. */
export function checkMemoryChoice({ weights, weightBus }: PlanOptions, choice: MemoryChoice): void {
  const names = Object.keys(FLAGS) as (keyof MemoryChoice)[];
  const given = names.filter((name) => (choice[name] ?? null) !== null).map((name) => FLAGS[name]);
  if (weights !== 'external' && given.length > 0) {
    throw new SpikemillError('USAGE', 'the design reads no external memory', {
      where: given.join(', '),
      expected: 'a design with external weights',
      actual: `weights: ${weights}`,
      suggestions: ['generate it with --weights external', `leave out ${given.join(', ')}`],
    });
  }
  const most = weightBus / 8;
  const { bytesPerCycle = null } = choice;
  if (bytesPerCycle === null || bytesPerCycle <= most) return;
  throw new SpikemillError('USAGE', 'the bus cannot carry so many bytes a cycle', {
    where: FLAGS.bytesPerCycle,
    expected: `at most ${most}: a beat of ${weightBus} bits in every cycle`,
    actual: String(bytesPerCycle),
    suggestions: [`leave out ${FLAGS.bytesPerCycle}: a beat in every cycle`, 'a wider bus: --weight-bus'],
  });
}
