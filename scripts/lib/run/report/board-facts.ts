// SPDX-License-Identifier: MIT
import type { Board } from '../../board/inventory/board.ts';
import type { Deliverables } from '../../board/deploy/deploy.ts';
import { qemuVersion } from '../../host/programs/versions.ts';
import { localSha256 } from '../../host/cache/file-sums.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { exec } from '../../board/ssh/exec.ts';
import type { BoardFacts } from './run.ts';

/** What a board is and what was deployed to it, as far as it can be found out. */
export async function findBoardFacts(
  connection: Connection,
  board: Board,
  { driver, firmware }: Deliverables,
): Promise<BoardFacts> {
  const isEmulated = board.features.includes('emulated');
  const [asked, firmwareSha256, emulator] = await Promise.all([
    exec(connection, 'uname -r; cat /proc/device-tree/model', { timeoutMs: 15_000 }),
    localSha256(firmware),
    isEmulated ? qemuVersion() : undefined,
  ]);
  const [kernel = '', model = ''] = asked.stdout.split('\n');
  return {
    kind: isEmulated ? 'qemu' : 'hardware',
    ...(kernel === '' ? {} : { kernel: `Linux ${kernel}` }),
    ...(model === '' ? {} : { model: model.replaceAll('\0', '') }),
    driver: driver.srcversion ?? driver.sha256,
    firmware: firmwareSha256,
    ...(emulator === undefined ? {} : { emulator }),
    ...(board.console === undefined ? {} : { console: board.console }),
  };
}
