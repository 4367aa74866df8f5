// SPDX-License-Identifier: MIT
import { text } from 'node:stream/consumers';
import { Failure } from '../../base/failure/failure.ts';
import type { Asked } from './login-shell.ts';
import type { RemoteProcess } from './remote-process.ts';

/** Says the user's number, the number that sudo gives without a password, and whether there is a sudo. */
export const rootScript = 'id -u; sudo -n id -u 2>/dev/null || echo none; command -v sudo >/dev/null && echo sudo';

/** How the user who runs `asking` (rootScript) becomes root. Drivers, coprocessor and kernel log need root. */
export async function rootBy(asking: RemoteProcess, board: string, user: string): Promise<Asked> {
  asking.stdin.end();
  asking.stderr.resume();
  const [said] = await Promise.all([text(asking.stdout), asking.ended]);
  const [own, bySudo, sudo] = said.trim().split('\n');
  if (own === '0') return 'itself';
  if (bySudo === '0') return 'sudo';
  const why = sudo === undefined ? 'and the board has no sudo' : 'and sudo asks for a password';
  throw new Failure('board', `${user} is not root on ${board}, ${why}: what is done there needs root`, {
    kind: 'root',
    remedy:
      sudo === undefined
        ? 'say root as its `user` in the inventory, with a key that root accepts'
        : `as root on the board: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/rpmsg-sdb; or say root as its \`user\``,
  });
}
