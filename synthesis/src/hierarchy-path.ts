/** Names of cells and instances after synthesis, in terms of the modules that they came from. */

/** Instances are called `u_...`, generate blocks `g_...`: what comes behind was made up by tools. */
const INSTANCE = /^u_\w+$/;
const BLOCK = /^g_\w+(\[\d+\])?$/;

/** Wrappers around an accelerator: their names say nothing about it. */
const WRAPPERS = new Set(['u_accelerator']);

/**
 * Instances that a flattened name passes: `u_array.g_lane[3].u_lane.acc_q_SB_DFF_Q` gives `u_array`,
 * `g_lane[3].u_lane`.
 */
export function instancesOf(name: string): string[] {
  const instances: string[] = [];
  let block = '';
  for (const part of name.split('.')) {
    if (BLOCK.test(part)) block += `${part}.`;
    else if (INSTANCE.test(part)) {
      instances.push(block + part);
      block = '';
    } else break;
  }
  return instances;
}

/** A path for people: `u_array/g_lane[3].u_lane`; `top` where the name passes no instance. */
export function modulePath(name: string): string {
  const instances = instancesOf(name).filter((instance) => !WRAPPERS.has(instance));
  return instances.length === 0 ? 'top' : instances.join('/');
}

/** The name without the numbers of generate blocks, and without the blocks: `g_lane[3].u_lane` gives `u_lane`. */
export function withoutIndices(instance: string): string {
  return instance.slice(instance.lastIndexOf('.') + 1);
}
