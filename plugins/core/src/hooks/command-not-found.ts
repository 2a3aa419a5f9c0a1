import type { Hook } from '@oclif/core';
import { SpikemillError } from '@spikemill/golden-model';

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Further away is no typing error. */
const MAX_DISTANCE = 4;

/** Unknown commands end as any other wrong usage does, with the nearest one that exists. */
export const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const wanted = id.replaceAll(':', ' ');
  const known = config.commandIDs.map((known) => known.replaceAll(':', ' '));
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = nearest !== undefined && nearest.distance <= MAX_DISTANCE;
  throw new SpikemillError('USAGE', `there is no command ${wanted}`, {
    where: 'command line',
    suggestions: [...(isNear ? [`${config.bin} ${nearest.name}`] : []), `${config.bin} help`],
  });
};
