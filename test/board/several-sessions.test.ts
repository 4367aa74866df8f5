// SPDX-License-Identifier: MIT
// Several open files, in one process and in several. Each sees only its own buffers.
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import { O_CLOEXEC, O_EXCL, O_RDWR, SIGKILL } from '../../scripts/lib/board/agent/constants.ts';
import { awaitMemory } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { pendingSignals, Session, setUpBuffers, takeSignals } from './fixture/session.ts';

// holds: abi#files-are-separate
boardTest(
  'bufferId counts from 0 in each file; on the channel the indexes differ',
  async ({ t, agent, coprocessor, board }) => {
    const other = await board.newAgent();
    const first = await Session.open(agent);
    const second = await Session.open(other);
    const [a] = await setUpBuffers(first, 2, 4096);
    const [b] = await setUpBuffers(second, 2, 8192);
    const known = await coprocessor.buffers();
    t.deepEqual(
      known.map(({ index, length }) => [index, length]),
      [
        [0, 4096],
        [1, 4096],
        [2, 8192],
        [3, 8192],
      ],
    );
    await coprocessor.fill(2, 8192, 5);
    t.is(await pendingSignals(agent, a?.eventfd ?? -1), 0);
    t.is(await takeSignals(other, b?.eventfd ?? -1, 1), 1);
    t.is(await first.size(0), NOTHING_NEW);
    t.is(await second.size(0), 8192);
    t.like(await b?.mapping.verify(2, 5), { wrong: 0 });
    t.is(await agent.countDifferent(a?.mapping.address ?? 0, 4096, 0), 0);
    await coprocessor.fill(0, 16, 6);
    t.is(await takeSignals(agent, a?.eventfd ?? -1, 1), 1);
    t.is(await pendingSignals(other, b?.eventfd ?? -1), 0);
  },
);

// holds: abi#files-are-separate, abi#einval-number
boardTest('two files of one process are as separate as those of two', async ({ t, agent, coprocessor }) => {
  const first = await Session.open(agent);
  const second = await Session.open(agent);
  const [a] = await setUpBuffers(first, 1, 4096);
  const [b] = await setUpBuffers(second, 1, 4096);
  await fails(t, 'EINVAL', first.size(1));
  await coprocessor.fill(1, 9, 1);
  t.is(await takeSignals(agent, b?.eventfd ?? -1, 1), 1);
  t.is(await pendingSignals(agent, a?.eventfd ?? -1), 0);
});

// holds: abi#files-are-separate
boardTest(
  'what one file closes serves the other on: no signal is lost, no buffer moves',
  async ({ t, agent, coprocessor }) => {
    const first = await Session.open(agent);
    const second = await Session.open(agent);
    await setUpBuffers(first, 2, 4096);
    const [b] = await setUpBuffers(second, 1, 4096);
    await first.end();
    await coprocessor.fill(2, 4096, 5);
    t.is(await takeSignals(agent, b?.eventfd ?? -1, 1), 1);
    t.like(await b?.mapping.verify(2, 5), { wrong: 0 });
  },
);

boardTest('the lowest free index is used', async ({ t, agent, coprocessor }) => {
  const sessions = [];
  for (let i = 0; i < 3; i++) {
    const session = await Session.open(agent);
    await session.map(4096);
    sessions.push(session);
  }
  await sessions[1]?.end();
  await coprocessor.heard();
  const next = await Session.open(agent);
  await next.map(8192);
  await next.map(8192);
  const heard = await coprocessor.heard();
  t.deepEqual(
    heard.map((text) => text.slice(0, 3)),
    ['B1A', 'B3A'],
  );
});

// holds: abi#shared-records
boardTest('a file shared by fork() is one session', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const child = await agent.fork('child');
  const inChild = new Session(child, session.fd, session.numbers);
  const eventfd = await inChild.eventfd(0);
  const mapping = await session.map(4096);
  await inChild.map(4096);
  t.deepEqual(
    (await coprocessor.buffers()).map(({ index }) => index),
    [0, 1],
  );
  await coprocessor.fill(0, 4096, 4);
  t.is(await takeSignals(child, eventfd, 1), 1);
  t.is(await inChild.size(0), 4096);
  t.is(await session.size(0), NOTHING_NEW);
  t.like(await mapping.verify(0, 4), { wrong: 0 });
  await child.kill(SIGKILL);
  t.is((await child.wait()).signal, SIGKILL);
  await coprocessor.fill(0, 7, 5);
  t.is(await session.size(0), 7);
});

