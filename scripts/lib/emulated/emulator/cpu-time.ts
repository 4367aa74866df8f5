// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { Monitor } from './monitor.ts';

interface Core {
  readonly 'qom-path': string;
  readonly 'thread-id': number;
}

/** Host threads that are the cores of one type. directory is the board's. */
export async function coreThreads(directory: string, type: string): Promise<number[]> {
  const monitor = await Monitor.connect(directory);
  const threads: number[] = [];
  for (const core of (await monitor.execute('query-cpus-fast')) as Core[]) {
    const found = await monitor.execute('qom-get', { path: core['qom-path'], property: 'type' });
    if (found === type) threads.push(core['thread-id']);
  }
  monitor.close();
  return threads;
}

/** Nanoseconds for which the host has run these threads, all together. */
export async function cpuTime(threads: readonly number[]): Promise<number> {
  // Of the three numbers the first is this one: Documentation/scheduler/sched-stats.rst in Linux.
  const read = async (thread: number) =>
    Number((await readFile(`/proc/${thread}/task/${thread}/schedstat`, 'utf8')).split(' ')[0]);
  return (await Promise.all(threads.map(read))).reduce((sum, time) => sum + time, 0);
}
