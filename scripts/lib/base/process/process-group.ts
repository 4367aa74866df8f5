// SPDX-License-Identifier: MIT
/** A program of this host with all that it starts. None of it outlives its purpose, or this process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Becomes the program. First it leaves a watcher in the program's process group. The watcher ends the group when
 * descriptor 3 is closed without a word. This process has the other end of it, so the group ends when this process
 * dies, in whatever way. A line on it sets free what is left of the group.
 */
const leash = `( (trap '' TERM INT HUP; read -r free <&3 || kill -KILL -$$) & ); exec 3<&-; exec "$@"`;

/** A group that does not end when it is asked to is killed after this long. */
const graceMs = 3000;
/** A process that has left the group may hold the output open. It is waited for no longer than this. */
const outputMs = 1000;
const lookMs = 20;

export interface GroupOptions {
  readonly cwd?: string;
  /** beside our own environment */
  readonly env?: Readonly<Record<string, string>>;
  /** ends the group */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** the program has ended, and what it left running is to go on: a hook may start a daemon */
  readonly leavesBehind?: boolean;
}

export interface GroupEnding {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** the time was up */
  readonly timedOut: boolean;
  /** the program could not be started */
  readonly error: NodeJS.ErrnoException | undefined;
}

export interface ProcessGroup {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** resolves when nothing of the group is left, and its output has been read */
  readonly ended: Promise<GroupEnding>;
  /** asks all of it to end, and makes it */
  end(): void;
}

type Child = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/** Groups that run. They are not in the terminal's group, so this process passes on what the terminal tells it. */
const running = new Set<Child>();

export function startGroup([program = '', ...words]: readonly string[], o: GroupOptions = {}): ProcessGroup {
  const child = spawn('sh', ['-c', leash, 'sh', program, ...words], {
    ...(o.cwd === undefined ? {} : { cwd: o.cwd }),
    env: { ...process.env, ...o.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  }) as Child;
  const stops = new AbortController();
  let timedOut = false;
  const end = () => stops.abort();
  const timer = o.timeoutMs === undefined ? undefined : setTimeout(() => ((timedOut = true), end()), o.timeoutMs);
  if (o.signal?.aborted) end();
  o.signal?.addEventListener('abort', end, { once: true });
  if (stops.signal.aborted) void stop(child);
  else stops.signal.addEventListener('abort', () => void stop(child), { once: true });
  followTerminal(child);
  const ended = leader(child).then(async (ending) => {
    clearTimeout(timer);
    o.signal?.removeEventListener('abort', end);
    running.delete(child);
    const watcher = child.stdio[3] as Writable;
    watcher.on('error', () => undefined);
    const isFree = o.leavesBehind === true && !stops.signal.aborted;
    watcher.end(isFree ? 'free\n' : '');
    if (!isFree) await gone(child);
    await outputRead(child);
    return { ...ending, timedOut };
  });
  return { stdout: child.stdout, stderr: child.stderr, ended, end };
}

type LeaderEnding = Omit<GroupEnding, 'timedOut'>;

async function leader(child: Child): Promise<LeaderEnding> {
  try {
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { exitCode, signal, error: undefined };
  } catch (error) {
    return { exitCode: null, signal: null, error: error as NodeJS.ErrnoException };
  }
}

async function stop(child: Child): Promise<void> {
  tell(child, 'SIGTERM');
  // A process that is stopped does not act on SIGTERM before this.
  tell(child, 'SIGCONT');
  for (const until = Date.now() + graceMs; Date.now() < until; await sleep(lookMs)) {
    if (child.exitCode !== null || child.signalCode !== null) return;
  }
  tell(child, 'SIGKILL');
}

/** Waits until the group is empty. The watcher in the group sees to that. */
async function gone(child: Child): Promise<void> {
  for (const until = Date.now() + graceMs; Date.now() < until; await sleep(lookMs)) {
    if (!tell(child, 0) || !lives(child)) return;
  }
}

/**
 * Whether any process of the group still runs. Zombies do not count: in a container the first process may never reap
 * them.
 */
function lives({ pid }: Child): boolean {
  return readdirSync('/proc').some((name) => {
    // "number (name) state parent group …"; the name may be anything.
    const [, state, group] = /^\d+ \(.*\) (\S) \d+ (\d+) /s.exec(statOf(name)) ?? [];
    return Number(group) === pid && state !== 'Z' && state !== 'X';
  });
}

function statOf(process: string): string {
  try {
    return /^\d+$/.test(process) ? readFileSync(`/proc/${process}/stat`, 'utf8') : '';
  } catch {
    // It has gone meanwhile.
    return '';
  }
}

async function outputRead({ stdout, stderr }: Child): Promise<void> {
  const streams = [stdout, stderr];
  const read = Promise.all(streams.filter(({ closed }) => !closed).map((stream) => once(stream, 'close')));
  await Promise.race([read, sleep(outputMs)]);
  for (const stream of streams) stream.destroy();
}

/** Whether the group has any process. */
function tell({ pid }: Child, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Passes Ctrl-Z at the terminal on to the groups, and also what continues them. */
function followTerminal(child: Child): void {
  if (running.size === 0 && process.listenerCount('SIGTSTP') === 0) {
    process.on('SIGTSTP', () => {
      for (const one of running) tell(one, 'SIGSTOP');
      process.kill(process.pid, 'SIGSTOP');
    });
    process.on('SIGCONT', () => {
      for (const one of running) tell(one, 'SIGCONT');
    });
  }
  running.add(child);
}
