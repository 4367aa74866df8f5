// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { Failure, type FailureKind } from '../../scripts/lib/base/failure/failure.ts';
import { connectUntil } from '../../scripts/lib/board/ssh/connect-until.ts';
import { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { exec } from '../../scripts/lib/board/ssh/exec.ts';
import { lockBoard } from '../../scripts/lib/board/ssh/lock.ts';
import { pull, push } from '../../scripts/lib/board/ssh/transfer.ts';
import { loopbackBoard, type LoopbackBoard } from './loopback-board.ts';
import { programs } from './programs.ts';
import { test } from '../together/counted.ts';

async function open(t: ExecutionContext, ...login: Parameters<typeof loopbackBoard>): Promise<LoopbackBoard> {
  const board = await loopbackBoard(...login);
  t.teardown(() => board.close());
  return board;
}

function connect({ address }: LoopbackBoard): Promise<Connection> {
  // A busy host takes its time for a login.
  return Connection.connect(address, { name: 'board', timeoutMs: 60_000 });
}

async function fails(t: ExecutionContext, kind: FailureKind | undefined, work: Promise<unknown>): Promise<Failure> {
  const failure = await t.throwsAsync(work, { instanceOf: Failure });
  t.is(failure.kind, kind);
  return failure;
}

test('a wrong host key is an error of its own, and says both', async (t) => {
  const board = await open(t);
  const hostKey = `SHA256:${'A'.repeat(43)}`;
  const failure = await fails(t, 'host-key', connect({ ...board, address: { ...board.address, hostKey } }));
  t.is(failure.failureClass, 'board');
  t.true(failure.message.includes(hostKey) && failure.message.includes(board.address.hostKey));
});

test('a key with a passphrase is a mistake of the inventory, with the command that makes another', async (t) => {
  const board = await open(t);
  const privateKey = join(board.directory, 'locked');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', privateKey]);
  const failure = await fails(t, 'key', connect({ ...board, address: { ...board.address, privateKey } }));
  t.is(failure.failureClass, 'usage');
  t.regex(failure.remedy ?? '', /ssh-keygen/);
});

test.serial('the public half of a key is a mistake of the inventory, at once', async (t) => {
  const board = await open(t);
  const privateKey = join(board.directory, 'id.pub');
  writeFileSync(privateKey, (await execa('ssh-keygen', ['-y', '-f', board.address.privateKey])).stdout);
  const before = Date.now();
  const signal = new AbortController().signal;
  const connecting = connectUntil({ ...board.address, privateKey }, { name: 'board', withinMs: 15_000, signal });
  const failure = await fails(t, 'key', connecting);
  t.is(failure.failureClass, 'usage');
  t.regex(failure.remedy ?? '', /private half/);
  // It would go on for 15 s if it took this for a board that is still booting.
  t.true(Date.now() - before < 10_000);
});

test('a command that is stopped ends on the board with all that it has started, before its user is told', async (t) => {
  const connection = await connect(await open(t));
  const mark = `28${Math.floor(Math.random() * 1e6)}`;
  const running = async () => (await execa('pgrep', ['-f', `^sleep ${mark}`], { reject: false })).stdout !== '';
  const abort = new AbortController();
  const reason = new Failure('interrupted', 'stopped by a test');
  const command = exec(connection, `sleep ${mark} & sleep ${mark}; echo never`, { signal: abort.signal });
  while (!(await running())) await new Promise((resolve) => setTimeout(resolve, 20));
  abort.abort(reason);
  t.is(await t.throwsAsync(command), reason);
  t.false(await running());
});

test.serial('a link that falls silent is lost within 3 s, and whoever waits on it is told', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  const waiting = exec(connection, 'sleep 30');
  t.is((await exec(connection, 'echo here')).stdout, 'here\n');
  // A busy host stops this process now and then. It then has neither asked nor waited for an answer, and not ticked.
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 100);
  board.fallSilent();
  await fails(t, 'link', waiting);
  clearInterval(ticking);
  t.true(ticks <= 30, `${ticks} tenths of a second`);
  t.regex(String(connection.lost.reason), /no sign of life for 2 s/);
});

test('a link that is cut during an upload leaves the file that was there', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  const [local, remote] = [join(board.directory, 'local'), join(board.directory, 'remote')];
  writeFileSync(local, Buffer.alloc(32 << 20, 1));
  writeFileSync(remote, 'as it was');
  const pushing = push(connection, local, remote);
  const isUnderWay = () => readdirSync(board.directory).some((name) => name.startsWith('remote.part'));
  while (!isUnderWay()) await new Promise((resolve) => setTimeout(resolve, 5));
  board.cut();
  await fails(t, 'link', pushing);
  t.is(readFileSync(remote, 'utf8'), 'as it was');
});

