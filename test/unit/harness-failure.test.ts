// SPDX-License-Identifier: MIT
import { CommanderError } from 'commander';
import { asFailure } from '../../scripts/lib/base/cli/as-failure.ts';
import { reproduceCommand } from '../../scripts/lib/base/cli/reproduce.ts';
import type { Board } from '../../scripts/lib/board/inventory/board.ts';
import { unreachable } from '../../scripts/lib/board/link/unreachable.ts';
import { exitCodes, Failure } from '../../scripts/lib/base/failure/failure.ts';
import { stepTree } from '../../scripts/lib/base/log/step-tree.ts';
import { failureLines } from '../../scripts/lib/base/log/failure-text.ts';
import { test } from './together.ts';

test('each class has the exit code that scripts rely on', (t) => {
  t.deepEqual(exitCodes, { test: 1, usage: 2, host: 3, board: 4, kernel: 5, interrupted: 130 });
});

test('a failure stays what it is', (t) => {
  const failure = new Failure('kernel', 'oops');
  t.is(asFailure(failure, 'test'), failure);
});

test('what commander refuses is a usage failure with the help as remedy', (t) => {
  const failure = asFailure(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), 'board');
  t.is(failure.failureClass, 'usage');
  t.is(failure.message, "unknown option '--x'");
  t.is(failure.remedy, 'npm run board -- --help');
});

test('a full disk is the host’s fault', (t) => {
  const error = Object.assign(new Error('write'), { code: 'ENOSPC' });
  t.is(asFailure(error, 'test').failureClass, 'host');
});

test('what nobody thought of is no usage error and keeps its stack', (t) => {
  const failure = asFailure(new TypeError('x is undefined'), 'test');
  t.is(failure.failureClass, 'test');
  t.regex(failure.message, /bug of the harness[^]*harness-failure\.test/);
});

test('the command that reproduces is one that can be pasted', (t) => {
  t.is(reproduceCommand('start', [], {}), 'npm start');
  t.is(reproduceCommand('test', ['--kernel', '7.2'], {}), 'npm test -- --kernel 7.2');
  t.is(
    reproduceCommand('board', ['exec', '--', "echo 'a  b'"], {}),
    String.raw`npm run board -- exec -- 'echo '\''a  b'\'''`,
  );
});

test('the command that reproduces says what the environment said of the work, and nothing else of it', (t) => {
  const env = { ARCH: 'arm64', CROSS_COMPILE: '/opt/my tools/aarch64-', LLVM: '', HOME: '/root' };
  t.is(
    reproduceCommand('build', ['--kdir', '/kernel'], env),
    "ARCH=arm64 CROSS_COMPILE='/opt/my tools/aarch64-' npm run build -- --kdir /kernel",
  );
});

test('the end of a failed verb says what, how to mend it, where to read and how to repeat', (t) => {
  const failure = new Failure('board', 'no board is up', { remedy: 'npm run board -- up', log: 'out/x.log' });
  const { headline, details } = failureLines({ failure, exitCode: 4, reproduce: 'npm run deploy' });
  t.is(headline, 'board: no board is up');
  t.deepEqual(
    details.map((line) => line.replace(/\s+/g, ' ')),
    [
      'to mend it: npm run board -- up',
      'log: out/x.log',
      'again: npm run deploy',
      'exit code: 4 (the board or the link to it is at fault)',
    ],
  );
});

test('a board that cannot be reached is told with what a person can do', (t) => {
  const address = { host: 'desk.lab', port: 2222, user: 'root', privateKey: '/key' };
  const board = { name: 'emulated-6.1', address } as Board;
  const gone = new Failure('board', 'nothing listens there', { kind: 'link', log: '/console.log' });
  const remedyOf = (one: Board) => (unreachable(gone, one) as Failure).remedy;
  t.like(unreachable(gone, board), { kind: 'link', log: '/console.log', message: gone.message });
  t.regex(remedyOf(board) ?? '', /has power and a network: ssh -i \/key -p 2222 root@desk\.lab$/);
  t.is(remedyOf({ ...board, power: { cycle: 'x' } }), 'npm run board -- power cycle --board emulated-6.1');
  const refused = new Failure('board', 'wrong key', { kind: 'host-key' });
  t.is(unreachable(refused, board), refused);
});

test('a step whose work came to its end and went badly does not read as one that went well', async (t) => {
  const ends: [string, boolean][] = [];
  const nothing = () => undefined;
  const log = stepTree({
    started: nothing,
    progressed: nothing,
    message: nothing,
    ended: ({ title }, ok) => void ends.push([title, ok]),
  });
  await log.step('tests', async (step) => {
    await step.step('one', () => Promise.resolve());
    step.fail();
  });
  t.deepEqual(ends, [
    ['one', true],
    ['tests', false],
  ]);
});
