// SPDX-License-Identifier: MIT
import { withConnection } from '../../board/link/connect.ts';
import { needBoard } from '../choice/find.ts';
import type { Context } from '../../base/cli/context.ts';
import { pull, push } from '../../board/ssh/transfer.ts';

/** `board push LOCAL REMOTE` */
export async function pushVerb(context: Context, local = '', remote = ''): Promise<void> {
  const { log, options, signal } = context;
  const board = await needBoard(context.root, options);
  if (options.dryRun)
    return log.result(`would copy ${local} to ${board.name}:${remote}`, { board: board.name, local, remote });
  await withConnection(context, board, async (connection) => {
    const sent = await log.step(`push ${local}`, () => push(connection, local, remote, { signal }));
    log.result(`${board.name}:${sent.path}  ${sent.bytes} bytes`, { board: board.name, local, ...sent });
  });
}

/** `board pull REMOTE LOCAL` */
export async function pullVerb(context: Context, remote = '', local = ''): Promise<void> {
  const { log, options, signal } = context;
  const board = await needBoard(context.root, options);
  if (options.dryRun)
    return log.result(`would copy ${board.name}:${remote} to ${local}`, { board: board.name, local, remote });
  await withConnection(context, board, async (connection) => {
    const got = await log.step(`pull ${remote}`, () => pull(connection, remote, local, { signal }));
    log.result(`${got.path}  ${got.bytes} bytes`, { board: board.name, remote, ...got });
  });
}
