// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { Context } from '../cli/context.ts';
import { startEmulatedBoard } from '../emulator/board.ts';
import type { KernelVersion } from '../kernel/versions.ts';
import type { Log } from '../log/log.ts';
import type { Board } from './board.ts';
import { asBoard, emulatedName } from './emulated.ts';

/** A board that a run has for itself. */
export interface ClaimedBoard {
  readonly board: Board;
  /** of an emulated board that is this run's own: where QEMU works */
  readonly directory?: string;
  /** resolves when the board's power is gone: QEMU has ended */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

/** Starts an emulated board that lives and dies with this run; one of several may have a folder and a plugin of its own. */
export async function ownBoard(
  context: Context,
  kernel: KernelVersion,
  log: Log,
  o: { readonly folder?: string; readonly plugin?: string } = {},
): Promise<ClaimedBoard> {
  const name = emulatedName(kernel);
  const directory = join(context.outputs.directory(), o.folder ?? name);
  const plugin = o.plugin === undefined ? {} : { plugin: o.plugin };
  const emulated = await log.step(`start ${name}`, (step) =>
    startEmulatedBoard({ kernel, directory, lifetime: 'owner', log: step, ...plugin }),
  );
  context.defer(() => emulated.stop());
  return { board: asBoard(emulated), directory, exited: emulated.exited, stop: () => emulated.stop() };
}

/** A board that is up already: nothing of it is ours to stop. */
export function borrowedBoard(board: Board): ClaimedBoard {
  return { board, exited: new Promise(() => undefined), stop: async () => undefined };
}
