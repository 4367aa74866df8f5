// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import { attachEmulatedBoard, type EmulatedBoard } from '../../emulated/emulator/attached.ts';
import { startEmulatedBoard } from '../../emulated/emulator/board.ts';
import type { EmulatedEntry, KnownBoard } from '../../board/inventory/load.ts';
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import type { Log } from '../../base/log/log.ts';
import { canSwitch, switchPower } from '../../board/state/power.ts';
import type { Board } from '../../board/inventory/board.ts';
import { asBoard, emulatedDirectory, hardwareOf } from '../../emulated/emulator/as-board.ts';

/** One of several boards of a run may have a folder and a plugin of its own. */
interface InstanceOptions {
  readonly folder?: string;
  readonly plugin?: string;
}

/** Starts an emulated board that lives and dies with this run. count: which one it is, after restarts. */
export async function ownBoard(
  context: Context,
  entry: EmulatedEntry,
  log: Log,
  o: InstanceOptions = {},
  count = 1,
): Promise<ClaimedBoard> {
  const { name } = entry;
  // Each has a console of its own. The console of the one before tells why there had to be another.
  const folder = o.folder ?? name;
  const directory = join(context.outputs.directory(), count === 1 ? folder : `${folder}-${count}`);
  const plugin = o.plugin === undefined ? {} : { plugin: o.plugin };
  const emulated = await log.step(`start ${name}`, (step) =>
    startEmulatedBoard({ ...hardwareOf(entry), directory, lifetime: 'owner', log: step, ...plugin }),
  );
  context.defer(() => emulated.stop());
  return {
    ...claimed(emulated, entry),
    directory,
    stop: () => emulated.stop(),
    async restart(step) {
      await emulated.stop();
      return ownBoard(context, entry, step, o, count + 1);
    },
  };
}

/** A real board, or an emulated one that is up, else one that is started for this run. */
export async function claimBoard(context: Context, known: KnownBoard, log: Log): Promise<ClaimedBoard> {
  if (known.kind === 'real') return realBoard(context, known.board);
  const directory = emulatedDirectory(context.root, known.entry.name);
  const up = await attachEmulatedBoard(directory);
  return up ? upBoard(up, known.entry) : ownBoard(context, known.entry, log);
}

/** A board that is up already. This run must not stop it. */
export function borrowedBoard(board: Board): ClaimedBoard {
  return { board, exited: new Promise(() => undefined), stop: async () => undefined, restart: undefined };
}

function realBoard(context: Context, board: Board): ClaimedBoard {
  const self = borrowedBoard(board);
  if (!canSwitch(board)) return self;
  return {
    ...self,
    async restart(log) {
      await switchPower(board, 'cycle', log, context.signal);
      return { ...realBoard(context, board), justStarted: true };
    },
  };
}

/** A board of `board up`. It stays up after this run, also if this run had to start it anew. */
function upBoard(up: EmulatedBoard, entry: EmulatedEntry): ClaimedBoard {
  const { directory } = up;
  return {
    ...claimed(up, entry),
    stop: async () => undefined,
    async restart(log) {
      await up.stop();
      return upBoard(await startEmulatedBoard({ ...hardwareOf(entry), directory, lifetime: 'detached', log }), entry);
    },
  };
}

function claimed(emulated: EmulatedBoard, entry: EmulatedEntry): Pick<ClaimedBoard, 'board' | 'exited'> {
  return { board: asBoard(emulated, entry), exited: emulated.exited };
}
