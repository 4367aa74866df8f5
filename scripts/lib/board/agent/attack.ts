// SPDX-License-Identifier: MIT
import { seedVariable } from '../../base/record/soak.ts';
import { device } from './abi-v1.ts';
import type { Task } from './task.ts';

/** What `agent attack` did: how often each was seen to work. */
export interface AttackCounts {
  readonly steps: number;
  readonly opened: number;
  readonly mapped: number;
  readonly ioctls: number;
  readonly records: number;
  readonly handedOver: number;
  readonly touched: number;
  readonly forked: number;
  /** calls that the channel was gone for */
  readonly gone: number;
}

/** Something was wrong during the attack with this seed, the board's end included. */
export class AttackError extends Error {
  constructor(seed: number, what: string, cause?: unknown) {
    super(`${what}; again with ${seedVariable}=${seed}`, { cause });
    this.name = 'AttackError';
  }
}

/** Random system calls on the device from eight threads, for so long. */
export async function attack(
  task: Task,
  seed: number,
  milliseconds: number,
  path: string = device,
): Promise<AttackCounts> {
  const command = `attack seed=${seed} ms=${milliseconds} device=${path}`;
  const answer = await task.ask(command, { timeout: milliseconds + 120_000 }).catch((error: unknown) => {
    throw new AttackError(seed, error instanceof Error ? error.message : String(error), error);
  });
  const { wrong, errno } = answer.fields;
  if (!answer.ok) throw new AttackError(seed, typeof wrong === 'string' ? wrong : String(errno));
  return answer.fields as unknown as AttackCounts;
}
