// SPDX-License-Identifier: MIT
// Cached buffers are synchronised on each way that they can take. The emulated board has no caches. So the tests look
// at the calls of the DMA layer.
import {
  CACHED,
  FROM_COPROCESSOR,
  PEER_HANDOVER,
  PEER_WITHDRAWAL,
  RecordFile,
  SYNC_FOR_COPROCESSOR,
  SYNC_FOR_CPU,
  TO_COPROCESSOR,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  DMA_BUF_SYNC_END,
  DMA_BUF_SYNC_READ,
  DMA_BUF_SYNC_START,
  syncDmaBuf,
} from '../../scripts/lib/board/agent/dma-buf.ts';
import { awaitMemory } from './fixture/awaited.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { Session } from './fixture/session.ts';
import { Silence } from './fixture/silence.ts';
import { dmaSyncs, traced } from './fixture/tracing.ts';

const size = 16_384;
const whole = (index: number): string => `index=${String(index)} for=coprocessor offset=0x0 size=0x4000`;
const wholeForCpu = (index: number): string => `index=${String(index)} for=cpu offset=0x0 size=0x4000`;

const synced = (s: Scenario, work: () => Promise<void>): Promise<string[]> => traced(s.board, 'sync', work);

// holds: abi#cached-is-synchronised, abi#trace-sync
boardTest('a new buffer, and one that is used again, goes to the coprocessor as a whole', async (s) => {
  const file = await RecordFile.open(s.agent);
  const made = await synced(s, async () => {
    await file.allocate(size, CACHED);
  });
  s.t.deepEqual(made, [whole(0)]);
  const freed = await synced(s, () => file.free(0));
  s.t.deepEqual(freed, [whole(0)], 'retired: nothing of the caches is written over what the coprocessor writes now');
  const again = await synced(s, async () => {
    await file.allocate(size, CACHED);
  });
  s.t.deepEqual(again, [whole(0)]);
});

// holds: abi#cached-is-synchronised, abi#sync, abi#trace-sync, abi#einval-field
boardTest('read(), write() and the ioctl synchronise what is handed over, and no more', async (s) => {
  const file = await RecordFile.open(s.agent);
  const { offset } = await file.allocate(size, CACHED);
  const mapping = await map(s.agent, file.fd, size, offset);
  await agreeOn(s.coprocessor, file, PEER_HANDOVER);
  const syncs = await synced(s, async () => {
    await s.coprocessor.fill(0, 5000, 4);
    await file.read();
    s.t.like(await mapping.verify(0, 4, 5000), { wrong: 0 });
    await file.write({ buffer: 0, length: 300 });
    await file.write({ buffer: 0 });
    await file.sync(0, SYNC_FOR_CPU, 4096, 100);
    await file.sync(0, SYNC_FOR_COPROCESSOR, 0, size);
    // The last one ends in the buffer, if its end is counted with 64 bits.
    const noRanges = [
      [16_000, 400],
      [size + 1, 0],
      [2 ** 63, 1],
      [1, 2 ** 64 - 4096],
      [2 ** 64 - 4096, 4097],
    ] as const;
    for (const [from, length] of noRanges)
      for (const direction of [SYNC_FOR_CPU, SYNC_FOR_COPROCESSOR])
        await fails(s.t, 'EINVAL', file.sync(0, direction, from, length));
    await fails(s.t, 'EINVAL', file.sync(0, 2, 0, 1));
    await fails(s.t, 'EINVAL', file.sync(1, SYNC_FOR_CPU, 0, 1));
  });
  s.t.deepEqual(syncs, [
    'index=0 for=cpu offset=0x0 size=0x1388',
    'index=0 for=coprocessor offset=0x0 size=0x12c',
    whole(0),
    'index=0 for=cpu offset=0x1000 size=0x64',
    whole(0),
  ]);
});

// holds: abi#cached-is-synchronised, abi#both-versions
boardTest('GET_DATA_SIZE synchronises what it tells of', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(size, CACHED);
  const one = new Session(s.agent, file.fd, (await Session.open(s.agent)).numbers);
  const syncs = await synced(s, async () => {
    await s.coprocessor.fill(0, 77, 1);
    s.t.is(await one.size(0), 77);
    await one.size(0);
  });
  s.t.deepEqual(syncs, ['index=0 for=cpu offset=0x0 size=0x4d']);
});

