// SPDX-License-Identifier: MIT
/** What a board's login shell and its user can be like, and the harness copes with. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { agentLink } from '../../scripts/lib/board/agent/agent-link.ts';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { connectUntil } from '../../scripts/lib/board/ssh/connect-until.ts';
import { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { exec } from '../../scripts/lib/board/ssh/exec.ts';
import { lockBoard } from '../../scripts/lib/board/ssh/lock.ts';
import { frameScript } from '../../scripts/lib/board/ssh/login-shell.ts';
import { loopbackBoard } from './loopback-board.ts';
import { programs } from './programs.ts';
import { test } from '../together/counted.ts';

type Login = NonNullable<Parameters<typeof loopbackBoard>[0]>;

async function logIn(t: ExecutionContext, login: Login): Promise<Connection> {
  const board = await loopbackBoard(login);
  t.teardown(() => board.close());
  return Connection.connect(board.address, { name: 'desk' });
}

/** A login shell that does this before it runs a command. */
function withProfile(profile: string): readonly [string, ...string[]] {
  const directory = programs({ shell: `${profile}\nexec sh -c "$2"` });
  return [join(directory, 'shell'), '-c'];
}

const noises = {
  'a line on both streams': 'echo Welcome; echo "mind the step" >&2',
  'words without a line end': 'printf "Welcome "; printf "mind " >&2',
  'more than fits into a packet': 'yes Welcome | head -n 20000; yes mind | head -n 20000 >&2',
  'its own commands as it runs them': 'set -x',
};

for (const [what, profile] of Object.entries(noises)) {
  test(`a profile that prints ${what} leaves no trace in what is read from the board`, async (t) => {
    const connection = await logIn(t, { shell: withProfile(profile) });
    const command = 'cat; echo problem >&2; exit 7';
    t.deepEqual(await exec(connection, command, { stdin: 'hello' }), { code: 7, stdout: 'hello', stderr: 'problem\n' });
    const agent = await agentLink(connection).open('cat');
    agent.stdin.end('{"id":1}\n');
    t.is(await text(agent.stdout), '{"id":1}\n');
    t.is(await agent.closed, 0);
    const file = join(programs({}), 'lock');
    const lock = await lockBoard(connection, { purpose: 'a test', file });
    const second = await t.throwsAsync(lockBoard(connection, { purpose: 'another', file }), { instanceOf: Failure });
    t.regex(second.message, /^desk is in use: a test \(/);
    lock.release();
  });
}

test('a command that a board has refused is given to it again, but not for ever', async (t) => {
  const patient = await logIn(t, { refuses: 20 });
  t.deepEqual(await exec(patient, 'echo once'), { code: 0, stdout: 'once\n', stderr: '' });
  const stubborn = await logIn(t, { refuses: Infinity });
  const failure = await t.throwsAsync(exec(stubborn, 'true'), { instanceOf: Failure });
  t.is(failure.message, 'desk refuses a command: Unable to exec');
});

/** Whether the second script of a connection is run by the login shell itself. */
async function runsItself(connection: Connection): Promise<boolean> {
  const odd = `printf '%s' 'it'\\''s \\n! "$HOME" \\0101' | cat; cat; echo problem >&2; exit 7`;
  const results = [await exec(connection, odd, { stdin: ' 1' }), await exec(connection, odd, { stdin: ' 1' })];
  const wanted = { code: 7, stdout: `it's \\n! "$HOME" \\0101 1`, stderr: 'problem\n' };
  if (results.some((result) => JSON.stringify(result) !== JSON.stringify(wanted)))
    throw new Error(JSON.stringify(results));
  const shell = await connection.open('tr "\\0" " " < /proc/$$/cmdline');
  shell.stdin.end();
  const said = await text(shell.stdout);
  return said.startsWith('sh -c printf');
}

test('a login shell that is known to take a script as it is gets it, and any other has sh between', async (t) => {
  t.true(await runsItself(await logIn(t, { env: { SHELL: '/bin/sh' } })));
  for (const SHELL of ['/bin/bash', '/usr/bin/fish', '/opt/own/sh', '']) {
    t.false(await runsItself(await logIn(t, { env: { SHELL } })), SHELL);
  }
});

test('a login shell that runs nothing is told with what it says', async (t) => {
  const connection = await logIn(t, { shell: withProfile('echo This account is currently not available.; exit 1') });
  const failure = await t.throwsAsync(exec(connection, 'true'), { instanceOf: Failure });
  t.like(failure, { failureClass: 'board', kind: 'login' });
  t.regex(failure.message, /desk lets us in, and runs no command: This account is currently not available\./);
});

test('what a login shell is given reads alike in sh, csh and fish, and arrives as it was', async (t) => {
  const word = fc.string({ unit: 'binary', maxLength: 40 }).filter((one) => !one.includes('\0'));
  const any = fc.oneof(word, fc.constantFrom("'", '\\', '!', '!!', '\n', '\\\n', '%s', '$x', '`', '\\0101'));
  await fc.assert(
    fc.asyncProperty(fc.array(any, { maxLength: 8 }), async (parts) => {
      const said = parts.join('');
      const { command, mark } = frameScript(`printf %s '${said.replaceAll("'", `'\\''`)}'`);
      // What stands between single quotes has no character that one of the shells treats as special. No word is too
      // long for csh.
      t.regex(command, /^exec sh -c '[^'\\!\n]+' sh( '([ "-&(-[\]-~]|\\[0-7]{4})+')+$/);
      t.true(command.split(' ').every((one) => one.length < 1024));
      const { stdout } = await execa('sh', ['-c', command], { stripFinalNewline: false });
      return stdout === `${mark}\n${said}`;
    }),
    { numRuns: 60 },
  );
});

test('a user who is not root works through sudo where that needs no password', async (t) => {
  const PATH = `${programs({
    id: '[ "$AS_ROOT" = yes ] && echo 0 || echo 1000',
    sudo: '[ "$1" = -n ] && shift && AS_ROOT=yes exec "$@"',
  })}:${process.env['PATH'] ?? ''}`;
  const connection = await logIn(t, { user: 'plain', env: { PATH } });
  t.is((await exec(connection, 'id -u; cat', { stdin: 'here' })).stdout, '0\nhere');
});

for (const [what, sudo, remedy] of [
  ['has no sudo', undefined, /user.*root/],
  ['has a sudo that asks for a password', 'echo "sudo: a password is required" >&2; exit 1', /plain .*NOPASSWD/],
] as const) {
  test(`a user who is not root and ${what} is told so at once, with what mends it`, async (t) => {
    const own = { sh: 'exec /bin/sh "$@"', id: 'echo 1000' };
    const PATH = programs(sudo === undefined ? own : { ...own, sudo });
    const board = await loopbackBoard({ user: 'plain', env: { PATH } });
    t.teardown(() => board.close());
    const signal = new AbortController().signal;
    const before = Date.now();
    const connecting = connectUntil(board.address, { name: 'desk', withinMs: 15_000, signal });
    const failure = await t.throwsAsync(connecting, { instanceOf: Failure });
    t.like(failure, { failureClass: 'board', kind: 'root' });
    t.regex(failure.message, /^plain is not root on desk/);
    t.regex(failure.remedy ?? '', remedy);
    // It would go on for 15 s if it took this for a board that is still booting.
    t.true(Date.now() - before < 10_000);
  });
}
