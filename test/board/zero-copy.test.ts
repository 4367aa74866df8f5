// SPDX-License-Identifier: MIT
// Sockets, pipes, the kernel's cryptography and other drivers take a large cached buffer without a copy. kernel/ABI.md
// has the table.
import { createHash } from 'node:crypto';
import { CACHED, EXPORT_RANGE, PINNABLE, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  DMA_BUF_SYNC_END,
  DMA_BUF_SYNC_RW,
  DMA_BUF_SYNC_START,
  syncDmaBuf,
} from '../../scripts/lib/board/agent/dma-buf.ts';
import { importIntoDrm } from '../../scripts/lib/board/agent/drm.ts';
import { structure } from '../../scripts/lib/board/agent/structure.ts';
import { awaitPath } from './fixture/awaited.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { iovecs, pipe } from './fixture/iovec.ts';
import { map } from './fixture/mapping.ts';
import type { Mapping } from './fixture/session.ts';
import { digestSocket, tcp } from './fixture/socket.ts';
import { traced } from './fixture/tracing.ts';

const page = 4096;
const MiB = 1 << 20;
const size = 16 * MiB;
/** what a pipe has room for */
const piece = 16 * page;

const SOL_SOCKET = 1;
const SO_ZEROCOPY = 60;
const MSG_WAITALL = 0x100;
const MSG_ZEROCOPY = 0x4000000;
const MSG_ERRQUEUE = 0x2000;
const SPLICE_F_MORE = 4;

/** A mapped cached buffer of 16 MiB that the coprocessor has filled. */
async function filled({ t, agent, coprocessor }: Scenario): Promise<{ file: RecordFile; mapping: Mapping }> {
  const file = await RecordFile.open(agent);
  const { offset } = await file.allocate(size, CACHED);
  t.is((await file.buffer(0)).flags, CACHED | PINNABLE);
  const mapping = await map(agent, file.fd, size, offset);
  await coprocessor.fill(0, size, 5);
  await file.read();
  return { file, mapping };
}

async function setZeroCopy({ agent }: Scenario, socket: number): Promise<void> {
  const one = await agent.allocate(4);
  await agent.poke(one, Buffer.from([1, 0, 0, 0]));
  await agent.syscall('setsockopt', socket, SOL_SOCKET, SO_ZEROCOPY, one, 4);
}

/** Moves a range of the mapping through a pipe into a descriptor, a pipe's content at a time and without a copy. */
async function spliceInto({ t, agent }: Scenario, mapping: Mapping, length: number, to: number): Promise<void> {
  const ends = await pipe(agent);
  for (let at = 0; at < length; at += piece) {
    const iovec = await iovecs(agent, [mapping.address + at, piece]);
    t.is(await agent.syscall('vmsplice', ends.to, iovec, 1, 0), piece);
    const flags = at + piece < length ? SPLICE_F_MORE : 0;
    for (let left = piece; left > 0;) left -= await agent.syscall('splice', ends.from, 0, to, 0, left, flags);
  }
}

// holds: abi#pinned-msg-zerocopy
boardTest(
  'a TCP socket sends a whole buffer with MSG_ZEROCOPY, and says so when it has let the pages go',
  async (s) => {
    const { mapping } = await filled(s);
    const { from, to } = await tcp(s.agent);
    await setZeroCopy(s, to);
    const reader = await s.agent.fork('reader');
    const copy = await reader.allocate(size);
    // The reader's order goes first, because it goes through the agent. From its sendto on, the agent waits for the
    // reader.
    const [received, sent] = await Promise.all([
      reader.syscall('recvfrom', from, copy, size, MSG_WAITALL, 0, 0),
      s.agent.syscall('sendto', to, mapping.address, size, MSG_ZEROCOPY, 0, 0),
    ]);
    s.t.deepEqual([sent, received], [size, size]);
    s.t.like(await reader.verify(copy, size, 0, 5), { wrong: 0 });

    // A struct msghdr with room for nothing. Only the notification itself counts.
    const message = await s.agent.allocate(56);
    s.t.is(await s.agent.syscall('recvmsg', to, message, MSG_ERRQUEUE), 0);
  },
);

// holds: abi#pinned-msg-zerocopy
boardTest(
  'a TCP socket refuses the pages of a write-combined buffer, and sends a copy when it is asked for one',
  async (s) => {
    const file = await RecordFile.open(s.agent);
    const { offset } = await file.allocate(page);
    const mapping = await map(s.agent, file.fd, page, offset);
    const { from, to } = await tcp(s.agent);
    await setZeroCopy(s, to);
    await fails(s.t, 'EFAULT', s.agent.syscall('sendto', to, mapping.address, page, MSG_ZEROCOPY, 0, 0));
    s.t.is(await s.agent.syscall('sendto', to, mapping.address, page, 0, 0, 0), page);
    s.t.is((await s.agent.read(from, 16)).length, 16);
  },
);

