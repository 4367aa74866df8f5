// SPDX-License-Identifier: MIT
// Which mappings other parts of the kernel take for I/O of their own. These are the cells of the table in
// kernel/ABI.md.
import { CACHED, PEER_HANDOVER, PEER_WITHDRAWAL, PINNABLE, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { MAP_PRIVATE, MAP_SHARED, O_DIRECT, O_RDWR } from '../../scripts/lib/board/agent/constants.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { operations, Ring } from '../../scripts/lib/board/agent/ring.ts';
import { awaitMemory, awaitNoUsers } from './fixture/awaited.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { driverModule } from './fixture/driver-module.ts';
import { withRamDisk } from './fixture/device.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { touchNewPageBetween } from './fixture/fresh-page.ts';
import { iovecs, pipe } from './fixture/iovec.ts';
import { map } from './fixture/mapping.ts';
import { pinPage } from './fixture/pinned-page.ts';
import { rounds } from './fixture/rounds.ts';
import type { Mapping } from './fixture/session.ts';
import { traced } from './fixture/tracing.ts';

const MiB = 1 << 20;
const block = 4096;
const EFAULT = -14;

interface Kind {
  readonly name: string;
  readonly flags: number;
  readonly size: number;
  readonly pinnable: boolean;
}

/**
 * The last kind is larger than the largest block of the page allocator. It is also larger than the CMA area of some of
 * these kernels.
 */
const kinds: readonly Kind[] = [
  { name: 'a write-combined buffer', flags: 0, size: 64 * 1024, pinnable: false },
  { name: 'a cached buffer of a block of pages', flags: CACHED, size: 64 * 1024, pinnable: true },
  { name: 'a cached buffer beyond the largest block', flags: CACHED, size: 16 * MiB, pinnable: true },
];

/** A mapped buffer that the coprocessor has filled. */
async function filled(
  { t, agent, coprocessor }: Scenario,
  kind: Kind,
): Promise<{ file: RecordFile; mapping: Mapping }> {
  const file = await RecordFile.open(agent);
  const { offset } = await file.allocate(kind.size, kind.flags);
  t.is((await file.buffer(0)).flags, kind.flags | (kind.pinnable ? PINNABLE : 0));
  const mapping = await map(agent, file.fd, kind.size, offset);
  await coprocessor.fill(0, kind.size, 5);
  await file.read();
  return { file, mapping };
}

const expect = (s: Scenario, kind: Kind, call: Promise<unknown>): Promise<void> =>
  kind.pinnable ? call.then(() => undefined) : fails(s.t, 'EFAULT', call);

/**
 * Whether the kernel takes a mapping of a file as a fixed buffer. Older kernels refuse it before they look at its
 * pages.
 */
async function takesFileMappings({ board }: Scenario): Promise<boolean> {
  const [major = 0, minor = 0] = (await board.observer.readFile('/proc/sys/kernel/osrelease')).split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 5);
}

