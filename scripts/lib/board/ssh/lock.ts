// SPDX-License-Identifier: MIT
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from './connection.ts';

/** The file whose flock means "this board is in use by a run": one for all who use a board. */
const boardLock = '/tmp/rpmsg-sdb.lock';
const beatMs = 5000;
/** Without a sign of life for this long the board lets go by itself, even when the link was cut without a word. */
const leaseSeconds = 20;
const answerMs = 15_000;
const askAgainMs = 1000;

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
  /** another file on the board, for trying out the lock itself */
  readonly file?: string;
}

/**
 * Takes the board for one run. The lock is a process on the board that lives on our signs of life: it falls when this
 * process dies, however it dies, so it can never be stale.
 */
export async function lockBoard(connection: Connection, o: LockOptions): Promise<Lock> {
  for (;;) {
    const answer = await tryLock(connection, o);
    if (typeof answer !== 'string') return answer;
    if (o.wait !== true) {
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
async function tryLock(connection: Connection, { purpose, file }: LockOptions): Promise<Lock | string> {
  const since = new Date().toISOString();
  const holder = `${purpose} (${userInfo().username}@${hostname()}, process ${process.pid}, since ${since})`;
  const { channel } = await connection.open(lockCommand(holder, file ?? boardLock));
  let said = '';
  let complaint = '';
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<string>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Failure('board', `${connection.name} does not answer the lock`, { kind: 'link' })),
      answerMs,
    );
    channel.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.startsWith('held\n')) resolve(said);
    });
    channel.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    channel.on('close', () => resolve(said));
  });
  const text = await connection.orLost(answer).finally(() => clearTimeout(timer));
  if (text.startsWith('busy\n')) return text.slice('busy\n'.length).trim() || 'another run, which has just begun';
  if (!text.startsWith('held\n')) {
    throw new Failure('board', `${connection.name} cannot be locked: ${complaint.trim() || text.trim()}`, {
      remedy: 'install util-linux on the board, or a busybox with flock',
    });
  }
  channel.write('x');
  const beat = setInterval(() => channel.write('x'), beatMs);
  beat.unref();
  channel.on('close', () => clearInterval(beat));
  return {
    release() {
      clearInterval(beat);
      channel.end();
    },
  };
}

/** Says "held" and keeps the lock for as long as bytes come, or says "busy" and who holds it. */
function lockCommand(holder: string, lockFile: string): string {
  const hold = [
    `echo ${quote(holder)} > ${lockFile}.holder`,
    'echo held',
    // dd must not inherit the lock: should it outlive the shell, the lock would not fall.
    `while [ -n "$(timeout ${leaseSeconds} dd bs=1 count=1 2>/dev/null 9>&-)" ]; do :; done`,
    `rm -f ${lockFile}.holder`,
  ].join('; ');
  // A flock of its own descriptor, not `flock FILE COMMAND`: busybox' has no -E to tell being refused from the rest.
  const script = [
    `exec 9>>${lockFile}`,
    `if flock -n 9; then ${hold}; elif [ $? = 1 ]; then echo busy; cat ${lockFile}.holder 2>/dev/null; fi`,
  ].join('; ');
  return `exec sh -c ${quote(script)}`;
}
