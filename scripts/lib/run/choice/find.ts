// SPDX-License-Identifier: MIT
import type { CommonOptions } from '../../base/cli/context.ts';
import { singleKernel } from '../../base/cli/common-options.ts';
import { boardOption } from '../../board/inventory/board-option.ts';
import { Failure } from '../../base/failure/failure.ts';
import {
  emulatedName,
  loadInventory,
  type EmulatedEntry,
  type Inventory,
  type KnownBoard,
} from '../../board/inventory/load.ts';
import { bootableKernels } from '../../base/target/bootable.ts';
import type { Board } from '../../board/inventory/board.ts';
import { defaultKernel, emulatedEntry, runningBoards } from '../../emulated/emulator/as-board.ts';

/** The names of all boards that --board asks for, groups resolved, each once; none when it is left open. */
export function namedBoards(inventory: Inventory, options: CommonOptions): string[] {
  const words = options.board?.split(',') ?? [];
  return [...new Set(words.flatMap((word) => inventory.groups.get(word) ?? [word]))];
}

/** What --board, --kernel and the inventory's default ask for; undefined when they leave it open. */
export function wantedBoard(inventory: Inventory, options: CommonOptions): KnownBoard | undefined {
  const names = namedBoards(inventory, options);
  if (names.length > 1) {
    throw new Failure('usage', `one board at a time here, not ${names.join(' and ')}`, {
      remedy: `--board ${names[0]}`,
    });
  }
  const kernel = singleKernel(options);
  if (kernel !== undefined && !bootableKernels.includes(kernel)) {
    throw new Failure('usage', `kernel ${kernel} can only be built for, it has no virtio rpmsg to run with`, {
      remedy: `choose one of ${bootableKernels.join(', ')}`,
    });
  }
  const byKernel = (): KnownBoard | undefined =>
    kernel === undefined ? undefined : { kind: 'emulated', entry: emulatedEntry(kernel) };
  const [name] = names;
  // "emulated" is any of the emulated boards.
  if (name === undefined || name === 'emulated') {
    const fallback = name === undefined && kernel === undefined ? inventory.default : undefined;
    return byKernel() ?? (fallback === undefined ? undefined : knownBoard(inventory, fallback));
  }
  const known = knownBoard(inventory, name);
  const runs = known.kind === 'emulated' ? known.entry.kernel : known.board.kernel;
  if (kernel !== undefined && runs !== kernel) {
    throw new Failure('usage', `${name} does not run kernel ${kernel}`, {
      remedy: known.kind === 'emulated' ? `--board ${emulatedName(kernel)}` : `--board ${name}`,
    });
  }
  return known;
}

export function knownBoard(inventory: Inventory, name: string): KnownBoard {
  const known = inventory.boards.get(name);
  if (known) return known;
  throw new Failure('usage', `there is no board ${name}`, {
    remedy: `known boards: ${[...inventory.boards.keys(), ...inventory.groups.keys()].join(', ')}`,
  });
}

/** The emulated board that --board and --kernel ask for; a failure when they ask for a real one. */
export function wantedEmulated(inventory: Inventory, options: CommonOptions): EmulatedEntry | undefined {
  const wanted = wantedBoard(inventory, options);
  if (wanted?.kind !== 'real') return wanted?.entry;
  throw new Failure('usage', `${wanted.board.name} is a real board: only its power can be switched`, {
    remedy: `npm run board -- power cycle ${boardOption(wanted.board.name)}`,
  });
}

/**
 * The board that a verb works with. Undefined if it is emulated and does not run. If several run, it is the default
 * kernel's.
 */
export async function findBoard(root: string, options: CommonOptions): Promise<Board | undefined> {
  const inventory = await loadInventory(root, options);
  const wanted = wantedBoard(inventory, options);
  if (wanted?.kind === 'real') return wanted.board;
  const running = (await runningBoards(root, inventory)).map(({ board }) => board);
  if (wanted) return running.find((board) => board.name === wanted.entry.name);
  const [only] = running;
  if (only !== undefined && running.length === 1) return only;
  return running.find((board) => board.name === emulatedName(defaultKernel));
}

export async function needBoard(root: string, options: CommonOptions): Promise<Board> {
  const board = await findBoard(root, options);
  if (board) return board;
  const inventory = await loadInventory(root, options);
  const wanted = wantedEmulated(inventory, options);
  const several = wanted === undefined ? await runningBoards(root, inventory) : [];
  if (several.length > 1) {
    throw new Failure('usage', `several boards run: ${several.map((one) => one.board.name).join(', ')}`, {
      remedy: `say which with --board ${several[0]?.board.name}`,
    });
  }
  throw new Failure('board', wanted === undefined ? 'no board is up' : `${wanted.name} is not up`, {
    remedy: wanted === undefined ? 'npm run board -- up' : `npm run board -- up ${boardOption(wanted.name)}`,
  });
}
