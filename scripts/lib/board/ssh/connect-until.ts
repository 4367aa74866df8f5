// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from './address.ts';
import { Connection } from './connection.ts';

export interface PollOptions {
  readonly name: string;
  /** give up after this long */
  readonly withinMs: number;
  /** as Connection.connect's */
  readonly patience?: number;
  readonly signal: AbortSignal;
}

/**
 * QEMU's port forward accepts at once, and stays silent until the guest's sshd is up. So each try is short. But a slow
 * board on a busy host may need longer than that for the handshake alone. So each try gets more time than the one
 * before.
 */
const firstTryMs = 3000;
const lastTryMs = 30_000;
const pauseMs = 200;

/**
 * Connects to a board that may still be booting. It tries again only while the board may still be booting, and not
 * after a wrong host key, a refused login or a bug.
 */
export async function connectUntil(address: BoardAddress, o: PollOptions): Promise<Connection> {
  const end = Date.now() + o.withinMs;
  for (let tryMs = firstTryMs; ; tryMs = Math.min(1.5 * tryMs, lastTryMs)) {
    try {
      return await Connection.connect(address, { ...o, timeoutMs: Math.min(tryMs, o.withinMs) });
    } catch (error) {
      // A failure with a remedy is one that a person has to mend.
      const isHopeful = error instanceof Failure && error.kind === 'link' && error.remedy === undefined;
      if (!isHopeful || Date.now() + pauseMs > end) throw error;
    }
    await sleep(pauseMs, undefined, { signal: o.signal });
  }
}
