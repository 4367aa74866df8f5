// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { attack } from '../../scripts/lib/board/agent/attack.ts';
import { AgentClient } from '../../scripts/lib/board/agent/client.ts';
import type { AgentConnection } from '../../scripts/lib/board/agent/connection.ts';
import * as linux from '../../scripts/lib/board/agent/constants.ts';
import { AgentError, SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { Task } from '../../scripts/lib/board/agent/task.ts';
import { sourceTrees } from '../../scripts/lib/host/build/sources.ts';
import { inTree, made } from './native.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

/** The agent and its client on this host's own kernel. This is all that needs no driver. */
const agent = async () => join(await made(inTree('test/target'), sourceTrees.agent), 'agent');

const here: AgentConnection = {
  open: (command) => {
    const child = execa(command, { shell: true, reject: false, buffer: false });
    return Promise.resolve({
      stdin: child.stdin,
      stdout: child.stdout,
      closed: child.then((result) => result.exitCode ?? null),
    });
  },
};

async function withAgent(work: (task: Task, client: AgentClient) => Promise<void>): Promise<void> {
  const client = await AgentClient.start(here, await agent());
  try {
    await work(new Task(client), client);
  } finally {
    await client.close();
  }
}

const fails = (errno: string) => ({ instanceOf: SystemCallError, message: new RegExp(`: ${errno}`) });

test('a failed call throws with the name of its errno', (t) =>
  withAgent(async (task) => {
    await t.throwsAsync(task.open('/nowhere', linux.O_RDWR), fails('ENOENT'));
    await t.throwsAsync(task.close(999), fails('EBADF'));
    await t.throwsAsync(task.mmap(0, linux.PROT_READ, linux.MAP_PRIVATE, -1), fails('(EINVAL|EBADF)'));
  }));

test('what is asked at once is done in that order, and each question gets its own answer', (t) =>
  withAgent(async (task) => {
    const path = join(temporary('agent'), 'file');
    writeFileSync(path, '');
    const child = await task.fork('child');
    const answers = await Promise.all([
      task.writeFile(path, 'first'),
      task.readFile(path),
      task.writeFile(path, 'second'),
      t.throwsAsync(task.close(999), fails('EBADF')),
      task.readFile(path),
      child.kill(9),
      child.wait(),
    ]);
    t.deepEqual([answers[1], answers[4]], ['first', 'second']);
    t.is(answers[6].signal, 9);
  }));

test('what the agent cannot make sense of is no errno', (t) =>
  withAgent(async (task) => {
    await t.throwsAsync(task.call('fly 1'), { instanceOf: AgentError, message: /unknown verb/ });
    await t.throwsAsync(task.call('close'), { instanceOf: AgentError, message: /usage: close FD/ });
    await t.throwsAsync(task.call('close 1 2'), { instanceOf: AgentError, message: /usage: close FD/ });
    await t.throwsAsync(task.call('close one'), { instanceOf: AgentError, message: /usage: close FD/ });
    await t.throwsAsync(task.call('poke 0 abc'), { instanceOf: AgentError, message: /hexadecimal/ });
  }));

test('memory anywhere: a fault is an answer', (t) =>
  withAgent(async (task) => {
    const address = await task.mmap(
      8192,
      linux.PROT_READ | linux.PROT_WRITE,
      linux.MAP_PRIVATE | linux.MAP_ANONYMOUS,
      -1,
    );
    await task.poke(address + 1, Buffer.from([1, 2, 3]));
    t.deepEqual(await task.peek(address, 5), Buffer.from([0, 1, 2, 3, 0]));
    t.is(await task.countDifferent(address, 8192, 0), 3);
    await task.munmap(address, 8192);
    await t.throwsAsync(task.peek(address, 1), fails('SIGSEGV'));
    await t.throwsAsync(task.poke(address, Buffer.from([1])), fails('SIGSEGV'));
    await t.throwsAsync(task.verify(address, 4096, 0, 0), fails('SIGSEGV'));
    t.is(typeof (await task.allocate(16)), 'number');
  }));

test('the pattern in C and in TypeScript is one', (t) =>
  withAgent(async (task) => {
    const address = await task.allocate(4096);
    await task.fill(address, 1003, 3, 17);
    t.deepEqual(await task.peek(address, 1003), patternBytes(3, 17, 1003));
    t.is(await task.countDifferent(address + 1003, 4096 - 1003, 0), 0);
    const right = await task.verify(address, 1003, 3, 17);
    t.like(right, { words: 251, wrong: 0 });
    for (const [index, seed] of [
      [2, 17],
      [3, 16],
      [3, 18],
    ] as const)
      t.is((await task.verify(address, 1003, index, seed)).wrong, 251);
    await task.poke(address + 1002, Buffer.from([0x55]));
    t.like(await task.verify(address, 1003, 3, 17), { wrong: 1, offset: 1000 });
  }));

test('a thread waits while the others go on', (t) =>
  withAgent(async (task) => {
    const event = await task.eventfd();
    const reader = task.thread('reader');
    const value = reader.readEventfd(event);
    t.deepEqual(await task.poll(0, { fd: event, events: linux.POLLIN }), [0]);
    await task.write(event, Buffer.from('0700000000000000', 'hex'));
    t.is(await value, 7);
  }));

test('a blocked call can be interrupted', (t) =>
  withAgent(async (task) => {
    const event = await task.eventfd();
    const reader = task.thread('reader');
    const blocked = reader.readEventfd(event).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Nobody can see whether the thread is in the call yet. So signals are sent until it has come back.
    const state = { settled: false };
    void blocked.then(() => (state.settled = true));
    while (!state.settled) await reader.interrupt(linux.SIGUSR1);
    t.true((await blocked) instanceof SystemCallError);
    t.regex(String(await blocked), /EINTR/);
  }));

test('children share files and mappings, take threads of their own, and die with a signal', (t) =>
  withAgent(async (task) => {
    const shared = await task.mmap(
      4096,
      linux.PROT_READ | linux.PROT_WRITE,
      linux.MAP_SHARED | linux.MAP_ANONYMOUS,
      -1,
    );
    const event = await task.eventfd();
    const child = await task.fork('one');
    const brother = await task.fork('two');
    await child.poke(shared, Buffer.from('hi'));
    t.deepEqual(await task.peek(shared, 2), Buffer.from('hi'));
    const waiting = child.thread('t').readEventfd(event);
    await brother.write(event, Buffer.from('0100000000000000', 'hex'));
    t.is(await waiting, 1);
    t.not(await child.syscall('getpid'), await brother.syscall('getpid'));
    await child.kill(linux.SIGKILL);
    t.deepEqual(pick(await child.wait(), 'signal'), { signal: 9 });
    t.deepEqual(pick(await brother.wait(), 'exit'), { exit: 0 });
  }));

test('a file passes through a socket', (t) =>
  withAgent(async (task) => {
    const [left, right] = await task.socketpair();
    const child = await task.fork('other');
    const event = await child.eventfd(5);
    await child.sendFile(right, event);
    t.is(await task.readEventfd(await task.receiveFile(left)), 5);
    await child.wait();
  }));

test('exec leaves files without close-on-exec open and drops mappings', (t) =>
  withAgent(async (task) => {
    const kept = await task.eventfd(3);
    const dropped = await task.open('/dev/null', linux.O_RDWR | linux.O_CLOEXEC);
    const child = await task.fork('other');
    const address = await child.mmap(4096, linux.PROT_READ, linux.MAP_PRIVATE | linux.MAP_ANONYMOUS, -1);
    await child.exec();
    t.is(await child.readEventfd(kept), 3);
    await t.throwsAsync(child.close(dropped), fails('EBADF'));
    await t.throwsAsync(child.peek(address, 1), fails('SIGSEGV'));
    await child.wait();
  }));

test('structures come back as the kernel left them, after a failure too', (t) =>
  withAgent(async (task) => {
    const FIONREAD = 0x541b;
    const [left, right] = await task.socketpair();
    await task.write(left, Buffer.from('four'));
    t.deepEqual(await task.ioctl(right, FIONREAD, Buffer.alloc(4, 0xee)), {
      result: 0,
      bytes: Buffer.from([4, 0, 0, 0]),
    });
    t.deepEqual(await task.ioctl(999, FIONREAD, Buffer.alloc(4, 0xee)), {
      errno: 'EBADF',
      bytes: Buffer.alloc(4, 0xee),
    });
    await t.throwsAsync(task.ioctlNumber(right, FIONREAD, 8), fails('EFAULT'));
  }));

test('small files whole', (t) =>
  withAgent(async (task) => {
    t.regex(await task.readFile('/proc/version'), /^Linux version/);
    t.true((await task.list('/proc/self')).includes('maps'));
    t.true(await task.exists('/proc/self'));
    t.false(await task.exists('/proc/nobody'));
    t.true((await task.readLink('/proc/self/exe')).endsWith('/agent'));
    const path = join(temporary('agent'), 'note');
    await execa('touch', [path]);
    await task.writeFile(path, 'one two\nback\\slash');
    t.is(await task.readFile(path), 'one two\nback\\slash');
  }));

test('without an rpmsg_ctrl device the firmware is unreachable, and says so after its time', (t) =>
  withAgent(async (task) => {
    await t.throwsAsync(task.call('coprocessor 50 version'), fails('ENODEV'));
  }));

test('an agent that ends fails what was asked of it', async (t) => {
  await withAgent(async (task, client) => {
    const event = await task.eventfd();
    const waiting = task.thread('t').readEventfd(event);
    const refused = t.throwsAsync(waiting, { instanceOf: AgentError, message: /the agent ended/ });
    await client.close();
    await refused;
    await t.throwsAsync(task.readFile('/proc/version'), { instanceOf: AgentError });
  });
});

test('an answer that does not come is a timeout with the command in it', (t) =>
  withAgent(async (task) => {
    const event = await task.eventfd();
    await t.throwsAsync(task.thread('t').readEventfd(event, { timeout: 50 }), {
      instanceOf: AgentError,
      message: /read-eventfd .*no answer within 50 ms/,
    });
  }));

const usages: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /usage: agent serve/],
  [['fly'], /usage: agent serve/],
  [['serve', 'now'], /usage: agent serve/],
  [['coprocessor'], /usage: agent coprocessor/],
  [['coprocessor', 'say', '\\q'], /escapes/],
  [['coprocessor', 'say', 'x'.repeat(497)], /496 bytes/],
  [['kmsg', 'now'], /usage: agent kmsg/],
  [['kmsg', '1', '2'], /usage: agent kmsg/],
  [['stream', 'buffers'], /KEY=VALUE/],
  [['stream', 'buffers=0'], /from 1 to 64/],
  [['stream', 'length=x'], /not a number/],
  [['stream', 'check=some'], /words, page or none/],
  [['stream', 'speed=1'], /unknown key/],
  [['bench'], /usage: agent bench/],
  [['bench', 'guess'], /usage: agent bench/],
  [['bench', 'copy', 'speed=1'], /usage: agent bench/],
  [['bench', 'copy', 'rounds=0'], /usage: agent bench/],
  [['bench', 'events', 'buffers=1025'], /usage: agent bench/],
];

