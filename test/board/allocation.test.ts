// SPDX-License-Identifier: MIT
// Version 2: buffers with flags, several mappings of one buffer, caches, dma-buf, and how buffers are freed.
import {
  CACHED,
  FROM_COPROCESSOR,
  PEER_HANDOVER,
  PEER_WITHDRAWAL,
  RecordFile,
  SYNC_FOR_CPU,
  TO_COPROCESSOR,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import { MAP_PRIVATE } from '../../scripts/lib/board/agent/constants.ts';
import { DMA_BUF_SYNC_READ, DMA_BUF_SYNC_START, syncDmaBuf } from '../../scripts/lib/board/agent/dma-buf.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { until } from './fixture/until.ts';

const MiB = 1 << 20;

// holds: abi#query, abi#address-limit, protocol#addresses-below-limit
boardTest('query tells version, limits and what the file has', async ({ t, agent }) => {
  const file = await RecordFile.open(agent);
  t.like(await file.query(), { version: 2, capabilities: 31, peer: 0, maxBuffers: 1024, buffers: 0, bytes: 0 });
  t.is((await file.query()).addressLimit, 0xe0000000);
  await file.allocate(5000);
  t.like(await file.query(), { buffers: 1, bytes: 8192 });
});

// holds: abi#allocate, abi#mapped-any-times, abi#buffer, abi#number-is-index
boardTest('an allocated buffer is announced and mapped as often as one likes', async ({ t, agent, coprocessor }) => {
  const file = await RecordFile.open(agent);
  const { buffer, size, offset } = await file.allocate(10_000);
  t.deepEqual([buffer, size], [0, 12_288]);
  const place = await file.buffer(0);
  t.like(place, { index: 0, size: 12_288, state: 1, flags: 0 });
  t.like(await coprocessor.buffers(), [{ index: 0, address: place.address, length: 12_288 }]);
  const one = await map(agent, file.fd, 12_288, offset);
  const two = await map(agent, file.fd, 4096, offset, MAP_PRIVATE);
  await coprocessor.fill(0, 12_288, 3);
  t.like(await one.verify(0, 3), { wrong: 0 });
  await two.poke(0, Buffer.from('seen'));
  t.is((await one.peek(0, 4)).toString(), 'seen');
  await fails(t, 'EINVAL', map(agent, file.fd, 16_384, offset));
  await fails(t, 'EINVAL', map(agent, file.fd, 4096, offset + 4096));
});

// holds: abi#einval-field, abi#einval-number, abi#efault, abi#edquot
boardTest('sizes and flags that make no sense are refused, and leave nothing', async ({ t, agent, coprocessor }) => {
  const file = await RecordFile.open(agent);
  for (const size of [0n, 0xffff_f001n, 0xffff_ffffn, 1n << 32n, (1n << 64n) - 1n])
    await fails(t, 'EINVAL', file.allocate(size));
  await fails(t, 'EINVAL', file.allocate(4096, 8));
  await fails(t, 'EDQUOT', file.allocate(0xffff_f000));
  await fails(t, 'EINVAL', file.free(0));
  await fails(t, 'EINVAL', file.buffer(0));
  await fails(t, 'EINVAL', file.export(0));
  await fails(t, 'EINVAL', file.sync(0, SYNC_FOR_CPU, 0, 1));
  await fails(t, 'EFAULT', agent.ioctlNumber(file.fd, 0xc0185261, 8));
  t.like(await file.query(), { buffers: 0, bytes: 0 });
  t.deepEqual(await coprocessor.buffers(), []);
});

// holds: abi#free, abi#free-keeps-mappings, abi#lowest-number, abi#mapping-keeps-memory, abi#memory-retired
boardTest(
  'a freed number serves again; what is still mapped stays readable',
  async ({ t, agent, coprocessor, board }) => {
    const file = await RecordFile.open(agent);
    const first = await file.allocate(4096);
    await file.allocate(4096);
    const mapping = await map(agent, file.fd, 4096, first.offset);
    await coprocessor.fill(0, 4096, 1);
    await file.free(0);
    t.like(await mapping.verify(0, 1), { wrong: 0 });
    t.like(await board.memory(), { buffers: 2, retiredBuffers: 0 });
    t.is((await file.allocate(8192)).buffer, 0);
    await mapping.unmap();
    t.like(await board.memory(), { buffers: 3, retiredBuffers: 1 });
  },
);

// holds: abi#retired-serves-again
boardTest('retired memory comes back zeroed', async ({ t, agent, coprocessor, board }) => {
  const file = await RecordFile.open(agent);
  for (const flags of [0, CACHED, CACHED | FROM_COPROCESSOR]) {
    await file.allocate(8192, flags);
    const { address } = await file.buffer(0);
    await coprocessor.fill(0, 8192, 9);
    await file.free(0);
    const { offset } = await file.allocate(8192, flags);
    t.is((await file.buffer(0)).address, address);
    const mapping = await map(agent, file.fd, 8192, offset);
    t.is(await agent.countDifferent(mapping.address, 8192, 0), 0);
    await mapping.unmap();
    await file.free(0);
  }
  t.like(await board.memory(), { buffers: 3, retiredBuffers: 3 });
});

// holds: abi#memory-goes-back, protocol#bit-withdrawal, protocol#record-withdrawal, protocol#record-let-go
boardTest('a coprocessor that confirms withdrawals has memory go back to Linux while it runs', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(MiB);
  await agreeOn(s.coprocessor, file, PEER_HANDOVER | PEER_WITHDRAWAL);
  await file.free(0);
  await until(
    'the memory to be free',
    () => s.board.memory(),
    (memory) => memory.buffers === 0,
  );
  s.t.deepEqual(await s.coprocessor.buffers(), []);
});

