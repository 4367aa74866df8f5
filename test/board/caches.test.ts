// SPDX-License-Identifier: MIT
// What one side writes, the other side sees. The coprocessor of these boards does not see what lies in Linux's caches.
// Each way by which a buffer changes hands is here. mutations.yaml names the test that must fail when the driver leaves
// a synchronisation out.
import {
  CACHED,
  FROM_COPROCESSOR,
  PEER_HANDOVER,
  RecordFile,
  SYNC_FOR_COPROCESSOR,
  SYNC_FOR_CPU,
  TO_COPROCESSOR,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  DMA_BUF_SYNC_END,
  DMA_BUF_SYNC_READ,
  DMA_BUF_SYNC_START,
  DMA_BUF_SYNC_WRITE,
  syncDmaBuf,
} from '../../scripts/lib/board/agent/dma-buf.ts';
import { importIntoDrm } from '../../scripts/lib/board/agent/drm.ts';
import { awaitMemory, awaitPath } from './fixture/awaited.ts';
import { cacheTest } from './fixture/cache-test.ts';
import { CachedBuffer, Tide } from './fixture/cached-buffer.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { withPages } from './fixture/region.ts';
import { Session } from './fixture/session.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const page = 4096;
/** A whole buffer, lengths that end within a line, a page, and one line. */
const lengths = [16 * KiB, 5000, 4096, 64, 12 * KiB + 4] as const;
const fills = 6;

cacheTest('what the coprocessor fills is read, to its last byte, again and again', async (s) => {
  for (const flags of [CACHED, CACHED | FROM_COPROCESSOR]) {
    const buffer = await CachedBuffer.make(s, 16 * KiB, flags);
    for (const [seed, length] of lengths.entries()) {
      await s.coprocessor.fill(buffer.index, length, seed + 1);
      s.t.like(await buffer.file.read(), [{ buffer: buffer.id, length }]);
      await buffer.shows(seed + 1, length);
    }
  }
});

cacheTest('GET_DATA_SIZE shows what the coprocessor has filled, to its last byte', async (s) => {
  const buffer = await CachedBuffer.make(s, 16 * KiB);
  const session = new Session(s.agent, buffer.file.fd, (await Session.open(s.agent)).numbers);
  for (const [seed, length] of lengths.entries()) {
    await s.coprocessor.fill(buffer.index, length, seed + 1);
    s.t.is(await session.size(buffer.id), length);
    await buffer.shows(seed + 1, length);
  }
});

cacheTest('what is handed over is in memory, to its last byte, again and again', async (s) => {
  for (const flags of [CACHED, CACHED | TO_COPROCESSOR]) {
    const buffer = await CachedBuffer.make(s, 16 * KiB, flags);
    await agreeOn(s.coprocessor, buffer.file, PEER_HANDOVER);
    for (const [seed, length] of [...lengths, ...lengths].entries()) {
      await buffer.write(seed + 1, length);
      await buffer.file.write({ buffer: buffer.id, length });
      await buffer.reached(seed + 1, length);
    }
  }
});

cacheTest('each fill of a stream is whole, whatever the application has left in the buffer', async (s) => {
  // The buffer is large. So a driver that synchronises too late does so while the fill is under way, and the fill
  // overtakes it.
  const buffer = await CachedBuffer.make(s, 4 * MiB);
  const { file, id, size } = buffer;
  await agreeOn(s.coprocessor, file, PEER_HANDOVER);
  await s.coprocessor.request(`stream ${String(size)} ${String(fills)} 0 flow`);
  const reader = file.in(s.agent.thread());
  for (let seed = 0; seed < fills; seed++) {
    await buffer.set(0xee);
    // The read begins before there is anything to read.
    const [records] = await Promise.all([reader.read(), file.write({ buffer: id })]);
    s.t.like(records, [{ buffer: id, missed: 0 }]);
    await buffer.shows(seed);
  }
});

