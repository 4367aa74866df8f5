// SPDX-License-Identifier: MIT
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from './connection.ts';

/** The file whose flock means "this board is in use by a run": one for all who use a board. */
const boardLock = '/tmp/rpmsg-sdb.lock';
const beatMs = 5000;
/** Without a sign of life for this long the board ends the lock by itself, even if the link was cut without a word. */
const defaultLeaseSeconds = 20;
const answerMs = 15_000;
const askAgainMs = 1000;

/**
 * What our locks said of their holder, for locks that were lost with their link. The board may still take them for
 * held.
 */
const former = new Set<string>();

export interface Lock {
  release(): void;
}

export interface LockOptions {
  /** told to whoever comes second */
  readonly purpose: string;
  /** wait for as long as another run has the board, instead of failing */
  readonly wait?: boolean;
  /** called each time it is asked who has the board */
  readonly whenBusy?: (holder: string) => void;
  readonly signal?: AbortSignal;
  /** another file on the board, and another lease, for trying out the lock itself */
  readonly file?: string;
  readonly leaseSeconds?: number;
}

/**
 * Takes the board for one run. The lock is a process on the board that lives as long as our signs of life come. It
 * ends when this process dies, in whatever way. So a lock never stays behind. It may end while we live, as when this
 * host slept for longer than the lease. Then the connection is given up, with that as the reason: nobody works on a
 * board that another may have.
 */
export async function lockBoard(connection: Connection, o: LockOptions): Promise<Lock> {
  for (;;) {
    const answer = await tryLock(connection, o);
    if (typeof answer !== 'string') return answer;
    // A lock of ours from before the link was lost ends with its lease. So it is waited for.
    if (o.wait !== true && !former.has(answer)) {
      throw new Failure('board', `${connection.name} is in use: ${answer}`, {
        kind: 'busy',
        remedy: 'wait for that run to end, or have this one wait for it with --wait',
      });
    }
    o.whenBusy?.(answer);
    await connection.orLost(sleep(askAgainMs, undefined, o.signal === undefined ? {} : { signal: o.signal }));
  }
}

/** The lock, or who has it. */
async function tryLock(connection: Connection, o: LockOptions): Promise<Lock | string> {
  const leaseSeconds = o.leaseSeconds ?? defaultLeaseSeconds;
  const since = new Date().toISOString();
  const holder = `${o.purpose} (${userInfo().username}@${hostname()}, process ${process.pid}, since ${since})`;
  const keeper = await connection.open(lockScript(holder, o.file ?? boardLock, leaseSeconds), { lasts: true });
  let said = '';
  let complaint = '';
  let answeredAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  keeper.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const answer = new Promise<void>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Failure('board', `${connection.name} does not answer the lock`, { kind: 'link' })),
      answerMs,
    );
    keeper.stdout.on('data', (data: Buffer) => {
      answeredAt = Date.now();
      // From then on it only answers.
      if (!said.endsWith(held)) said += data.toString();
      if (said.endsWith(held)) resolve();
    });
    keeper.ended.then(() => resolve(), reject);
  });
  // The lock counts as held when the board answers this. A board that cannot wait for a sign of life would let go at
  // once.
  keeper.stdin.write(beat);
  await connection.orLost(answer).finally(() => clearTimeout(timer));
  if (said.startsWith('busy\n')) return said.slice('busy\n'.length).trim() || 'another run, which has just begun';
  if (!said.endsWith(held)) throw cannotLock(connection.name, complaint.trim() || said.trim());
  let isReleased = false;
  const over = () => {
    clearInterval(beating);
    if (isReleased) return;
    former.add(holder);
    connection.lose(lockLost(connection.name, Date.now() - answeredAt));
  };
  const beating = setInterval(
    () => {
      // This process was stopped, or the board was. The board has let go of the lock, or will do so before it hears of
      // us.
      if (Date.now() - answeredAt >= leaseSeconds * 1000) over();
      else keeper.stdin.write(beat);
    },
    Math.min(beatMs, (leaseSeconds * 1000) / 4),
  );
  beating.unref();
  keeper.ended.then(over, over);
  connection.lost.addEventListener('abort', over, { once: true });
  return {
    release() {
      isReleased = true;
      clearInterval(beating);
      keeper.stdin.end();
    },
  };
}

const beat = 'x';
/** What the board says to a sign of life; the first one tells that the lock is held. */
const held = 'held\n';

function cannotLock(name: string, why: string): Failure {
  return new Failure('board', `${name} cannot be locked: ${why}`, {
    kind: 'tools',
    remedy: 'install util-linux and coreutils on the board, or a busybox with flock, timeout and dd',
  });
}

function lockLost(name: string, silentMs: number): Failure {
  const seconds = Math.round(silentMs / 1000);
  return new Failure('board', `lost the lock of ${name}: ${seconds} s since its last answer`, {
    kind: 'lock',
    remedy: 'let this host not sleep or stop while a run goes on, and run it again',
  });
}

/** Says "held" at each sign of life for as long as they come, or says "busy" and who holds it. */
function lockScript(holder: string, lockFile: string, leaseSeconds: number): string {
  const file = quote(lockFile);
  const hold = [
    `echo ${quote(holder)} > ${file}.holder`,
    // dd must not inherit the lock: should it outlive the shell, the lock would not fall.
    `while [ -n "$(timeout ${leaseSeconds} dd bs=1 count=1 2>/dev/null 9>&-)" ]; do echo held; done`,
    `rm -f ${file}.holder`,
  ].join('; ');
  // A flock of its own descriptor, not `flock FILE COMMAND`: busybox' has no -E to tell being refused from the rest.
  return [
    'for tool in flock timeout dd; do command -v $tool >/dev/null || { echo "it has no $tool" >&2; exit 1; }; done',
    `exec 9>>${file}`,
    `if flock -n 9; then ${hold}; elif [ $? = 1 ]; then echo busy; cat ${file}.holder 2>/dev/null; fi`,
  ].join('\n');
}
