// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import { transitions } from './states.ts';
import { transit } from './transition.ts';
import { boardOption } from '../inventory/board-option.ts';

const timeoutMs = 30_000;

/** The srcversion of the driver that is loaded, "" when it has none, undefined when no driver is loaded. */
export async function loadedDriver(c: Connection): Promise<string | undefined> {
  const result = await exec(c, sayLoaded, { timeoutMs });
  return result.code === 0 ? result.stdout.trim() : undefined;
}

const sayLoaded = '[ -d /sys/module/rpmsg_sdb ] && { cat /sys/module/rpmsg_sdb/srcversion 2>/dev/null || :; }';

/** ENOKEY and EKEYREJECTED, as insmod says them, have the key in their names. */
const signed =
  "give the build directory of the very kernel that runs there, with its certs/signing_key.pem, as kdir: the driver is then signed; or sign out/build/…/rpmsg_sdb.ko with that kernel's scripts/sign-file";

/** reachable → module loaded: loads the file, and makes sure that what is loaded then is what was sent. */
export function loadModule(c: Connection, board: Board, path: string, srcversion: string | undefined): Promise<void> {
  return transit(board, transitions.loadModule, async () => {
    const result = await exec(c, `insmod ${quote(path)} || exit; ${sayLoaded} || echo none`, { timeoutMs });
    if (result.code !== 0) {
      const why = await exec(c, 'dmesg | tail -n 4', { timeoutMs });
      const isSignature = /\bkey\b/i.test(result.stderr);
      throw new Failure('board', `${board.name} refuses the driver: ${result.stderr.trim()}\n${why.stdout.trimEnd()}`, {
        remedy: isSignature ? signed : undefined,
      });
    }
    const loaded = result.stdout.trim();
    if (srcversion !== undefined && loaded !== srcversion) {
      const other = loaded === 'none' ? loaded : `srcversion ${loaded}`;
      throw new Failure('board', `${board.name} has another driver loaded than the one sent (${other})`);
    }
  });
}

/** module loaded → reachable. The coprocessor has to be stopped. A driver that is in use stays, and who uses it is named. */
export async function unloadModule(c: Connection, board: Board): Promise<void> {
  const result = await exec(c, 'rmmod rpmsg_sdb', { timeoutMs });
  if (result.code === 0) return;
  const list = `for f in /proc/[0-9]*/fd/*; do case "$(readlink $f)" in ${targetPaths.device}) echo $f;; esac; done`;
  const users = await exec(c, list, { timeoutMs });
  const pids = [...new Set(users.stdout.match(/(?<=\/proc\/)\d+/g) ?? [])];
  const who = pids.length > 0 ? `in use by process ${pids.join(', ')}` : result.stderr.trim();
  throw new Failure('board', `the driver that is loaded on ${board.name} cannot be removed: ${who}`, {
    kind: 'load',
    remedy:
      pids.length > 0
        ? `npm run board -- exec ${boardOption(board.name)} -- kill ${pids.join(' ')}`
        : `npm run board -- power cycle ${boardOption(board.name)}`,
  });
}
