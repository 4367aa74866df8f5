// SPDX-License-Identifier: MIT
import { needBoard } from '../choice/find.ts';
import type { Context } from '../../base/cli/context.ts';
import { switchPower, type PowerAction } from '../../board/state/power.ts';

/** `board power on|off|cycle`: the hooks of the inventory. */
export async function powerVerb(context: Context, to = ''): Promise<void> {
  const board = await needBoard(context.root, context.options);
  const action = to as PowerAction;
  if (context.options.dryRun) return context.log.result(`would switch ${board.name} ${to}`, { board: board.name, to });
  const again = await context.log.step(`power ${to}`, (step) => switchPower(board, action, step, context.signal));
  context.log.result(`${board.name}: power ${to}`, { board: board.name, to, retries: again });
}