for (const kind of kinds) {
  const outcome = kind.pinnable ? 'takes part in' : 'is refused by';

  // holds: abi#pinned-plain-calls, abi#pinnable-flag, abi#cached-is-pinnable
  boardTest(`${kind.name}: read() and write() of other files work on it`, async (s) => {
    const { mapping } = await filled(s, kind);
    const { from, to } = await pipe(s.agent);
    s.t.is(await s.agent.syscall('write', to, mapping.address, block), block);
    s.t.is(await s.agent.syscall('read', from, mapping.address + block, block), block);
    s.t.deepEqual(await mapping.peek(block, 256), await mapping.peek(0, 256));
  });

  // holds: abi#pinned-o-direct
  boardTest(
    `${kind.name} ${outcome} O_DIRECT`,
    async (s) => {
      await withRamDisk(s, kind.size / 1024, async (path) => {
        const { mapping } = await filled(s, kind);
        const disk = await s.agent.open(path, O_RDWR | O_DIRECT);
        await expect(s, kind, s.agent.syscall('write', disk, mapping.address, kind.size));
        await s.agent.syscall('lseek', disk, 0, 0);
        await s.agent.set(mapping.address, kind.size, 0);
        await expect(s, kind, s.agent.syscall('read', disk, mapping.address, kind.size));
        if (kind.pinnable) s.t.like(await mapping.verify(0, 5), { wrong: 0 });
        await s.agent.close(disk);
      });
    },
    { needs: ['ram-disk'] },
  );

  // holds: abi#pinned-vmsplice
  boardTest(`${kind.name} ${outcome} vmsplice()`, async (s) => {
    const { mapping } = await filled(s, kind);
    const { from, to } = await pipe(s.agent);
    const iovec = await iovecs(s.agent, [mapping.address, block]);
    await expect(s, kind, s.agent.syscall('vmsplice', to, iovec, 1, 0));
    if (!kind.pinnable) return;
    const copy = await s.agent.allocate(block);
    s.t.is(await s.agent.syscall('read', from, copy, block), block);
    s.t.deepEqual(await s.agent.peek(copy, 256), await mapping.peek(0, 256));
  });

  // holds: abi#pinned-fixed-buffers, abi#pinned-plain-calls
  boardTest(
    `${kind.name} ${outcome} fixed buffers of io_uring, and may be data of other requests`,
    async (s) => {
      const { mapping } = await filled(s, kind);
      const ring = await Ring.open(s.agent);
      const { from, to } = await pipe(s.agent);
      const transfer = { address: mapping.address, length: block };
      await ring.submit({ request: 1, operation: operations.write, fd: to, ...transfer });
      s.t.deepEqual(await ring.completion(), { request: 1, result: block });
      const takesFiles = await takesFileMappings(s);
      const registering = ring.register(mapping.address, 2 * block);
      await (kind.pinnable && !takesFiles ? fails(s.t, 'EOPNOTSUPP', registering) : expect(s, kind, registering));
      if (!kind.pinnable || !takesFiles) {
        await ring.submit({ request: 2, operation: operations.readFixed, fd: from, ...transfer });
        s.t.deepEqual(await ring.completion(), { request: 2, result: EFAULT });
        return;
      }
      const second = { address: mapping.address + block, length: block };
      await ring.submit({ request: 2, operation: operations.readFixed, fd: from, ...second });
      s.t.deepEqual(await ring.completion(), { request: 2, result: block });
      s.t.deepEqual(await mapping.peek(block, 256), await mapping.peek(0, 256));
    },
    { needs: ['io_uring'] },
  );

  // holds: abi#pinned-process-vm-readv
  boardTest(`${kind.name} ${outcome} process_vm_readv() of another process`, async (s) => {
    const { mapping } = await filled(s, kind);
    const { pid } = await s.agent.self();
    const other = await s.agent.fork('other');
    const copy = await other.allocate(block);
    const [local, remote] = [await iovecs(other, [copy, block]), await iovecs(other, [mapping.address, block])];
    await expect(s, kind, other.syscall('process_vm_readv', pid, local, 1, remote, 1, 0));
    if (kind.pinnable) s.t.deepEqual(await other.peek(copy, 256), await mapping.peek(0, 256));
  });
}

/** What Linux has done so far to make room: pages that it isolated and moved, and times that it emptied a part of CMA. */
async function making({ board }: Scenario): Promise<Record<string, number>> {
  const lines = (await board.shell('cat /proc/vmstat')).split('\n').map((line) => line.split(' '));
  const count = (name: string): number => Number(lines.find(([word]) => word === name)?.[1]);
  return { isolated: count('compact_isolated'), moved: count('pgmigrate_success'), cma: count('cma_alloc_success') };
}

/**
 * Has Linux empty ranges of its memory and of CMA until the work is over, again and again: for a cached buffer and for a
 * write-combined one. Returns how many buffers there were.
 */
async function emptyingRanges(s: Scenario, work: Promise<unknown>): Promise<number> {
  const size = 8 * MiB;
  const file = await RecordFile.open(await s.board.newAgent());
  let [made, isOver] = [0, false];
  const end = (): void => void (isOver = true);
  work.then(end, end);
  for (let flags = 0; !isOver; flags ^= CACHED) {
    try {
      await file.free((await file.allocate(size, flags)).buffer);
      made++;
    } catch (error) {
      // Memory is short: that is what this is about.
      if (!(error instanceof SystemCallError) || error.errno !== 'ENOMEM') throw error;
    }
  }
  return made;
}