test('the second who wants a board is told by whom it is held and since when', async (t) => {
  const board = await open(t);
  const file = join(board.directory, 'lock');
  const first = await lockBoard(await connect(board), { purpose: 'npm run hil', file });
  const refused = lockBoard(await connect(board), { purpose: 'npm test', file });
  const failure = await fails(t, 'busy', refused);
  t.regex(failure.message, /in use: npm run hil \(.*, process \d+, since \d{4}-\d\d-\d\dT/);
  first.release();
});

test('a lock falls with the connection of its holder, and who waits for it gets it', async (t) => {
  const board = await open(t);
  const file = join(board.directory, 'lock');
  const holder = await connect(board);
  await lockBoard(holder, { purpose: 'the first', file });
  const asked: string[] = [];
  const waiting = lockBoard(await connect(board), {
    purpose: 'the second',
    file,
    wait: true,
    whenBusy: (by) => {
      asked.push(by);
      holder.close();
    },
  });
  const lock = await waiting;
  t.regex(asked[0] ?? '', /^the first /);
  t.regex(readFileSync(`${file}.holder`, 'utf8'), /^the second /);
  lock.release();
  while (existsSync(`${file}.holder`)) await new Promise((resolve) => setTimeout(resolve, 20));
  t.pass();
});

// This test runs alone, because nothing else of this process runs meanwhile.
test.serial('who has lost the lock while he was stopped gives up the board, and says so', async (t) => {
  const board = await open(t);
  // As long as a busy host may let a sign of life wait, so that only the stop below is longer.
  const lease = { file: join(board.directory, 'lock'), leaseSeconds: 5 };
  const connection = await connect(board);
  await lockBoard(connection, { purpose: 'the sleeper', ...lease });
  const work = exec(connection, 'sleep 60');
  t.is((await exec(connection, 'sleep 6; echo awake')).stdout, 'awake\n');
  // A stop signal or the sleep of a laptop does this: nothing of this process runs.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6000);
  const failure = await fails(t, 'lock', work);
  t.regex(failure.message, /lost the lock of board: ([6-9]|\d\d) s since its last answer/);
  t.is(connection.lost.reason, failure);
  // It is not refused because of the lock that it held before.
  const again = await lockBoard(await connect(board), { purpose: 'the sleeper', ...lease });
  again.release();
});

test('a lock whose keeper on the board is ended is lost at once', async (t) => {
  const board = await open(t);
  const file = join(board.directory, 'lock');
  const connection = await connect(board);
  await lockBoard(connection, { purpose: 'a test', file });
  const work = exec(connection, 'sleep 30');
  await execa('pkill', ['-KILL', '-f', `exec 9>>${file}`]);
  await fails(t, 'lock', work);
});

test('commands at the same time have a login each, which serves again; what lasts shares one', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  const lasting = await connection.open('cat', { lasts: true });
  for (let round = 0; round < 2; round++) {
    const started = [await connection.open('cat'), await connection.open('cat'), await connection.open('cat')];
    t.is(board.logins(), 3);
    for (const { stdin } of started) stdin.end();
    t.deepEqual(await Promise.all(started.map(({ ended }) => ended)), [0, 0, 0]);
  }
  lasting.close();
  connection.close();
});

test('a further login that fails while nothing runs there is not missed', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  await Promise.all([exec(connection, 'true'), exec(connection, 'true')]);
  t.is(board.connections(), 2);
  board.resetNewest();
  while (board.connections() === 2) await new Promise((resolve) => setTimeout(resolve, 5));
  t.is((await exec(connection, 'echo here')).stdout, 'here\n');
  t.false(connection.lost.aborted);
  connection.close();
});

test('a board that lets nobody in twice runs one command after the other', async (t) => {
  const board = await open(t, { logins: 1 });
  const connection = await connect(board);
  const said = await Promise.all(['one', 'two', 'three'].map((word) => exec(connection, `echo ${word}`)));
  t.deepEqual(
    said.map(({ stdout }) => stdout),
    ['one\n', 'two\n', 'three\n'],
  );
  t.is(board.logins(), 1);
  t.false(connection.lost.aborted);
});

test('a command that is stopped ends there too, though the board lets nobody in for that', async (t) => {
  const connection = await connect(await open(t, { logins: 1 }));
  const mark = `27${Math.floor(Math.random() * 1e6)}`;
  const running = async () => (await execa('pgrep', ['-f', `^sleep ${mark}`], { reject: false })).stdout !== '';
  const abort = new AbortController();
  const reason = new Failure('interrupted', 'stopped by a test');
  const command = exec(connection, `sleep ${mark}`, { signal: abort.signal });
  while (!(await running())) await new Promise((resolve) => setTimeout(resolve, 20));
  const waiting = exec(connection, `sleep ${mark}`, { signal: abort.signal });
  abort.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(await t.throwsAsync(command), reason);
  t.is((await exec(connection, 'echo next')).stdout, 'next\n');
  t.false(await running());
});