cacheTest('nothing of the application is written over a buffer that was handed over empty', async (s) => {
  const tide = await Tide.make(s);
  for (const flags of [CACHED, CACHED | FROM_COPROCESSOR]) {
    const buffer = await CachedBuffer.make(s, 16 * KiB, flags);
    await agreeOn(s.coprocessor, buffer.file, PEER_HANDOVER);
    await buffer.set(0xee);
    await buffer.file.write({ buffer: buffer.id });
    await s.coprocessor.fill(buffer.index, buffer.size, 3);
    await tide.comesIn();
    await buffer.file.read();
    await buffer.shows(3);
  }
});

cacheTest('the ioctl synchronises just the range that it names, both ways', async (s) => {
  const buffer = await CachedBuffer.make(s, 16 * KiB);
  const { file, id, index, size } = buffer;
  const ranges = [
    [0, page],
    [page, page],
    [2 * page + 64, 128],
    [size - page, page],
  ] as const;
  for (const [seed, [offset, length]] of ranges.entries()) {
    await s.coprocessor.fill(index, size, seed + 1);
    await file.sync(id, SYNC_FOR_CPU, offset, length);
    await buffer.showsAt(offset, length, seed + 1);
    await file.read();
    await buffer.write(seed + 101);
    await file.sync(id, SYNC_FOR_COPROCESSOR, offset, length);
    await buffer.reached(seed + 101, length, offset);
    await file.sync(id, SYNC_FOR_COPROCESSOR, 0, size);
  }
});

cacheTest('who accesses an exported buffer, or a range of it, is synchronised both ways', async (s) => {
  const buffer = await CachedBuffer.make(s, 16 * KiB);
  const { file, id, index, size } = buffer;
  const parts = [
    [await file.export(id), 0, size],
    [await file.exportRange(id, page, 2 * page), page, 2 * page],
  ] as const;
  for (const [round, [dmabuf, offset, length]] of [...parts, ...parts].entries()) {
    const seed = round + 1;
    await s.coprocessor.fill(index, size, seed);
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
    await buffer.showsAt(offset, length, seed);
    await file.read();
    await buffer.write(seed + 100);
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
    await buffer.reached(seed + 100, length, offset);
    await file.sync(id, SYNC_FOR_COPROCESSOR, 0, size);
  }
});

// holds: abi#export-any-way
cacheTest('an exported buffer is synchronised both ways, though the coprocessor uses it one way only', async (s) => {
  const [start, end] = [DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE];
  for (const flags of [FROM_COPROCESSOR, TO_COPROCESSOR]) {
    const buffer = await CachedBuffer.make(s, 16 * KiB, CACHED | flags);
    const dmabuf = await buffer.file.export(buffer.id);
    for (const seed of [1, 2]) {
      // The coprocessor stands for any device that fills the buffer.
      await s.coprocessor.fill(buffer.index, buffer.size, seed);
      await syncDmaBuf(s.agent, dmabuf, start);
      await buffer.shows(seed);
      await buffer.write(seed + 100);
      await syncDmaBuf(s.agent, dmabuf, end);
      await buffer.reached(seed + 100);
    }
  }
});

cacheTest('an imported buffer is read and handed over as one of its own', async (s) => {
  const source = await CachedBuffer.make(s, 16 * KiB);
  const file = await RecordFile.open(s.agent);
  const id = await file.import(await source.file.export(source.id));
  const { index } = await file.buffer(id);
  await agreeOn(s.coprocessor, file, PEER_HANDOVER);
  for (const [seed, length] of lengths.entries()) {
    await s.coprocessor.fill(index, length, seed + 1);
    s.t.like(await file.read(), [{ buffer: id, length }]);
    s.t.like(await source.mapping.verify(index, seed + 1, length), { wrong: 0 });
    await s.agent.fill(source.mapping.address, length, index, seed + 101);
    await file.write({ buffer: id, length });
    s.t.is(await s.coprocessor.different(index, length, seed + 101), 0);
  }
});