for (const [words, expected] of usages) {
  test(`usage: agent ${words.join(' ').slice(0, 40)}`, async (t) => {
    const { exitCode, stderr, stdout } = await execa(await agent(), words, { reject: false });
    t.is(exitCode, 2);
    t.regex(stderr, expected);
    t.is(stdout, '');
  });
}

test('a measurement tells of each round what was moved, by how many calls, and in which time', async (t) => {
  const { stdout } = await execa(await agent(), ['bench', 'copy', 'rounds=3', 'count=4', 'length=65536']);
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as { region?: { ns: number } });
  t.is(lines.length, 4);
  for (const [mark, line] of lines.slice(0, 3).entries()) {
    t.like(line, { region: { mark, name: 'copy', events: 4, bytes: 4 * 65536, calls: 0 } });
    t.true((line.region?.ns ?? 0) > 0);
  }
  t.like(lines.at(-1), { ok: true });
});

function pick(object: object, key: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name === key));
}

test('an attack on a device that cannot be broken finds nothing, and says what it reached', (t) =>
  withAgent(async (task) => {
    const counts = await attack(task, 1, 300, '/dev/zero');
    for (const name of ['opened', 'mapped', 'touched', 'forked'] as const) t.true(counts[name] > 0, name);
  }));

test('an attack on what is not there reaches nothing', (t) =>
  withAgent(async (task) => {
    // Only `opened` is looked at. The other counts may be of descriptors and memory that are not the device's.
    t.like(await attack(task, 1, 100, '/nowhere'), { opened: 0 });
  }));

test('opening and closing again and again tells how often, and where it ended', (t) =>
  withAgent(async (task) => {
    t.like((await task.call('reopen /dev/zero 50 3 8192')).fields, { cycles: 50 });
    await t.throwsAsync(task.call('reopen /nowhere 50 3 8192'), fails('ENOENT'));
  }));
