// SPDX-License-Identifier: MIT
import { hostname, userInfo } from 'node:os';
import { Failure } from '../failure/failure.ts';
import { quote } from '../shell/quote.ts';
import type { Connection } from './connection.ts';

/** The file whose flock means "this board is in use by a run". */
const lockFile = '/tmp/rpmsg-sdb.lock';
const beatMs = 5000;
/** Without a sign of life for this long the board lets go by itself, even when the link was cut without a word. */
const leaseSeconds = 20;
const answerMs = 15_000;

export interface Lock {
  release(): void;
}

/**
 * Takes the board for one run. The lock is a process on the board that lives on our signs of life: it falls when this
 * process dies, however it dies, so it can never be stale. `purpose` is told to whoever comes second.
 */
export async function lockBoard(connection: Connection, purpose: string): Promise<Lock> {
  const holder = `${purpose} (${userInfo().username}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()})`;
  const command = lockCommand(holder);
  const { channel } = await connection.open(command);
  let said = '';
  const answer = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Failure('board', `${connection.name} does not answer the lock`)),
      answerMs,
    );
    const done = (text: string) => {
      clearTimeout(timer);
      resolve(text);
    };
    channel.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.startsWith('held\n')) done(said);
    });
    channel.on('close', () => done(said));
  });
  const text = await connection.orLost(answer);
  if (!text.startsWith('held\n')) {
    const who = text.replace(/^busy\n?/, '').trim() || 'another run';
    throw new Failure('board', `${connection.name} is in use: ${who}`, {
      remedy: 'wait for that run to end, then again',
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
function lockCommand(holder: string): string {
  const hold = [
    `echo ${quote(holder)} > ${lockFile}.holder`,
    'echo held',
    `while [ -n "$(timeout ${leaseSeconds} dd bs=1 count=1 2>/dev/null)" ]; do :; done`,
    `rm -f ${lockFile}.holder`,
  ].join('; ');
  const busy = `{ echo busy; cat ${lockFile}.holder; }`;
  // "held" tells it: busybox' flock has no -E to tell being refused from the rest.
  const byFlock = `flock -n ${lockFile} sh -c ${quote(hold)} || ${busy}`;
  // Debian's busybox has no flock at all. A pid in a file that only one can create does there; a dead one counts for nothing.
  const pidFile = `${lockFile}.pid`;
  const byPid = [
    `kill -0 "$(cat ${pidFile})" || rm -f ${pidFile}`,
    `if (set -C; echo $$ > ${pidFile}); then ${hold}; rm -f ${pidFile}; else ${busy}; fi`,
  ].join('; ');
  return `if command -v flock >/dev/null; then ${byFlock}; else { ${byPid}; } 2>/dev/null; fi`;
}
