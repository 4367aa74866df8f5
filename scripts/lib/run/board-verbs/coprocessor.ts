// SPDX-License-Identifier: MIT
import { kernelsOf, type Board } from '../../board/inventory/board.ts';
import { withConnection } from '../../board/link/connect.ts';
import { needBoard } from '../choice/find.ts';
import { targetPaths } from '../../board/link/target-paths.ts';
import { buildAgent } from '../../host/build/board-programs.ts';
import { firmwareFor, programsOf } from '../../board/deploy/build.ts';
import type { Context } from '../../base/cli/context.ts';
import { requestFirmware } from '../../board/state/coprocessor-request.ts';
import { awaitEndpoint, startFirmware } from '../../board/state/firmware.ts';
import { coprocessorState, stopCoprocessor } from '../../board/state/coprocessor.ts';
import { traceOf } from '../../board/deploy/other-firmware.ts';
import { emulatedDirectory } from '../../emulated/emulator/as-board.ts';
import { attachEmulatedBoard } from '../../emulated/emulator/attached.ts';
import { saidOnUarts } from '../../emulated/emulator/coprocessor.ts';
import { Failure } from '../../base/failure/failure.ts';
import { uploadIfDifferent } from '../../board/deploy/upload.ts';
import { buildPackages, kernelPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import type { Connection } from '../../board/ssh/connection.ts';

type OnBoard = (connection: Connection, board: Board, context: Context, words: string[]) => Promise<void>;

/**
 * Starts our firmware. It is built, and uploaded if the board does not have it. Nothing is wrong if it runs already.
 */
const start: OnBoard = async (connection, board, context) => {
  await preparePackages([...buildPackages, ...kernelPackages(...kernelsOf(board))], context);
  const firmware = await firmwareFor(board, context);
  const agent = await buildAgent(context, programsOf(board));
  await uploadIfDifferent(connection, agent, targetPaths.agent, 0o755, context.signal);
  if (await uploadIfDifferent(connection, firmware, targetPaths.firmware, 0o644, context.signal)) {
    await stopCoprocessor(connection, board);
  }
  const started = await context.log.step('start the coprocessor', async () => {
    const fresh = await startFirmware(connection, board);
    await awaitEndpoint(connection, board);
    return fresh;
  });
  context.log.result(started ? 'running' : 'running (it was already)', {
    board: board.name,
    state: 'running',
    changed: started,
  });
};

const stop: OnBoard = async (connection, board, context) => {
  const stopped = await context.log.step('stop the coprocessor', () => stopCoprocessor(connection, board));
  context.log.result(stopped ? 'offline' : 'offline (it was already)', {
    board: board.name,
    state: 'offline',
    changed: stopped,
  });
};

const showState: OnBoard = async (connection, board, context) => {
  const { state, firmware } = await coprocessorState(connection, board);
  context.log.result(state, { board: board.name, state, firmware });
};

/** A request that answers in one line: crash, hang, fill, say. */
const request =
  (verb: string): OnBoard =>
  async (connection, board, context, words) => {
    const reply = await requestFirmware(connection, [verb, ...words]);
    context.log.result([...reply.lines, reply.ending].join('\n'), { board: board.name, ...reply });
  };

/** What Linux sent since last asked, a line each and nothing else on stdout. */
const heard: OnBoard = async (connection, board, context) => {
  const reply = await requestFirmware(connection, ['heard']);
  const lost = / lost (\d+)/.exec(reply.ending)?.[1];
  if (lost !== undefined) context.log.warn(`${lost} more messages did not fit into the firmware's memory`);
  if (context.options.json || reply.lines.length > 0) {
    context.log.result(reply.lines.join('\n'), { board: board.name, heard: reply.lines, lost: Number(lost ?? 0) });
  }
};

/** What the firmware wrote for remoteproc to show. */
const trace: OnBoard = async (connection, board, context) => {
  const text = await traceOf(connection, board);
  context.log.result(text.trimEnd(), { board: board.name, trace: text });
};

/** What it said on its UARTs. If several said something, each line begins with the UART's name. */
const uart: OnBoard = async (_, board, context) => {
  const emulated = await attachEmulatedBoard(emulatedDirectory(context.root, board.name));
  if (!emulated)
    throw new Failure('usage', `${board.name} is a real board: its UARTs are on its pins`, {
      remedy: 'connect a serial adapter to them',
    });
  const said = Object.entries(await saidOnUarts(emulated.directory));
  const texts = said.map(([name, text]) => (said.length > 1 ? text.trimEnd().replaceAll(/^/gm, `${name}: `) : text));
  context.log.result(texts.join('\n').trimEnd(), { board: board.name, uarts: Object.fromEntries(said) });
};

const verbs = {
  trace,
  uart,
  start,
  stop,
  status: showState,
  crash: request('crash'),
  hang: request('hang'),
  fill: request('fill'),
  say: request('say'),
  heard,
} as const satisfies Record<string, OnBoard>;

export type CoprocessorVerb = keyof typeof verbs;

/** The frame of each `board coprocessor` verb: finds the board, connects, and honours --dry-run. */
export async function coprocessorVerb(verb: CoprocessorVerb, context: Context, ...words: string[]): Promise<void> {
  const board = await needBoard(context.root, context.options);
  if (context.options.dryRun) {
    const text = [verb, ...words].join(' ');
    return context.log.result(`would do on ${board.name}: coprocessor ${text}`, { board: board.name, request: text });
  }
  await withConnection(context, board, (connection) => verbs[verb](connection, board, context, words));
}
