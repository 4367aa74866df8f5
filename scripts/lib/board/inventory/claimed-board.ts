// SPDX-License-Identifier: MIT
import type { Log } from '../../base/log/log.ts';
import type { Board } from './board.ts';

/** A board that a run has for itself. */
export interface ClaimedBoard {
  readonly board: Board;
  /** of an emulated board that is this run's own: where QEMU works */
  readonly directory?: string;
  /** resolves when the board's power is gone: QEMU has ended */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** its power has just been given back: it may take as long as a boot to answer */
  readonly justStarted?: boolean;
  /** Takes its power away and gives it back; undefined when nothing here can. What comes of it takes this one's place. */
  readonly restart: ((log: Log) => Promise<ClaimedBoard>) | undefined;
}