// holds: abi#mapping-keeps-open
boardTest(
  'a file that was passed through a socket, and dup()ed, is the same session',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    await session.map(4096);
    const [left, right] = await agent.socketpair();
    const other = await agent.fork('other');
    await agent.sendFile(left, await agent.dup(session.fd));
    const received = new Session(other, await other.receiveFile(right), session.numbers);
    await session.close();
    await coprocessor.fill(0, 99, 1);
    t.is(await received.size(0), 99);
    await received.map(4096);
    t.is((await coprocessor.buffers()).length, 2);
  },
);

// holds: abi#mapping-keeps-open
boardTest(
  'a file that is on its way through a socket is open; with the socket it is closed',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    await session.map(4096).then((mapping) => mapping.unmap());
    const [left, right] = await agent.socketpair();
    await agent.sendFile(left, session.fd);
    await session.close();
    t.like(await board.memory(), { buffers: 1, retiredBuffers: 0 });
    await coprocessor.fill(0, 5);
    t.like(await board.counters(), { transfers: 1, unknownBuffer: 0 });
    await agent.close(left);
    await agent.close(right);
    await awaitMemory(board, { retiredBuffers: 1 });
  },
);

boardTest(
  'after exec() the file is what it was, without its mappings; with O_CLOEXEC it is closed',
  async ({ t, agent, coprocessor, board }) => {
    const child = await agent.fork('child');
    const kept = await Session.open(child);
    const closed = await Session.open(child, O_RDWR | O_CLOEXEC);
    const mapping = await kept.map(4096);
    await closed.map(8192);
    await child.exec();
    await fails(t, 'SIGSEGV', mapping.peek(0, 1));
    await coprocessor.fill(0, 77);
    t.is(await kept.size(0), 77);
    await fails(t, 'EBADF', closed.size(0));
    t.like(await board.memory(), { buffers: 2, retiredBuffers: 1, retiredBytes: 8192 });
  },
);

// holds: abi#mapping-keeps-open
boardTest(
  'a mapping that was inherited lives on in the child when its parent has closed and unmapped',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const mapping = await session.map(4096);
    const child = await agent.fork('child');
    await mapping.unmap();
    await session.close();
    await coprocessor.fill(0, 4096, 8);
    t.like(await mapping.in(child).verify(0, 8), { wrong: 0 });
    t.like(await board.memory(), { buffers: 1, retiredBuffers: 0 });
    await child.kill(SIGKILL);
    await child.wait();
    await awaitMemory(board, { retiredBuffers: 1 });
  },
);

// holds: abi#o-excl, abi#ebusy
boardTest('O_EXCL is sole use, from either side', async ({ t, agent }) => {
  const alone = await Session.open(agent, O_RDWR | O_EXCL);
  await fails(t, 'EBUSY', Session.open(agent));
  await fails(t, 'EBUSY', Session.open(agent, O_RDWR | O_EXCL));
  await alone.map(4096);
  await alone.end();
  const first = await Session.open(agent);
  await fails(t, 'EBUSY', Session.open(agent, O_RDWR | O_EXCL));
  const second = await Session.open(agent);
  await first.close();
  await fails(t, 'EBUSY', Session.open(agent, O_RDWR | O_EXCL));
  await second.close();
  await (await Session.open(agent, O_RDWR | O_EXCL)).close();
});

// holds: abi#retired-serves-again
boardTest('memory of a closed file that serves the next one comes zeroed', async ({ t, agent, board, coprocessor }) => {
  const first = await Session.open(agent);
  const mapping = await first.map(65536);
  await agent.set(mapping.address, 65536, 0x5a);
  await first.end();
  const other = await board.newAgent();
  const second = await Session.open(other);
  const again = await second.map(65536);
  const heard = await coprocessor.heard();
  t.is(heard[0], heard[1], 'the same index has the same memory');
  t.is(await other.countDifferent(again.address, 65536, 0), 0);
});
