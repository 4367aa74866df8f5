// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** clock ticks from the host's boot to the process's start, proc(5) stat field 22; "" when it was gone already */
  readonly started: string;
}

export function processIdentity(pid: number): ProcessIdentity {
  return { pid, started: stat(pid)?.started ?? '' };
}

export function isRunning({ pid, started }: ProcessIdentity): boolean {
  const now = stat(pid);
  return now?.started === started && now.state !== 'Z';
}

/** Asks it to end, and makes it after two seconds. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(identity)) return;
    process.kill(identity.pid, signal);
    for (let waited = 0; isRunning(identity) && waited < 2000; waited += 10) await sleep(10);
  }
}

function stat(pid: number): { state: string; started: string } | undefined {
  try {
    // The second field is the name in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
