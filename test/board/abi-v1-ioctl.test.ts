// SPDX-License-Identifier: MIT
// The two ioctls of version 1: numbers, layouts, meaning.
import * as abi from '../../scripts/lib/board/agent/abi-v1.ts';
import { EFD_NONBLOCK } from '../../scripts/lib/board/agent/constants.ts';
import { defaultKernel } from '../../scripts/lib/emulated/emulator/as-board.ts';
import { boardKernel } from '../../scripts/lib/base/target/kernels.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { pendingSignals, Session, takeSignals } from './fixture/session.ts';

/**
 * Addresses at which no program has memory. From 0xffff0000 on, a 64-bit kernel has a readable page for 32-bit
 * programs.
 */
const noMemory = [0, 4, 0xffff8000];

boardTest('the agent is as wide as the programs that this board is there for', async ({ t, agent, board }) => {
  const { programs } = boardKernel(board.board.kernel ?? defaultKernel);
  t.like(await agent.self(), { bits: programs.bits });
});

// holds: abi#set-efd-counts, abi#get-data-size
boardTest('the numbers of 32-bit and of 64-bit programs are both taken', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  for (const numbers of [abi.numbers32, abi.numbers64]) {
    const eventfd = await agent.eventfd(0, EFD_NONBLOCK);
    await abi.setEfd(agent, session.fd, 0, eventfd, numbers);
    await coprocessor.fill(0, 16);
    t.is(await takeSignals(agent, eventfd, 1), 1);
    t.is(await abi.getDataSize(agent, session.fd, 0, numbers), 16);
  }
});

// holds: abi#get-data-size
boardTest('GET_DATA_SIZE fills in the second word and leaves bufferId', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  await session.map(4096);
  await coprocessor.fill(1, 0x123);
  const { errno, bytes } = await agent.ioctl(
    session.fd,
    session.numbers.getDataSize,
    Buffer.from('01000000eeeeeeee99999999', 'hex'),
  );
  t.is(errno, undefined);
  t.is(bytes.toString('hex'), '010000002301000099999999');
});

boardTest('SET_EFD changes nothing of its structure', async ({ t, agent }) => {
  const session = await Session.open(agent);
  const eventfd = await agent.eventfd();
  const structure = Buffer.alloc(12, 0x99);
  structure.writeInt32LE(0, 0);
  structure.writeInt32LE(eventfd, 4);
  t.deepEqual(await agent.ioctl(session.fd, session.numbers.setEfd, structure), { result: 0, bytes: structure });
});

// holds: abi#get-data-size
boardTest(
  'the size is taken by asking: then it is 0xFFFFFFFF, as before the first transfer',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    await session.map(4096);
    t.is(await session.size(0), abi.NOTHING_NEW);
    await coprocessor.fill(0, 4096);
    t.is(await session.size(0), 4096);
    t.is(await session.size(0), abi.NOTHING_NEW);
    await coprocessor.fill(0, 12);
    t.is(await session.size(0), 12);
  },
);

// holds: abi#set-efd-counts, abi#get-data-size, protocol#transfer-replaces
boardTest(
  'each message adds 1 to the eventfd; two fills before a read leave 2, and one size: the last',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    const eventfd = await session.eventfd(0);
    await session.map(4096);
    await coprocessor.fill(0, 100);
    await coprocessor.fill(0, 200);
    t.is(await takeSignals(agent, eventfd, 2), 2);
    t.is(await session.size(0), 200);
    t.is(await session.size(0), abi.NOTHING_NEW);
    for (let i = 0; i < 50; i++) await coprocessor.fill(0, i);
    t.is(await takeSignals(agent, eventfd, 50), 50);
    t.is(await session.size(0), 49);
  },
);

// holds: protocol#empty-is-a-transfer
boardTest('a transfer of length 0 is a transfer', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const eventfd = await session.eventfd(0);
  await session.map(4096);
  await coprocessor.fill(0, 0);
  t.is(await takeSignals(agent, eventfd, 1), 1);
  t.is(await session.size(0), 0);
});

// holds: abi#set-efd-replaces
boardTest('a second eventfd replaces the first', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const first = await session.eventfd(0);
  await session.map(4096);
  await coprocessor.fill(0, 1);
  t.is(await takeSignals(agent, first, 1), 1);
  const second = await session.eventfd(0);
  await coprocessor.fill(0, 2);
  t.is(await takeSignals(agent, second, 1), 1);
  t.is(await pendingSignals(agent, first), 0);
});

// holds: abi#set-efd-replaces
boardTest('a second eventfd replaces the first while both wait for the buffer', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const first = await session.eventfd(0);
  const second = await session.eventfd(0);
  await session.map(4096);
  await coprocessor.fill(0, 1);
  t.is(await takeSignals(agent, second, 1), 1);
  t.is(await pendingSignals(agent, first), 0);
});

boardTest('an eventfd that its application closed is harmless', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const closed = await session.eventfd(0);
  const duplicate = await agent.dup(closed);
  await session.map(4096);
  await agent.close(closed);
  await coprocessor.fill(0, 1);
  t.is(await takeSignals(agent, duplicate, 1), 1);
  await agent.close(duplicate);
  await coprocessor.fill(0, 2);
  t.is(await session.size(0), 2);
});