// holds: abi#pinned-vmsplice
boardTest('a TCP socket takes the pages of a buffer by splice()', async (s) => {
  const { mapping } = await filled(s);
  const { from, to } = await tcp(s.agent);
  const reader = await s.agent.fork('reader');
  const copy = await reader.allocate(MiB);
  const [received] = await Promise.all([
    reader.syscall('recvfrom', from, copy, MiB, MSG_WAITALL, 0, 0),
    spliceInto(s, mapping, MiB, to),
  ]);
  s.t.is(received, MiB);
  s.t.like(await reader.verify(copy, MiB, 0, 5), { wrong: 0 });
});

// holds: abi#pinned-af-alg
boardTest(
  "the kernel's cryptography makes a digest of the pages of a buffer",
  async (s) => {
    const { mapping } = await filled(s);
    await s.agent.set(mapping.address, MiB, 0x5a);
    const digest = await digestSocket(s.agent, 'sha256');
    await spliceInto(s, mapping, MiB, digest);
    const found = await s.agent.read(digest, 32);
    s.t.is(found.toString('hex'), createHash('sha256').update(Buffer.alloc(MiB, 0x5a)).digest('hex'));
  },
  { needs: ['crypto-sockets'] },
);

// holds: abi#dma-buf-drivers, abi#mapping-keeps-memory
boardTest(
  'a DRM driver takes a buffer as a dma-buf, and keeps it when the file is gone',
  async (s) => {
    await s.board.shell('modprobe vgem');
    try {
      await awaitPath(s.board, '/dev/dri/card0');
      const file = await RecordFile.open(s.agent);
      await file.allocate(size, CACHED);
      await file.allocate(MiB);
      const importers: number[] = [];
      for (const buffer of [0, 1]) {
        const dmabuf = await file.export(buffer);
        const { drm, handle } = await importIntoDrm(s.agent, '/dev/dri/card0', dmabuf);
        s.t.true(handle > 0);
        importers.push(drm);
        await s.agent.close(dmabuf);
      }
      await s.agent.close(file.fd);
      s.t.like(await s.board.memory(), { buffers: 2, retiredBuffers: 0 });
      for (const drm of importers) await s.agent.close(drm);
      s.t.like(await s.board.memory(), { buffers: 2, retiredBuffers: 2 });
    } finally {
      await s.board.closeAgents();
      await s.board.shell('modprobe -r vgem');
    }
  },
  { needs: ['vgem'] },
);

// holds: abi#export, abi#export-range-synchronises
boardTest('a range of a buffer is a dma-buf of its own, which maps and synchronises that range', async (s) => {
  const { file, mapping } = await filled(s);
  const [offset, length] = [5 * page, 3 * page];
  const dmabuf = await file.exportRange(0, offset, length);
  const part = await map(s.agent, dmabuf, length);
  await fails(s.t, 'EINVAL', map(s.agent, dmabuf, length + page));
  await fails(s.t, 'EINVAL', map(s.agent, dmabuf, page, length));

  const synchronised = await traced(s.board, 'sync', async () => {
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
    await part.poke(0, Buffer.from('first'));
    await part.poke(length - 4, Buffer.from('last'));
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
  });
  const range = `offset=0x${offset.toString(16)} size=0x${length.toString(16)}`;
  s.t.deepEqual(synchronised, [`index=0 for=cpu ${range}`, `index=0 for=coprocessor ${range}`]);
  s.t.is((await mapping.peek(offset, 5)).toString(), 'first');
  s.t.is((await mapping.peek(offset + length - 4, 4)).toString(), 'last');

  await s.agent.close(file.fd);
  s.t.is((await part.peek(0, 5)).toString(), 'first');
});

// holds: abi#einval-field
boardTest('what is no range of the buffer, or no whole pages, is not exported', async ({ t, agent }) => {
  const file = await RecordFile.open(agent);
  await file.allocate(4 * page, CACHED);
  const refused: readonly (readonly [number, number])[] = [
    [0, 0],
    [1, page],
    [0, page + 1],
    [0, 5 * page],
    [4 * page, page],
    [page, 2 ** 52 - page],
    [2 ** 52, page],
    [2 ** 64 - page, 2 * page],
  ];
  for (const [offset, length] of refused) await fails(t, 'EINVAL', file.exportRange(0, offset, length));
  await fails(t, 'EINVAL', file.exportRange(1, 0, page));
  // A flag that is none, and the reserved field.
  for (const field of [4, 12]) {
    const request = structure(32, { [field]: 1, 24: BigInt(page) });
    await fails(t, 'EINVAL', agent.structureCall('EXPORT_RANGE', file.fd, EXPORT_RANGE, request));
  }
  await agent.close(await file.exportRange(0, 3 * page, page));
});

// holds: abi#import
boardTest('a range that is imported is a buffer like any other', async ({ t, agent, coprocessor }) => {
  const file = await RecordFile.open(agent);
  const { offset } = await file.allocate(4 * page, CACHED);
  const mapping = await map(agent, file.fd, 4 * page, offset);
  const id = await file.import(await file.exportRange(0, page, 2 * page));
  t.is((await file.buffer(id)).address, (await file.buffer(0)).address + page);
  await coprocessor.fill(1, 2 * page, 9);
  t.like(await file.read(), [{ buffer: id, length: 2 * page }]);
  t.like(await agent.verify(mapping.address + page, 2 * page, 1, 9), { wrong: 0 });
});
