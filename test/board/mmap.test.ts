// SPDX-License-Identifier: MIT
// mmap and what can be done to a mapping afterwards.
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import * as linux from '../../scripts/lib/board/agent/constants.ts';
import { CACHED, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import type { Task } from '../../scripts/lib/board/agent/task.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { map } from './fixture/mapping.ts';
import { Session, takeSignals } from './fixture/session.ts';

const RW = linux.PROT_READ | linux.PROT_WRITE;

boardTest('a new buffer is zero from its first byte to its last', async ({ t, agent }) => {
  const session = await Session.open(agent);
  const mapping = await session.map(1 << 20);
  t.is(await agent.countDifferent(mapping.address, mapping.length, 0), 0);
});

/** Page faults of a process so far: the tenth field of proc(5)'s stat. */
async function faults(agent: Task): Promise<number> {
  return Number((await agent.readFile('/proc/self/stat')).split(' ')[9]);
}

// holds: abi#mapping-is-complete, abi#large-pages-not-on-32-bit
boardTest('a mapping is complete when mmap() returns: no touch of it is a page fault', async ({ t, agent, board }) => {
  const { page } = await agent.self();
  const file = await RecordFile.open(agent);
  // Where Linux takes large pages from a driver, larger buffers are mapped only when they are touched.
  const isArm32 = (await board.shell('uname -m')).startsWith('armv7');
  const kinds = [
    { length: 1 << 20, flags: 0 },
    { length: 1 << 20, flags: CACHED },
    ...(isArm32 ? [{ length: 8 << 20, flags: 0 }] : []),
  ];
  for (const { length, flags } of kinds) {
    const { offset } = await file.allocate(length, flags);
    const mapping = await map(agent, file.fd, length, offset);
    const before = await faults(agent);
    t.is(await agent.countDifferent(mapping.address, length, 0), 0);
    // The agent may have some faults of its own.
    t.true((await faults(agent)) - before < length / page / 8);
  }
});

// holds: abi#einval-field
boardTest('a length of 0 is EINVAL and announces nothing', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await fails(t, 'EINVAL', session.map(0));
  t.deepEqual(await coprocessor.buffers(), []);
  t.deepEqual(await coprocessor.heard(), []);
});

// holds: abi#einval-field
boardTest(
  'an offset that the driver did not give is EINVAL and announces nothing',
  async ({ t, agent, coprocessor }) => {
    const { page } = await agent.self();
    const session = await Session.open(agent);
    for (const offset of [page, 2 * page, 3 * page, 1 << 20, 0x7ffff000]) {
      await fails(t, 'EINVAL', session.map(page, { offset }));
      await fails(t, 'EINVAL', session.map(page, { offset, flags: linux.MAP_SHARED }));
    }
    // The kernel refuses the last page of 32 bits before it asks the driver.
    t.regex((await t.throwsAsync(session.map(page, { offset: 0xfffff000 }))).message, /(EINVAL|EOVERFLOW)$/);
    for (const offset of [1, page - 1, page + 1]) await fails(t, 'EINVAL', session.map(page, { offset }));
    t.deepEqual(await coprocessor.heard(), []);
    await session.map(page);
    t.is((await coprocessor.heard()).length, 1);
  },
);

boardTest(
  'lengths beyond everything fail, announce nothing, and leave the file usable',
  async ({ t, agent, coprocessor }) => {
    const { bits } = await agent.self();
    const session = await Session.open(agent);
    const lengths = [0x7ffff000, 0xfffff000, 0xffffffff, ...(bits === 64 ? [0x100000000, 0x100001000, 2 ** 40] : [])];
    for (const length of lengths) {
      const error = await t.throwsAsync(session.map(length));
      t.regex(error.message, /(ENOMEM|EDQUOT|EINVAL)$/);
    }
    t.deepEqual(await coprocessor.heard(), []);
    await session.map(4096);
    await coprocessor.fill(0, 4096);
    t.is(await session.size(0), 4096);
  },
);

// holds: abi#write-needs-writable-file, abi#eacces
boardTest(
  'a file opened for reading gives readable buffers, and no writable ones',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent, linux.O_RDONLY);
    await fails(t, 'EACCES', session.map(4096, { flags: linux.MAP_SHARED }));
    await fails(t, 'EACCES', session.map(4096, { flags: linux.MAP_PRIVATE }));
    t.deepEqual(await coprocessor.heard(), []);
    const mapping = await session.map(4096, { protection: linux.PROT_READ });
    await coprocessor.fill(0, 4096, 3);
    t.like(await mapping.verify(0, 3), { wrong: 0 });
    await fails(t, 'SIGSEGV', mapping.poke(0, Buffer.from([1])));
    await fails(t, 'EACCES', agent.mprotect(mapping.address, 4096, RW));
  },
);

boardTest('a file opened for writing only gives no buffers', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent, linux.O_WRONLY);
  await fails(t, 'EACCES', session.map(4096));
  t.deepEqual(await coprocessor.heard(), []);
});

// holds: abi#munmap-keeps-buffer
boardTest('munmap frees nothing: the buffer goes on to be filled and to signal', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const eventfd = await session.eventfd(0);
  const mapping = await session.map(32768);
  const [before] = await coprocessor.buffers();
  await mapping.unmap();
  await fails(t, 'SIGSEGV', mapping.peek(0, 1));
  await coprocessor.fill(0, 32768);
  t.is(await takeSignals(agent, eventfd, 1), 1);
  t.is(await session.size(0), 32768);
  // The next mmap makes another buffer.
  await session.map(32768);
  const known = await coprocessor.buffers();
  t.deepEqual(
    known.map(({ index }) => index),
    [0, 1],
  );
  t.is(known[0]?.address, before?.address);
  t.not(known[1]?.address, before?.address);
});

