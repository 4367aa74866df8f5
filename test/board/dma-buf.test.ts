// SPDX-License-Identifier: MIT
// dma-bufs to and from other drivers. These are drivers of the kernel itself, where it has them.
import { CACHED, PEER_HANDOVER, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { MAP_SHARED, O_RDONLY, PROT_READ, PROT_WRITE } from '../../scripts/lib/board/agent/constants.ts';
import {
  allocateFromHeap,
  DMA_BUF_SYNC_END,
  DMA_BUF_SYNC_READ,
  DMA_BUF_SYNC_START,
  dmaBufOfPages,
  syncDmaBuf,
} from '../../scripts/lib/board/agent/dma-buf.ts';
import type { Task } from '../../scripts/lib/board/agent/task.ts';
import { cachesFeature } from '../../scripts/lib/base/target/caches.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { withParameters } from './fixture/driver-module.ts';
import { fails } from './fixture/errno.ts';
import { withCameras } from './fixture/cameras.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { until } from './fixture/until.ts';

const page = 4096;
const MiB = 1 << 20;
/** A value that the buffers are set to before; no test picture is made of it. */
const blank = 0xa5;

/** How many use the exporter of the contiguous camera's buffers: vivid itself, and each importer. */
const usersOfExporter = async (s: Scenario): Promise<number> =>
  Number(await s.agent.readFile('/sys/module/videobuf2_dma_contig/refcnt'));

// holds: abi#dma-buf-drivers
boardTest(
  'a camera captures into exported buffers, mapped by its DMA or by the CPU, and the coprocessor gets the picture',
  async (s) => {
    // The CPU writes vivid's pictures. Linux 6.12 has no call there that tells the exporter of a cached buffer.
    const kinds = s.board.board.features.includes(cachesFeature) ? [0] : [0, CACHED];
    await withCameras(s, async (contiguous, scattered) => {
      for (const flags of kinds)
        for (const camera of [contiguous, scattered]) {
          const file = await RecordFile.open(s.agent);
          const frame = await camera.setFormat(320, 180);
          const { size, offset } = await file.allocate(frame, flags);
          const mapping = await map(s.agent, file.fd, size, offset);
          await s.agent.set(mapping.address, size, blank);
          const dmabuf = await file.export(0);
          s.t.is(await camera.captureInto(dmabuf), frame);
          const different = await s.agent.countDifferent(mapping.address, frame, blank);
          s.t.true(different > frame * 0.9, `${String(different)} of ${String(frame)} bytes are a picture`);
          s.t.is(await s.agent.countDifferent(mapping.address + frame, size - frame, blank), 0);
          await agreeOn(s.coprocessor, file, PEER_HANDOVER);
          await s.coprocessor.heard();
          await file.write({ buffer: 0, length: frame });
          s.t.deepEqual(await s.coprocessor.heard(), [`B0L${frame.toString(16).padStart(8, '0')}`]);
          await mapping.unmap();
          await s.agent.close(dmabuf);
          await s.agent.close(file.fd);
        }
    });
  },
  { needs: ['vivid'], timeout: 60_000 },
);

// holds: abi#import, abi#einval-dma-buf
boardTest(
  "a camera's contiguous buffer can be imported, a scattered one cannot",
  async (s) => {
    await withCameras(s, async (contiguous, scattered) => {
      const file = await RecordFile.open(s.agent);
      await contiguous.setFormat(320, 180);
      const dmabuf = await contiguous.export();
      const picture = await map(s.agent, dmabuf, 4 * page);
      const id = await file.import(dmabuf);
      s.t.like(await s.coprocessor.buffers(), [{ index: 0, address: (await file.buffer(id)).address }]);
      await s.coprocessor.fill(0, 4 * page, 7);
      s.t.like(await file.read(), [{ buffer: id, length: 4 * page }]);
      s.t.like(await picture.verify(0, 7), { wrong: 0 });
      await picture.unmap();
      await s.agent.close(dmabuf);

      await scattered.setFormat(320, 180);
      const pieces = await scattered.export();
      await fails(s.t, 'EINVAL', file.import(pieces));
      await s.agent.close(pieces);
      s.t.like(await file.query(), { buffers: 1 });
      // An imported buffer holds its exporter until the coprocessor is known to have stopped.
      await s.agent.close(file.fd);
      const users = await usersOfExporter(s);
      await s.remoteproc.stop();
      await until(
        'the exporter to be let go of',
        () => usersOfExporter(s),
        (now) => now === users - 1,
      );
    });
  },
  { needs: ['vivid'] },
);

// holds: abi#max-file-mib, abi#max-mib, abi#edquot
boardTest('an import counts in the limits of file and coprocessor, as any buffer does', async (s) => {
  const owner = await RecordFile.open(s.agent);
  await owner.allocate(2 * MiB);
  const dmabuf = await owner.export(0);
  const file = await RecordFile.open(s.agent);
  await s.board.setParameter('max_mib', 3);
  await fails(s.t, 'EDQUOT', file.import(dmabuf));
  await s.board.setParameter('max_mib', 8);
  await s.board.setParameter('max_file_mib', 1);
  await fails(s.t, 'EDQUOT', file.import(dmabuf));
  s.t.like(await file.query(), { buffers: 0, bytes: 0 });
  s.t.like(await s.board.memory(), { buffers: 1, bytes: 2 * MiB });
  s.t.is((await s.coprocessor.buffers()).length, 1);
});

boardTest('memory that was imported and given up serves nobody else', async (s) => {
  const owner = await RecordFile.open(s.agent);
  const file = await RecordFile.open(s.agent);
  await owner.allocate(MiB);
  const id = await file.import(await owner.export(0));
  const { address, index } = await file.buffer(id);
  await file.free(id);
  s.t.like(await s.board.memory(), { retiredBuffers: 1 });
  // The next buffer has the same index and size. Retired write-combined memory of our own would serve it.
  const { buffer } = await file.allocate(MiB);
  const next = await file.buffer(buffer);
  s.t.is(next.index, index);
  s.t.not(next.address, address);
  s.t.like(await s.board.memory(), { buffers: 3, retiredBuffers: 1 });
});

// holds: abi#einval-dma-buf, abi#address-limit
boardTest(
  'memory that the coprocessor does not reach cannot be imported',
  (s) =>
    withParameters(s, 'address_limit=0x50000000', () =>
      withCameras(s, async (contiguous) => {
        const file = await RecordFile.open(s.agent);
        await contiguous.setFormat(320, 180);
        const dmabuf = await contiguous.export();
        await fails(s.t, 'EINVAL', file.import(dmabuf));
        s.t.like(await file.query(), { buffers: 0, bytes: 0, addressLimit: 0x50000000 });
        s.t.like(await s.board.memory(), { buffers: 0, bytes: 0 });
      }),
    ),
  { needs: ['vivid'] },
);

/** A memfd of some pages that cannot shrink. udmabuf takes no other. */
async function sealedPages(task: Task, pages: number): Promise<number> {
  const MFD_ALLOW_SEALING = 2;
  const [F_ADD_SEALS, F_SEAL_SHRINK] = [1033, 2];
  const name = await task.allocate(16);
  await task.poke(name, Buffer.from('pages\0'));
  const memfd = await task.syscall('memfd_create', name, MFD_ALLOW_SEALING);
  await task.syscall('ftruncate', memfd, pages * page);
  await task.call(`fcntl ${[memfd, F_ADD_SEALS, F_SEAL_SHRINK].map(String).join(' ')}`);
  return memfd;
}

/**
 * Has work run while DMA debugging does not see devices without a driver. When the CPU is to see its memory, udmabuf
 * maps it for a device of its own, beside the importer's mapping. DMA debugging takes that for a mistake, whoever the
 * importer is.
 */
async function withoutDmaDebugging({ board }: Scenario, work: () => Promise<void>): Promise<void> {
  const filter = '/sys/kernel/debug/dma-api/driver_filter';
  const isThere = await board.isThere(filter);
  if (isThere) await board.observer.writeFile(filter, 'stm32_rproc');
  try {
    await work();
  } finally {
    if (isThere) await board.observer.writeFile(filter, '\n');
  }
}

// holds: abi#import, abi#einval-dma-buf
boardTest(
  'a page of shared memory can be imported, the same page twice cannot',
  async (s) => {
    const memfd = await sealedPages(s.agent, 2);
    const file = await RecordFile.open(s.agent);
    const one = await dmaBufOfPages(s.agent, memfd, [1], page);
    const id = await file.import(one);
    const shared = await map(s.agent, memfd, page, page);
    await s.coprocessor.fill(0, page, 3);
    await withoutDmaDebugging(s, async () => {
      s.t.like(await file.read(), [{ buffer: id, length: page }]);
    });
    s.t.like(await shared.verify(0, 3), { wrong: 0 });
    await fails(
      s.t,
      'EINVAL',
      dmaBufOfPages(s.agent, memfd, [1, 1], page).then((twice) => file.import(twice)),
    );
  },
  { needs: ['udmabuf'] },
);

// holds: abi#import
boardTest(
  'a contiguous heap gives buffers, the coprocessor fills them, and the heap gets them back when it has stopped',
  async (s) => {
    const heap = (await s.agent.list('/dev/dma_heap')).find((name) => name !== 'system') ?? '';
    const file = await RecordFile.open(s.agent);
    const dmabuf = await allocateFromHeap(s.agent, heap, MiB);
    const id = await file.import(dmabuf);
    const mapping = await map(s.agent, dmabuf, MiB);
    await s.coprocessor.fill(0, MiB, 11);
    await file.read();
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
    s.t.like(await mapping.verify(0, 11), { wrong: 0 });
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
    const own = await map(s.agent, file.fd, MiB, (id + 1) * page);
    s.t.like(await own.verify(0, 11), { wrong: 0 });
    await own.unmap();
    await mapping.unmap();
    await s.agent.close(dmabuf);
    await file.free(id);
    s.t.like(await s.board.memory(), { buffers: 1, retiredBytes: MiB });
  },
  { needs: ['dma-heap'] },
);

// holds: abi#eacces
boardTest('who may only read a file gets a dma-buf to read only', async ({ t, agent }) => {
  const file = await RecordFile.open(agent, O_RDONLY);
  await file.allocate(page);
  const dmabuf = await file.export(0);
  await fails(t, 'EACCES', agent.mmap(page, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf));
  const address = await agent.mmap(page, PROT_READ, MAP_SHARED, dmabuf);
  await fails(t, 'EACCES', agent.mprotect(address, page, PROT_READ | PROT_WRITE));

  const importer = await RecordFile.open(agent);
  const id = await importer.import(dmabuf);
  const offset = (id + 1) * page;
  await fails(t, 'EACCES', agent.mmap(page, PROT_READ | PROT_WRITE, MAP_SHARED, importer.fd, offset));
  await agent.mmap(page, PROT_READ, MAP_SHARED, importer.fd, offset);
});

// holds: abi#emfile
boardTest('an export for which the process has no descriptor left says so, and leaves nothing behind', async (s) => {
  const { t, agent } = s;
  const file = await RecordFile.open(agent);
  await file.allocate(2 * page);
  const users = await s.board.moduleUsers();
  await limitDescriptors(agent, 3);
  await fails(t, 'EMFILE', file.export(0));
  await fails(t, 'EMFILE', file.exportRange(0, page, page));
  t.is(await s.board.moduleUsers(), users);
  await limitDescriptors(agent, 64);
  t.true((await file.export(0)) > file.fd);
});

/** Lets a task open descriptors below this number only. Those that are open stay so. */
async function limitDescriptors(task: Task, below: number): Promise<void> {
  const RLIMIT_NOFILE = 7;
  const limit = await task.allocate(16);
  // struct rlimit64: the limit, and how far the task may raise it.
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(below, 0);
  bytes.writeUInt32LE(64, 8);
  await task.poke(limit, bytes);
  await task.syscall('prlimit64', 0, RLIMIT_NOFILE, limit, 0);
}