boardTest('one eventfd may serve several buffers', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const eventfd = await session.eventfd(0);
  await session.map(4096);
  await session.setEfd(1, eventfd);
  await session.map(4096);
  await coprocessor.fill(0, 1);
  await coprocessor.fill(1, 1);
  t.is(await takeSignals(agent, eventfd, 2), 2);
});

// holds: abi#set-efd-late
boardTest('an eventfd set after the transfer is told of it', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  await coprocessor.fill(0, 77);
  const eventfd = await session.eventfd(0);
  t.is(await takeSignals(agent, eventfd, 1), 1);
  t.is(await session.size(0), 77);
});

boardTest('an eventfd that is full loses no size', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const eventfd = await session.eventfd(0);
  await session.map(4096);
  await agent.write(eventfd, Buffer.from('feffffffffffffff', 'hex'));
  await coprocessor.fill(0, 9);
  t.is(await session.size(0), 9);
});

// holds: abi#ebadf, abi#einval-eventfd, abi#einval-number, abi#efault
boardTest('SET_EFD: every bad argument has its errno and changes nothing', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const eventfd = await session.eventfd(0);
  await session.map(4096);
  const other = await agent.eventfd();
  const plain = await agent.open('/dev/null', 2);
  await fails(t, 'EBADF', session.setEfd(0, -1));
  await fails(t, 'EBADF', session.setEfd(0, 9999));
  await fails(t, 'EBADF', session.setEfd(1, -1));
  await fails(t, 'EINVAL', session.setEfd(0, plain));
  await fails(t, 'EINVAL', session.setEfd(0, session.fd));
  await fails(t, 'EINVAL', session.setEfd(-1, other));
  await fails(t, 'EINVAL', session.setEfd(-2147483648, other));
  await fails(t, 'EINVAL', session.setEfd(2147483647, other));
  for (const pointer of noMemory)
    await fails(t, 'EFAULT', agent.ioctlNumber(session.fd, session.numbers.setEfd, pointer));
  await coprocessor.fill(0, 5);
  t.is(await takeSignals(agent, eventfd, 1), 1);
  t.is(await pendingSignals(agent, other), 0);
});

// holds: abi#einval-number, abi#efault
boardTest('GET_DATA_SIZE: every bad argument has its errno and takes nothing', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  await coprocessor.fill(0, 5);
  for (const id of [1, 1000, -1, 2147483647, -2147483648]) await fails(t, 'EINVAL', session.size(id));
  for (const pointer of noMemory)
    await fails(t, 'EFAULT', agent.ioctlNumber(session.fd, session.numbers.getDataSize, pointer));
  t.is(await session.size(0), 5);
});

// holds: abi#efault
boardTest(
  'a structure in memory that ends too early, or that cannot be written, is EFAULT and takes nothing',
  async ({ t, agent, coprocessor }) => {
    const { page } = await agent.self();
    const session = await Session.open(agent);
    await session.map(page);
    await coprocessor.fill(0, 5);
    const two = await agent.mmap(2 * page, 3, 0x22, -1);
    await agent.munmap(two + page, page);
    await fails(t, 'EFAULT', agent.ioctlNumber(session.fd, session.numbers.getDataSize, two + page - 4));
    await fails(t, 'EFAULT', agent.ioctlNumber(session.fd, session.numbers.setEfd, two + page - 4));
    await agent.mprotect(two, page, 1);
    await fails(t, 'EFAULT', agent.ioctlNumber(session.fd, session.numbers.getDataSize, two));
    t.is(await session.size(0), 5);
  },
);

boardTest('a misaligned structure works', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  await coprocessor.fill(0, 0x234);
  const memory = await agent.allocate(64);
  for (const shift of [1, 2, 3]) {
    await agent.poke(memory + shift, Buffer.alloc(8));
    await agent.ioctlNumber(session.fd, session.numbers.getDataSize, memory + shift);
    t.is((await agent.peek(memory + shift + 4, 4)).readUInt32LE(), shift === 1 ? 0x234 : abi.NOTHING_NEW);
  }
});

// holds: abi#enotty
boardTest('any other request is ENOTTY', async ({ t, agent }) => {
  const session = await Session.open(agent);
  const memory = await agent.allocate(4096);
  const type = 0x5200;
  const requests = [
    0,
    0xffffffff,
    0x5401,
    // our numbers, with another direction or another size
    type,
    type + 1,
    0x80045200,
    0xc0045200,
    0x40045201,
    0x80045201,
    0x40005200,
    0x40015200,
    0x400c5200,
    0x40105200,
    0xc0085200,
    0x40085201,
    0xc00c5201,
    // our type with other numbers, those of fastrpc among them
    0x40045202,
    0xc0045202,
    0x40085203,
    0xc0105201,
    0xc0205204,
    0x400452ff,
    // our numbers with another type
    0x40045300,
    0xc0045101,
  ];
  for (const request of requests) {
    for (const argument of [0, memory]) await fails(t, 'ENOTTY', agent.ioctlNumber(session.fd, request, argument));
  }
});
