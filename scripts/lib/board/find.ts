// SPDX-License-Identifier: MIT
import type { CommonOptions } from '../cli/context.ts';
import { singleKernel } from '../cli/common-options.ts';
import { Failure } from '../failure/failure.ts';
import type { KernelVersion } from '../kernel/versions.ts';
import type { Board } from './board.ts';
import { asBoard, bootableKernels, defaultKernel, emulatedName, kernelOfName, runningBoards } from './emulated.ts';

/** The kernel that --board and --kernel ask for, undefined when they leave it open. */
export function wantedKernel(options: CommonOptions): KernelVersion | undefined {
  const fromName = options.board === undefined ? undefined : kernelOfName(options.board);
  const fromOption = singleKernel(options);
  if (fromOption !== undefined && !bootableKernels.includes(fromOption)) {
    throw new Failure('usage', `kernel ${fromOption} can only be built for, it has no virtio rpmsg to run with`, {
      remedy: `choose one of ${bootableKernels.join(', ')}`,
    });
  }
  if (fromName !== undefined && fromOption !== undefined && fromName !== fromOption) {
    throw new Failure('usage', `${options.board} does not run kernel ${fromOption}`, {
      remedy: `--board ${emulatedName(fromOption)}`,
    });
  }
  return fromOption ?? fromName;
}

/** The board a verb is to work with, undefined when it does not run: of several, the default kernel's. */
export async function findBoard(root: string, options: CommonOptions): Promise<Board | undefined> {
  const kernel = wantedKernel(options);
  const running = await runningBoards(root);
  if (kernel !== undefined) return running.filter((board) => board.kernel === kernel).map(asBoard)[0];
  const [only] = running;
  if (only !== undefined && running.length === 1) return asBoard(only);
  return running.filter((board) => board.kernel === defaultKernel).map(asBoard)[0];
}

export async function needBoard(root: string, options: CommonOptions): Promise<Board> {
  const board = await findBoard(root, options);
  if (board) return board;
  const kernel = wantedKernel(options);
  const several = kernel === undefined ? (await runningBoards(root)).map(asBoard) : [];
  if (several.length > 1) {
    throw new Failure('usage', `several boards run: ${several.map((one) => one.name).join(', ')}`, {
      remedy: `say which with --board ${several[0]?.name}`,
    });
  }
  throw new Failure('board', kernel === undefined ? 'no board is up' : `${emulatedName(kernel)} is not up`, {
    remedy: kernel === undefined ? 'npm run board -- up' : `npm run board -- up --kernel ${kernel}`,
  });
}