// holds: abi#mapping-keeps-open, abi#mapping-keeps-memory
boardTest('a mapping outlives its file', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const mapping = await session.map(32768);
  await session.close();
  await coprocessor.request('fill 0 32768 8');
  t.like(await mapping.verify(0, 8), { wrong: 0 });
  await mapping.poke(0, Buffer.from('mine'));
  t.deepEqual(await mapping.peek(0, 4), Buffer.from('mine'));
});

boardTest('a mapping in pieces: unmap its middle, its ends, the rest', async ({ t, agent, coprocessor }) => {
  const { page } = await agent.self();
  const session = await Session.open(agent);
  const mapping = await session.map(8 * page);
  await agent.munmap(mapping.address + 3 * page, 2 * page);
  await coprocessor.fill(0, 8 * page, 4);
  await fails(t, 'SIGSEGV', mapping.peek(3 * page, 1));
  t.like(await mapping.verify(0, 4, 3 * page), { wrong: 0 });
  t.is((await mapping.peek(5 * page, 4)).length, 4);
  await agent.munmap(mapping.address, page);
  await agent.munmap(mapping.address + 7 * page, page);
  await session.close();
  t.is((await mapping.peek(page, 4)).length, 4);
  await agent.munmap(mapping.address, 8 * page);
});

for (const [name, flags] of [
  ['private', linux.MAP_PRIVATE],
  ['shared', linux.MAP_SHARED],
] as const) {
  boardTest(`a ${name} mapping moves and shrinks but does not grow`, async ({ t, agent, coprocessor }) => {
    const { page } = await agent.self();
    const session = await Session.open(agent);
    const mapping = await session.map(4 * page, { flags });
    await coprocessor.fill(0, 4 * page, 6);
    const grown = await t.throwsAsync(agent.mremap(mapping.address, 4 * page, 8 * page, linux.MREMAP_MAYMOVE));
    t.regex(grown.message, /(EFAULT|EINVAL)$/);
    const moved = await agent.mremap(mapping.address, 4 * page, 2 * page, linux.MREMAP_MAYMOVE);
    t.like(await agent.verify(moved, 2 * page, 0, 6), { wrong: 0 });
    await agent.mprotect(moved, page, linux.PROT_READ);
    await fails(t, 'SIGSEGV', agent.poke(moved, Buffer.from([1])));
    await coprocessor.fill(0, 4 * page, 7);
    t.like(await agent.verify(moved, 2 * page, 0, 7), { wrong: 0 });
  });
}

boardTest(
  "madvise(DONTNEED) and reading again shows the coprocessor's data, not zeroes",
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    for (const [id, flags] of [linux.MAP_PRIVATE, linux.MAP_SHARED].entries()) {
      const mapping = await session.map(8192, { flags });
      await coprocessor.fill(id, 8192, 9);
      // These may be refused or have no effect. They must not lose the data.
      await agent.madvise(mapping.address, 8192, linux.MADV_DONTNEED).catch(() => undefined);
      t.like(await mapping.verify(id, 9), { wrong: 0 });
    }
  },
);

boardTest('MAP_FIXED places a buffer where the application wants it', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const place = await agent.mmap(32768, linux.PROT_NONE, linux.MAP_PRIVATE | linux.MAP_ANONYMOUS, -1);
  const { fields } = await agent.call(
    `mmap 16384 ${String(RW)} ${String(linux.MAP_PRIVATE | linux.MAP_FIXED)} ${String(session.fd)} 0 ${String(place)}`,
  );
  t.is(fields['address'], place);
  await coprocessor.fill(0, 16384, 2);
  t.like(await agent.verify(place, 16384, 0, 2), { wrong: 0 });
});

boardTest("the bytes beyond a transfer's length stay as they are", async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const mapping = await session.map(8192);
  await agent.set(mapping.address, 8192, 0xaa);
  await coprocessor.fill(0, 1001, 2);
  t.is(await session.size(0), 1001);
  t.like(await mapping.verify(0, 2, 1001), { wrong: 0 });
  t.is(await agent.countDifferent(mapping.address + 1001, 8192 - 1001, 0xaa), 0);
  t.is(await session.size(0), NOTHING_NEW);
});

boardTest('large and small, unaligned and bytewise accesses work on a mapping', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const mapping = await session.map(4096);
  for (const [offset, bytes] of [
    [1, 'abc'],
    [3, 'defgh'],
    [4093, 'xyz'],
  ] as const) {
    await mapping.poke(offset, Buffer.from(bytes));
    t.deepEqual(await mapping.peek(offset, bytes.length), Buffer.from(bytes));
  }
  // Here the kernel copies from the mapping and to it.
  const [left, right] = await agent.socketpair();
  await agent.syscall('write', left, mapping.address + 1, 100);
  await agent.syscall('read', right, mapping.address + 2001, 100);
  t.deepEqual(await mapping.peek(2001, 100), await mapping.peek(1, 100));
  await coprocessor.fill(0, 4096, 1);
  t.like(await mapping.verify(0, 1), { wrong: 0 });
});
