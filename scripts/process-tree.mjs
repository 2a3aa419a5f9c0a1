/** What a process and all that it starts use: memory while they run, CPU time when they have ended. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICKS = 100;
const POLL_MS = 200;

/** Fields of /proc/PID/stat behind the name; null if the process has ended. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
  } catch {
    return null;
  }
}

/** Kilobytes of a line of /proc/PID/status in bytes; 0 if the process has ended. */
function readBytes(pid, line) {
  try {
    const found = new RegExp(`^${line}:\\s*(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? 0 : 1024 * Number(found[1]);
  } catch {
    return 0;
  }
}

/** The process and everything below it. */
function family(root) {
  const children = new Map();
  const names = new Map();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStat(entry) : null;
    if (stat === null) continue;
    const parent = Number(stat.fields[1]);
    names.set(Number(entry), stat.name);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const members = [root];
  for (const pid of members) members.push(...(children.get(pid) ?? []));
  return members.map((pid) => ({ pid, name: names.get(pid) ?? '?' }));
}

/**
 * Looks at a process and all below it until `stop` is called.
 * @param onSum called with the bytes of all of them together, again and again
 * @returns `peaks`: most resident bytes of a process, by the name of its program; `sum`: most of all at the same time
 */
export function watchMemory(pid, onSum) {
  const peaks = {};
  let most = 0;
  const look = () => {
    let sum = 0;
    for (const member of family(pid)) {
      sum += readBytes(member.pid, 'VmRSS');
      peaks[member.name] = Math.max(peaks[member.name] ?? 0, readBytes(member.pid, 'VmHWM'));
    }
    most = Math.max(most, sum);
    onSum(sum);
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { peaks, sum: most };
    },
  };
}

/** CPU seconds, user and system, of all processes that this one has started and that have ended, with theirs. */
export function childrenCpuSeconds() {
  const { fields } = readStat('self');
  return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS;
}