cacheTest('what an importer finds in a buffer is what was written to it last', async (s) => {
  for (let round = 1; round <= 3; round++) {
    const source = await CachedBuffer.make(s, 16 * KiB);
    const dmabuf = await source.file.export(source.id);
    const file = await RecordFile.open(s.agent);
    const next = source.index + 1;
    await s.agent.fill(source.mapping.address, source.size, next, round);
    const { index } = await file.buffer(await file.import(dmabuf));
    s.t.is(index, next);
    s.t.is(await s.coprocessor.different(index, source.size, round), 0);
    await s.board.renew();
  }
});

cacheTest('what the coprocessor wrote to an import is there for its exporter when the importer lets go', async (s) => {
  const source = await CachedBuffer.make(s, 16 * KiB);
  const dmabuf = await source.file.export(source.id);
  const file = await RecordFile.open(s.agent);
  const { index } = await file.buffer(await file.import(dmabuf));
  await s.coprocessor.fill(index, source.size, 9);
  // The memory may go back only when the coprocessor has stopped.
  await s.remoteproc.stop();
  await s.agent.close(file.fd);
  // The importer lets go with the last use of the memory, which may be that of a work item.
  await awaitMemory(s.board, { buffers: 1 });
  s.t.like(await source.mapping.verify(index, 9), { wrong: 0 });
});

cacheTest(
  "another driver's device sees what an exporter wrote, and the exporter what the device wrote when it lets go",
  async (s) => {
    await s.board.shell('modprobe vgem');
    try {
      await awaitPath(s.board, '/dev/dri/card0');
      const source = await CachedBuffer.make(s, 16 * KiB);
      const dmabuf = await source.file.export(source.id);
      for (const seed of [1, 2]) {
        await source.write(seed + 100);
        // The driver maps the memory for its device as soon as it imports it. The coprocessor does what the device would.
        const { drm } = await importIntoDrm(s.agent, '/dev/dri/card0', dmabuf);
        await source.reached(seed + 100);
        await s.coprocessor.fill(source.index, source.size, seed);
        await s.agent.close(drm);
        await source.shows(seed);
      }
    } finally {
      await s.board.closeAgents();
      await s.board.shell('modprobe -r vgem');
    }
  },
  { needs: ['vgem'] },
);

cacheTest('nothing of an application is written over memory that it has given up', async (s) => {
  const tide = await Tide.make(s);
  for (const flags of [CACHED, CACHED | FROM_COPROCESSOR]) {
    const buffer = await CachedBuffer.make(s, 16 * KiB, flags);
    await buffer.set(0xee);
    await buffer.drop();
    await s.coprocessor.fill(buffer.index, buffer.size, 5);
    await tide.comesIn();
    await buffer.reached(5);
    await s.agent.close(buffer.file.fd);
  }
});