boardTest('a buffer that only comes in takes no data out', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(4096, CACHED | FROM_COPROCESSOR);
  await file.allocate(4096, CACHED | TO_COPROCESSOR);
  await agreeOn(s.coprocessor, file, PEER_HANDOVER);
  await fails(s.t, 'EINVAL', file.write({ buffer: 0, length: 1 }));
  await file.write({ buffer: 0 }, { buffer: 1, length: 1 });
});

// holds: abi#export, abi#mapping-keeps-memory
boardTest('an exported buffer is a dma-buf that outlives the file', async ({ t, agent, coprocessor, board }) => {
  for (const flags of [0, CACHED]) {
    const file = await RecordFile.open(agent);
    await file.allocate(8192, flags);
    const dmabuf = await file.export(0);
    const mapping = await map(agent, dmabuf, 8192);
    const second = await map(agent, dmabuf, 4096, 4096, MAP_PRIVATE);
    await coprocessor.fill(0, 8192, 6);
    await agent.close(file.fd);
    await syncDmaBuf(agent, dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
    t.like(await mapping.verify(0, 6), { wrong: 0 });
    t.deepEqual(await second.peek(0, 64), await mapping.peek(4096, 64));
    t.like(await board.memory(), { retiredBuffers: flags === 0 ? 0 : 1 });
    await mapping.unmap();
    await second.unmap();
    await agent.close(dmabuf);
  }
  t.like(await board.memory(), { buffers: 2, retiredBuffers: 2 });
});

/** The second size is above what one segment of a scatter list may have, unless a device says more. */
const importSizes = [16_384, MiB];

for (const [kind, flags] of [
  ['uncached', 0],
  ['cached', CACHED],
] as const) {
  // holds: abi#import, abi#eopnotsupp-export
  boardTest(
    `an imported dma-buf is announced, filled and mapped like any buffer: ${kind} memory`,
    async ({ t, agent, coprocessor }) => {
      for (const [round, length] of importSizes.entries()) {
        const index = round + 1;
        const source = await RecordFile.open(agent);
        await source.allocate(length, flags);
        const { address } = await source.buffer(0);
        const dmabuf = await source.export(0);
        const file = await RecordFile.open(agent);
        const id = await file.import(dmabuf);
        t.like(await file.buffer(id), { index, address, size: length });
        await fails(t, 'EOPNOTSUPP', file.export(id));
        const mapping = await map(agent, file.fd, length, 4096 * (id + 1));
        await coprocessor.fill(index, length, 8);
        t.like(await file.read(), [{ buffer: id, length }]);
        t.like(await mapping.verify(index, 8), { wrong: 0 });
        await agent.close(dmabuf);
        await file.free(id);
        await mapping.unmap();
      }
    },
  );
}

// holds: abi#ebadf, abi#einval-dma-buf
boardTest('what is no dma-buf cannot be imported', async ({ t, agent }) => {
  const file = await RecordFile.open(agent);
  await fails(t, 'EBADF', file.import(-1));
  await fails(t, 'EBADF', file.import(999));
  await fails(t, 'EINVAL', file.import(await agent.eventfd()));
  t.like(await file.query(), { buffers: 0, bytes: 0 });
});