boardTest(
  'no page is lost or moved in a thousand rounds of O_DIRECT, with memory short and compacted all the while',
  async (s) => {
    const size = 16 * MiB;
    await withRamDisk(s, 64, async (path) => {
      const file = await RecordFile.open(s.agent);
      const { offset } = await file.allocate(size, CACHED);
      const { address, flags } = await file.buffer(0);
      s.t.is(flags, CACHED | PINNABLE);
      const mapping = await map(s.agent, file.fd, size, offset);
      // Memory that is given up goes back to Linux at once.
      await agreeOn(s.coprocessor, file, PEER_WITHDRAWAL);
      // One page stays pinned meanwhile, and two for long where the kernel can do that.
      await mapping.poke(size - block, Buffer.from('pinned'));
      const letGo = await pinPage(s.agent, mapping.address + size - block);
      if (await takesFileMappings(s)) await (await Ring.open(s.agent)).register(mapping.address, 2 * block);
      const disk = await s.agent.open(path, O_RDWR | O_DIRECT);
      const words = [disk, mapping.address, size - block, 1000, rounds(1, 20)];
      const before = await making(s);
      const moving = s.agent.call(`pin-rounds ${words.map(String).join(' ')}`, { timeout: 240_000 });
      s.t.true((await emptyingRanges(s, moving)) > 0);
      const { fields } = await moving;
      s.t.like(fields, { wrong: 0, moved: 0, frame: address / block });
      s.t.true(Number(fields['rounds']) >= 1000);
      const after = await making(s);
      for (const [what, count] of Object.entries(before)) s.t.true((after[what] ?? 0) > count, what);
      s.t.is((await letGo()).toString('latin1', 0, 6), 'pinned');
      await s.agent.close(disk);
    });
  },
  { needs: ['ram-disk'], timeout: 300_000 },
);

// holds: abi#pinned-write-synchronises
boardTest(
  'what a disk wrote into a pinned buffer is synchronised when the buffer is handed over',
  async (s) => {
    const size = 64 * 1024;
    await withRamDisk(s, 64, async (path) => {
      const file = await RecordFile.open(s.agent);
      const { offset } = await file.allocate(size, CACHED);
      const mapping = await map(s.agent, file.fd, size, offset);
      await agreeOn(s.coprocessor, file, PEER_HANDOVER);
      const disk = await s.agent.open(path, O_RDWR | O_DIRECT);
      const syncs = await traced(s.board, 'sync', async () => {
        s.t.is(await s.agent.syscall('read', disk, mapping.address, 2 * block), 2 * block);
        await file.write({ buffer: 0, length: 2 * block });
      });
      s.t.deepEqual(syncs, ['index=0 for=coprocessor offset=0x0 size=0x2000']);
      await s.agent.close(disk);
    });
  },
  { needs: ['ram-disk'] },
);

// holds: abi#pinnable-falls-back
boardTest(
  'a large cached buffer comes from CMA when no range of memory can be emptied, works, and is not pinnable',
  async (s) => {
    const { t, agent, board, coprocessor } = s;
    const size = 32 * MiB;
    await board.setParameter('max_mib', 4096);
    const file = await RecordFile.open(agent);
    let last = await file.allocate(size, CACHED);
    t.is((await file.buffer(last.buffer)).flags, CACHED | PINNABLE);
    while ((await file.buffer(last.buffer)).flags !== CACHED) last = await file.allocate(size, CACHED);
    const mapping = await map(agent, file.fd, size, last.offset);
    const { to } = await pipe(agent);
    await fails(t, 'EFAULT', agent.syscall('vmsplice', to, await iovecs(agent, [mapping.address, block]), 1, 0));
    await coprocessor.fill(last.buffer, size, 5);
    t.like(await file.read(), [{ buffer: last.buffer, length: size }]);
    t.like(await mapping.verify(last.buffer, 5), { wrong: 0 });
  },
  { timeout: 60_000 },
);

// The search tries 64 blocks in any case. Blocks of 2 MiB are so small that more of them lie above the last buffer. With
// larger ones this would show nothing.
// holds: abi#cached-is-pinnable
boardTest(
  'a large cached buffer is pinnable though pages that nobody can move lie all over the memory above it',
  async (s) => {
    const { t, agent, board } = s;
    const size = 16 * MiB;
    const file = await RecordFile.open(agent);
    await file.allocate(block);
    await agreeOn(s.coprocessor, file, PEER_WITHDRAWAL);
    const addresses = new Set<number>();
    for (let i = 1; i <= 8; i++) {
      const { buffer, offset } = await file.allocate(size, CACHED);
      const { address, flags } = await file.buffer(buffer);
      t.is(flags, CACHED | PINNABLE, `buffer ${String(i)}`);
      // The page that stays pinned keeps the next buffer from being where this one was.
      const mapping = await map(agent, file.fd, size, offset);
      await pinPage(agent, mapping.address);
      await mapping.unmap();
      await file.free(buffer);
      await awaitMemory(board, { buffers: 1 });
      t.is(addresses.add(address).size, i);
    }
  },
  { needs: ['large-pages'], timeout: 60_000 },
);

