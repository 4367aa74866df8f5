// SPDX-License-Identifier: MIT
import type { FailureKind } from '../../base/failure/failure.ts';

/** How far a board can be, each state including the ones before it. */
export const boardStates = ['off', 'booting', 'reachable', 'module loaded', 'firmware running', 'ready'] as const;

export type BoardState = (typeof boardStates)[number];

export interface Transition {
  readonly from: BoardState;
  readonly to: BoardState;
  /** how it is called in messages: "the board does not …" */
  readonly verb: string;
  /** a board that takes longer is broken; multiplied by the board's patience */
  readonly limitMs: number;
  /** what its failure is */
  readonly kind: FailureKind;
}

/** Every step up; each has one function in this folder. */
export const transitions = {
  powerOn: { from: 'off', to: 'booting', verb: 'switch on', limitMs: 60_000, kind: 'power' },
  boot: { from: 'booting', to: 'reachable', verb: 'boot', limitMs: 180_000, kind: 'boot' },
  loadModule: { from: 'reachable', to: 'module loaded', verb: 'take the driver', limitMs: 60_000, kind: 'load' },
  startFirmware: {
    from: 'module loaded',
    to: 'firmware running',
    verb: 'start its coprocessor',
    limitMs: 45_000,
    kind: 'coprocessor',
  },
  announce: {
    from: 'firmware running',
    to: 'ready',
    verb: 'announce its channel',
    limitMs: 15_000,
    kind: 'announce',
  },
} as const satisfies Record<string, Transition>;
