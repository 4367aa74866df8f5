// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** clock ticks from the host's boot to the process's start, proc(5) stat field 22; "" when it was gone already */
  readonly started: string;
}

export function processIdentity(pid: number): ProcessIdentity {
  return { pid, started: stat(pid)?.started ?? '' };
}

/**
 * Whether any of it runs. Its first thread may have ended, and shows as a zombie, while others are still about to: they
 * hold its ports and files until they have.
 */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  const now = stat(pid);
  return now?.started === started && (now.state !== 'Z' || now.threads > 1);
}

/** Asks it to end, and makes it after two seconds. It has let go of all that it held when this is done. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const [signal, waitMs] of ends) {
    if (!isRunning(identity)) return;
    process.kill(identity.pid, signal);
    for (let waited = 0; isRunning(identity) && waited < waitMs; waited += 10) await sleep(10);
  }
  if (isRunning(identity)) {
    throw new Failure('host', `process ${identity.pid} of this host does not end`, {
      remedy: `see what it waits for: cat /proc/${identity.pid}/task/*/wchan`,
    });
  }
}

/** A thread that waits for a slow disk ends only when the disk has answered, whatever the signal. */
const ends = [
  ['SIGTERM', 2000],
  ['SIGKILL', 60_000],
] as const;

function stat(pid: number): { state: string; threads: number; started: string } | undefined {
  try {
    // The second field is the name in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state: fields[0] ?? '', threads: Number(fields[17]), started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
