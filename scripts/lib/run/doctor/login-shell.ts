// SPDX-License-Identifier: MIT
import { boardOption } from '../../board/inventory/board-option.ts';
import type { Board } from '../../board/inventory/board.ts';
import { exec } from '../../board/ssh/exec.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { quote } from '../../base/process/quote.ts';
import type { Finding } from './finding.ts';

const timeoutMs = 15_000;

/** What login shells read before they run a command that came over SSH. */
const profiles = [
  ...['.bashrc', '.bash_profile', '.profile', '.cshrc', '.tcshrc', '.zshenv', '.ssh/rc', '.config/fish/config.fish'],
  ...['/etc/bash.bashrc', '/etc/csh.cshrc', '/etc/zsh/zshenv', '/etc/fish/config.fish', '/etc/ssh/sshrc'],
];

/** Whether the user's profile keeps quiet. The harness reads past what it says; other programs, sftp first of all, do not. */
export async function loginShellFinding(c: Connection, board: Board): Promise<Finding> {
  const base = { about: 'board', what: 'login shell' } as const;
  const asking = await c.open('echo "${SHELL:-unknown}"');
  asking.stdin.end();
  asking.stderr.resume();
  let shell = '';
  asking.stdout.on('data', (data: Buffer) => (shell += data.toString()));
  await c.orLost(asking.ended);
  shell = shell.trim();
  const line = asking.noise.split('\n').find((one) => one.trim() !== '');
  if (line === undefined) return { ...base, state: 'ok', detail: shell };
  const find = `cd; for f in ${profiles.join(' ')}; do [ -r "$f" ] && grep -qF -- ${quote(line.trim())} "$f" && echo "$f"; done`;
  const found = (await exec(c, find, { timeoutMs })).stdout
    .trim()
    .split('\n')
    .filter((file) => file !== '');
  const where = found.length > 0 ? found.join(' and ') : `a profile of ${shell}`;
  return {
    ...base,
    state: 'note',
    detail: `${where} prints "${line.trim().slice(0, 60)}" before each command: scp and sftp fail on that`,
    remedy: `have it print only at a terminal ([ -t 1 ] && …); see: npm run board -- exec ${boardOption(board.name)} -- cat ${found[0] ?? '.bashrc'}`,
  };
}