// holds: abi#cached-is-pinnable
boardTest(
  'the only range that can be emptied is found though somebody uses a new page of it',
  async (s) => {
    const { t, agent, board } = s;
    const size = 16 * MiB;
    await board.setParameter('max_mib', 4096);
    const file = await RecordFile.open(agent);
    const isPinnable = async (buffer: number) => (await file.buffer(buffer)).flags === (CACHED | PINNABLE);
    // The second one has a neighbour on each side. So nothing beside it is free.
    await file.allocate(size, CACHED);
    const second = await file.allocate(size, CACHED);
    await agreeOn(s.coprocessor, file, PEER_WITHDRAWAL);
    t.true(await isPinnable(second.buffer));
    let last = second;
    while (await isPinnable(last.buffer)) last = await file.allocate(size, CACHED);
    const { address } = await file.buffer(second.buffer);
    for (const { buffer } of [last, second]) await file.free(buffer);
    await awaitMemory(board, { buffers: last.buffer - 1 });

    const user = await agent.fork('user');
    await touchNewPageBetween(user, address, address + size, 256 * MiB);
    t.true(await isPinnable((await file.allocate(size, CACHED)).buffer));
    await t.notThrowsAsync(user.self(), 'the page is still in use');
  },
  { needs: ['emulated'], timeout: 60_000 },
);

// holds: abi#pin-outlives
boardTest('pages that are pinned when the file is closed serve nobody else until they are let go', async (s) => {
  const kind = kinds[1];
  if (!kind) throw new Error('no such kind');
  const { file, mapping } = await filled(s, kind);
  const place = await file.buffer(0);
  const letGo = await pinPage(s.agent, mapping.address);
  const before = await mapping.peek(0, 256);
  await mapping.unmap();
  await s.agent.close(file.fd);

  const next = await RecordFile.open(s.agent);
  await next.allocate(kind.size, kind.flags);
  s.t.not((await next.buffer(0)).address, place.address);
  s.t.deepEqual(await letGo(), before);
  await s.agent.close(next.fd);
  const last = await RecordFile.open(s.agent);
  await last.allocate(kind.size, kind.flags);
  s.t.is((await last.buffer(0)).index, 0);
  s.t.like(await s.board.memory(), { buffers: 2 });
});

// holds: abi#pin-outlives
boardTest(
  'a pinned page outlives the coprocessor and the module, and is nobody else’s before it is let go',
  async (s) => {
    const { agent, remoteproc, board } = s;
    const file = await RecordFile.open(agent);
    const { offset } = await file.allocate(16 * MiB, CACHED);
    const mapping = await map(agent, file.fd, 16 * MiB, offset);
    await mapping.poke(5 * MiB, Buffer.from('pinned'));
    const letGo = await pinPage(agent, mapping.address + 5 * MiB);
    await mapping.unmap();
    await agent.close(file.fd);
    await remoteproc.stop();
    await awaitNoUsers(board);
    const module = await driverModule(agent);
    await module.unload();
    await agent.call(module.load);
    await remoteproc.start();
    await board.waitReady();

    const next = await RecordFile.open(agent);
    for (let i = 0; i < 3; i++) {
      const again = await next.allocate(16 * MiB, CACHED);
      await agent.set((await map(agent, next.fd, 16 * MiB, again.offset)).address, 16 * MiB, 0xff);
    }
    s.t.is((await letGo()).toString('latin1', 0, 6), 'pinned');
  },
);

for (const [name, flags] of [
  ['private', MAP_PRIVATE],
  ['shared', MAP_SHARED],
] as const)
  // holds: abi#private-is-coherent, abi#pinned-vmsplice
  boardTest(`a page that is pinned through a ${name} mapping stays the buffer's after fork()`, async (s) => {
    const { t, agent, coprocessor } = s;
    const file = await RecordFile.open(agent);
    const { offset } = await file.allocate(2 * block, CACHED);
    const mapping = await map(agent, file.fd, 2 * block, offset, flags);
    await mapping.poke(0, Buffer.from('parent'));
    const letGo = await pinPage(agent, mapping.address);
    // A page of a private mapping of anything else would be copied for one of the two, as soon as one writes.
    const child = await agent.fork('child');
    await mapping.poke(100, Buffer.from('parent'));
    await mapping.in(child).poke(200, Buffer.from('child'));
    await coprocessor.fill(0, 64, 5);
    await file.read();
    const seen = await letGo();
    t.deepEqual(seen, await mapping.peek(0, 256));
    t.deepEqual(seen, await mapping.in(child).peek(0, 256));
    t.is(seen.toString('latin1', 100, 106), 'parent');
    t.is(seen.toString('latin1', 200, 205), 'child');
    t.like(await mapping.verify(0, 5, 64), { wrong: 0 });
  });
