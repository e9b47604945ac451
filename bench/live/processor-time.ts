/** A process id enters; the processor time of it and all that descends from it leaves, from /proc (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks a second: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

function rowOf(pid: string): Row | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
  } catch {
    // It ended while we read.
    return null;
  }
}

/** Seconds of processor time used so far by the processes and their descendants. */
export function processorSeconds(pids: readonly number[]): number {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(rowOf)
    .filter((row) => row !== null);
  const mine = new Set(pids);
  for (let grown = true; grown; ) {
    const before = mine.size;
    for (const { pid, parent } of rows) if (mine.has(parent)) mine.add(pid);
    grown = mine.size > before;
  }
  return rows.filter(({ pid }) => mine.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0);
}
