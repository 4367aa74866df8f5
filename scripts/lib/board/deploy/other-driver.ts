// SPDX-License-Identifier: MIT
/** ST's driver is for the same channel as ours. It is chance which of the two the kernel gives it to. */
import type { Board } from '../inventory/board.ts';
import { boardOption } from '../inventory/board-option.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';

const name = 'stm32_rpmsg_sdb';

/**
 * Shell that looks for the other driver. Exit code 1: it is loaded, or may be loaded. What it prints says where it is.
 */
export function otherDriverScript(root = ''): string {
  const rules = ['etc', 'run', 'usr/lib', 'lib'].map((directory) => `${root}/${directory}/modprobe.d`).join(' ');
  return `[ ! -d ${root}/sys/module/${name} ] || { echo "${name} is loaded"; exit 1; }
    f=$(find ${root}/lib/modules/$(uname -r)/ -name '${name}.ko*' 2>/dev/null | head -n 1)
    [ -n "$f" ] || { echo "none"; exit 0; }
    grep -rqs '^blacklist ${name}' ${rules} && { echo "$f, which nothing loads"; exit 0; }
    echo "$f may be loaded at any start of the firmware"; exit 1`;
}

/** The one command that takes it out of the way, and leaves its file where it is. */
export function otherDriverRemedy(board: Pick<Board, 'name'>): string {
  const rule = '/etc/modprobe.d/rpmsg_sdb.conf';
  const script = `mkdir -p /etc/modprobe.d && echo blacklist ${name} > ${rule} && sync && { [ ! -d /sys/module/${name} ] || rmmod ${name}; }`;
  return `npm run board -- exec ${boardOption(board.name)} -- ${quote(script)}`;
}

/** Throws when the board has the other driver too; touches nothing. */
export async function refuseOtherDriver(c: Connection, board: Board): Promise<void> {
  const { code, stdout } = await exec(c, otherDriverScript(), { timeoutMs: 30_000 });
  if (code === 0) return;
  throw new Failure(
    'board',
    `${board.name} has ST's driver for the same channel: ${stdout.trim()}. Which of the two gets the channel is chance: nothing was touched`,
    { kind: 'other-driver', remedy: otherDriverRemedy(board) },
  );
}