cacheTest(
  'new memory is zero in the caches and in memory, whatever lay in it',
  (s) =>
    // The memory is of a region, so it is known which memory is next.
    withPages(s, async () => {
      const size = 64 * KiB;
      const addresses = new Set<number>();
      for (let round = 1; round <= 2; round++) {
        const file = await RecordFile.open(s.agent);
        for (const flags of [CACHED, CACHED | FROM_COPROCESSOR]) {
          const buffer = await CachedBuffer.make(s, size, flags, file);
          addresses.add(buffer.address);
          await file.sync(buffer.id, SYNC_FOR_CPU, 0, size);
          s.t.is(await s.agent.countDifferent(buffer.mapping.address, size, 0), 0);
          await s.coprocessor.fill(buffer.index, size, round);
          await buffer.mapping.unmap();
        }
        await s.agent.close(file.fd);
        // The memory goes back to the region with what the coprocessor wrote.
        await s.board.renew();
      }
      s.t.is(addresses.size, 2);
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

cacheTest(
  'memory that serves again is zero in the caches and in memory, and stays what the coprocessor makes of it',
  async (s) => {
    const tide = await Tide.make(s);
    for (const flags of [CACHED, CACHED | FROM_COPROCESSOR, CACHED | TO_COPROCESSOR]) {
      const file = await RecordFile.open(s.agent);
      const first = await CachedBuffer.make(s, 16 * KiB, flags, file);
      let buffer = first;
      for (let round = 1; round <= 3; round++) {
        await buffer.set(0xee);
        await s.coprocessor.fill(buffer.index, buffer.size, round);
        await buffer.drop();
        buffer = await CachedBuffer.make(s, 16 * KiB, flags, file);
        s.t.is(buffer.address, first.address);
        s.t.is(await s.agent.countDifferent(buffer.mapping.address, buffer.size, 0), 0);
        // The caches forget what they have, where data may come in.
        await file.sync(buffer.id, SYNC_FOR_CPU, 0, buffer.size);
        s.t.is(await s.agent.countDifferent(buffer.mapping.address, buffer.size, 0), 0);
      }
      await s.coprocessor.fill(buffer.index, buffer.size, 7);
      await tide.comesIn();
      await file.read();
      await buffer.reached(7);
    }
  },
);

cacheTest('memory that one owner has exported is synchronised for the next one as his own flags say', async (s) => {
  const file = await RecordFile.open(s.agent);
  const first = await CachedBuffer.make(s, 16 * KiB, CACHED | TO_COPROCESSOR, file);
  await s.agent.close(await file.export(first.id));
  await first.drop();
  const next = await CachedBuffer.make(s, 16 * KiB, CACHED | TO_COPROCESSOR, file);
  s.t.is(next.address, first.address);
  await next.set(0xee);
  // Nothing is discarded where data only goes out.
  await file.sync(next.id, SYNC_FOR_CPU, 0, next.size);
  s.t.is(await s.agent.countDifferent(next.mapping.address, next.size, 0xee), 0);
});

cacheTest('a write-combined buffer, as existing applications have it, needs nothing', async (s) => {
  const session = await Session.open(s.agent);
  const mapping = await session.map(256 * KiB);
  for (let seed = 1; seed <= 3; seed++) {
    await s.coprocessor.fill(0, 256 * KiB, seed);
    s.t.like(await mapping.verify(0, seed), { wrong: 0 });
    await s.agent.fill(mapping.address, 256 * KiB, 0, seed + 100);
    s.t.is(await s.coprocessor.different(0, 256 * KiB, seed + 100), 0);
  }
});

cacheTest(
  "memory of a region has nothing in the caches that would be written over the coprocessor's, whoever had it before",
  (s) =>
    withPages(s, async () => {
      const buffer = await CachedBuffer.make(s, 64 * KiB);
      await buffer.set(0xee);
      await buffer.mapping.unmap();
      await s.agent.close(buffer.file.fd);
      // Another kind of buffer can have this memory only when the coprocessor has stopped.
      await s.board.renew();
      const file = await RecordFile.open(s.agent);
      const { buffer: id, offset } = await file.allocate(64 * KiB);
      const { address, index } = await file.buffer(id);
      s.t.is(address, buffer.address);
      const tide = await Tide.make(s);
      const mapping = await map(s.agent, file.fd, 64 * KiB, offset);
      s.t.is(await s.agent.countDifferent(mapping.address, 64 * KiB, 0), 0);
      await s.coprocessor.fill(index, 64 * KiB, 4);
      await tide.comesIn();
      s.t.like(await mapping.verify(index, 4), { wrong: 0 });
      await mapping.unmap();
      await file.free(id);

      // The same memory serves again. Linux does not map it anew for that.
      const again = await file.allocate(64 * KiB);
      const shown = await map(s.agent, file.fd, 64 * KiB, again.offset);
      s.t.is((await file.buffer(again.buffer)).address, address);
      s.t.is(await s.agent.countDifferent(shown.address, 64 * KiB, 0), 0);
      await s.coprocessor.fill(index, 64 * KiB, 5);
      await tide.comesIn();
      s.t.like(await shown.verify(index, 5), { wrong: 0 });
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);