// holds: abi#last-use-synchronises, abi#cached-is-synchronised
boardTest('each way out of a file synchronises once: close, the last unmap, the last dma-buf', async (s) => {
  const closed = await RecordFile.open(s.agent);
  await closed.allocate(size, CACHED);
  s.t.deepEqual(await synced(s, () => s.agent.close(closed.fd)), [whole(0)]);

  const mapped = await RecordFile.open(s.agent);
  const { offset } = await mapped.allocate(size, CACHED);
  const mapping = await map(s.agent, mapped.fd, size, offset);
  s.t.deepEqual(await synced(s, () => mapped.free(0)), [], 'who has it mapped still writes');
  s.t.deepEqual(await synced(s, () => mapping.unmap()), [whole(0)]);
  await s.agent.close(mapped.fd);

  const exported = await RecordFile.open(s.agent);
  await exported.allocate(size, CACHED);
  const dmabuf = await exported.export(0);
  s.t.deepEqual(await synced(s, () => s.agent.close(exported.fd)), []);
  s.t.deepEqual(await synced(s, () => s.agent.close(dmabuf)), [whole(0)]);
});

// holds: abi#withdrawn-serves-next, abi#cached-is-synchronised
boardTest('a withdrawn buffer goes to the coprocessor when it is called back, and before it is free', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(size, CACHED);
  const silence = await Silence.prepare(s);
  await agreeOn(s.coprocessor, file, PEER_HANDOVER | PEER_WITHDRAWAL);
  await silence.begin();
  const recalled = await synced(s, async () => {
    await file.free(0);
    await file.allocate(size, CACHED);
  });
  s.t.deepEqual(recalled, [whole(0)]);
  await silence.end();
  const confirmed = await synced(s, async () => {
    await file.free(0);
    await awaitMemory(s.board, { buffers: 1 });
  });
  s.t.deepEqual(confirmed, [whole(0)]);
});

// holds: abi#last-use-synchronises
boardTest('memory of a coprocessor that has stopped is synchronised when its owner lets go', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(size, CACHED);
  await s.remoteproc.stop();
  s.t.deepEqual(await synced(s, () => s.agent.close(file.fd)), [whole(0)]);
});

boardTest('the CPU access to an exported or imported buffer synchronises it as a whole', async (s) => {
  const source = await RecordFile.open(s.agent);
  await source.allocate(size, CACHED);
  const dmabuf = await source.export(0);
  const accessed = await synced(s, async () => {
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
    await syncDmaBuf(s.agent, dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
  });
  s.t.deepEqual(accessed, [wholeForCpu(0), whole(0)]);

  // Another file imports the dma-buf. Its buffer has the exporter synchronise. Here the exporter is this driver, too.
  const file = await RecordFile.open(s.agent);
  const imported = await synced(s, async () => {
    await file.import(dmabuf);
  });
  s.t.deepEqual(imported, [whole(1), whole(0)]);
  const taken = await synced(s, async () => {
    await s.coprocessor.fill(1, 100, 2);
    await file.read();
  });
  s.t.deepEqual(taken, ['index=1 for=cpu offset=0x0 size=0x64', wholeForCpu(0)]);
});

// holds: abi#cached-is-synchronised
boardTest(
  'what the driver says it synchronises the DMA layer is asked to, in the direction of the buffer',
  async (s) => {
    const file = await RecordFile.open(s.agent);
    const directions = [
      { flags: CACHED, direction: 0 },
      { flags: CACHED | TO_COPROCESSOR, direction: 1 },
      { flags: CACHED | FROM_COPROCESSOR, direction: 2 },
    ];
    for (const { flags } of directions) await file.allocate(size, flags);
    await agreeOn(s.coprocessor, file, PEER_HANDOVER);
    for (const [buffer, { direction }] of directions.entries()) {
      const { address } = await file.buffer(buffer);
      const range = { address, size };
      const asked = await dmaSyncs(s.board, range, async () => {
        await file.sync(buffer, SYNC_FOR_CPU, 64, 128);
        await file.write({ buffer });
        await s.coprocessor.fill(buffer, 96);
        await file.read();
      });
      s.t.deepEqual(asked, [
        { for: 'cpu', address: address + 64, size: 128, direction },
        { for: 'device', address, size, direction },
        { for: 'cpu', address, size: 96, direction },
      ]);
    }
    const { address } = await file.buffer(2);
    const reused = await dmaSyncs(s.board, { address, size }, async () => {
      await file.free(2);
      await file.allocate(size, CACHED | FROM_COPROCESSOR);
    });
    // The zeros are written back with direction 0, both ways. With direction 2, only from the device, they would be
    // discarded.
    s.t.deepEqual(
      reused.map((call) => [call.for, call.size, call.direction]),
      [
        ['device', size, 2],
        ['device', size, 0],
        ['device', size, 2],
      ],
    );
  },
  { needs: ['kprobes'] },
);

// holds: abi#uncached-needs-nothing
boardTest('a buffer that is not cached needs nothing', async (s) => {
  const file = await RecordFile.open(s.agent);
  const syncs = await synced(s, async () => {
    await file.allocate(size);
    await s.coprocessor.fill(0, 100, 1);
    await file.read();
    await file.sync(0, SYNC_FOR_CPU, 0, size);
    await s.agent.close(file.fd);
  });
  s.t.deepEqual(syncs, []);
});