test('a connection that is closed while it logs in once more gives that login up', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  t.timeout(10_000, 'a login takes twice as long to be given up by itself');
  await connection.open('cat');
  board.ignoreStrangers();
  const waiting = exec(connection, 'true');
  while (board.connections() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  connection.close();
  await fails(t, 'link', waiting);
  while (board.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  t.pass();
});

test('a board whose timeout does not wait is refused, and told what it needs', async (t) => {
  for (const own of [{}, { timeout: 'exit 1' }]) {
    const board = await loopbackBoard({ env: { PATH: programs(own, ['sh', 'flock', 'dd', 'rm', 'cat']) } });
    t.teardown(() => board.close());
    const locking = lockBoard(await connect(board), { purpose: 'a test', file: join(board.directory, 'lock') });
    const failure = await fails(t, 'tools', locking);
    t.regex(failure.remedy ?? '', /flock, timeout and dd/);
  }
});

test('of the ciphers that both know, the one is taken that costs a small core least', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  t.deepEqual(board.ciphers(), ['chacha20-poly1305@openssh.com']);
  connection.close();
});

test('a board without md5sum is told so, and nothing is left there', async (t) => {
  const PATH = programs({}, ['sh', 'setsid', 'sleep', 'cat', 'chmod', 'mv', 'rm']);
  const board = await loopbackBoard({ env: { PATH } });
  t.teardown(() => board.close());
  const connection = await connect(board);
  const [local, remote] = [join(board.directory, 'local'), join(board.directory, 'remote')];
  writeFileSync(local, 'content');
  for (const work of [push(connection, local, remote), pull(connection, local, remote)]) {
    const failure = await fails(t, 'tools', work);
    t.regex(failure.message, /board has no md5sum/);
  }
  t.deepEqual(
    readdirSync(board.directory).filter((name) => /remote|part/.test(name)),
    [],
  );
});

test('a pull that this host cannot write fails at once, however long the board takes for its sum', async (t) => {
  const PATH = programs({ md5sum: 'sleep 60' }, ['sh', 'setsid', 'sleep', 'cat', 'kill', 'stat']);
  const board = await loopbackBoard({ env: { PATH } });
  t.teardown(() => board.close());
  const connection = await connect(board);
  writeFileSync(join(board.directory, 'remote'), 'content');
  const pulled = pull(connection, join(board.directory, 'remote'), join(board.directory, 'nowhere', 'local'));
  const begun = performance.now();
  t.regex((await fails(t, undefined, pulled)).message, /cannot write .*nowhere/);
  t.true(performance.now() - begun < 30_000);
});

test('a pull of what is not there, or is not to be read, says so, and leaves nothing here', async (t) => {
  // One shell tells of a redirection that fails by 1, another by 2.
  for (const sh of ['dash', 'bash']) {
    const board = await loopbackBoard({ shell: [sh, '-c'] });
    t.teardown(() => board.close());
    const connection = await connect(board);
    const local = join(board.directory, 'local');
    const missing = await fails(t, undefined, pull(connection, join(board.directory, 'missing'), local));
    t.regex(missing.message, /has no readable file .*missing: no such file/);
    t.regex(
      (await fails(t, undefined, pull(connection, '/', local))).message,
      /has no readable file \/: .*is a directory/,
    );
    t.deepEqual(
      readdirSync(board.directory).filter((name) => name.startsWith('local')),
      [],
    );
  }
});

test('a file without an end is not pulled for longer than the board takes to see that it has no sum', async (t) => {
  const PATH = programs({ md5sum: 'exit 1' }, ['sh', 'setsid', 'sleep', 'cat', 'kill', 'stat']);
  const board = await loopbackBoard({ env: { PATH } });
  t.teardown(() => board.close());
  const connection = await connect(board);
  await fails(t, undefined, pull(connection, '/dev/zero', join(board.directory, 'local')));
  t.deepEqual(
    readdirSync(board.directory).filter((name) => name.startsWith('local')),
    [],
  );
});

test('a command comes to its end although nobody takes its output any more', async (t) => {
  const connection = await connect(await open(t));
  const stdout = new Writable({ highWaterMark: 1, write: () => stdout.destroy() });
  const { code } = await exec(connection, 'head -c 1000000 /dev/zero', { stdout, timeoutMs: 60_000 });
  t.is(code, 0);
  connection.close();
});

test('pushes that the board ends early leave no file open here', async (t) => {
  const board = await open(t);
  const connection = await connect(board);
  const local = join(board.directory, 'local');
  writeFileSync(local, Buffer.alloc(8 << 20));
  for (let i = 0; i < 3; i++) await fails(t, undefined, push(connection, local, join(board.directory, 'no/where')));
  const links = readdirSync('/proc/self/fd').map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  t.deepEqual(
    (await Promise.all(links)).filter((path) => path === local),
    [],
  );
});

test('of many who want a board at once exactly one gets it', async (t) => {
  const board = await open(t);
  const file = join(board.directory, 'lock');
  const connections = await Promise.all(Array.from({ length: 8 }, () => connect(board)));
  const tries = await Promise.allSettled(connections.map((one) => lockBoard(one, { purpose: 'one of many', file })));
  t.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  connections.forEach((one) => one.close());
});
