// SPDX-License-Identifier: MIT
// A DMA of the coprocessor's fills buffers. Meanwhile the coprocessor's core has time for messages.
import { PEER_BATCH, PEER_HANDOVER, PEER_WITHDRAWAL, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { awaitMemory } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { until } from './fixture/until.ts';

const MiB = 1024 * 1024;

// holds: abi#handover-misses-nothing, protocol#handover-one-owner
boardTest(
  'each buffer that a DMA fills is whole when Linux hears of it, and none is missed',
  async ({ t, agent, coprocessor, board }) => {
    const file = await RecordFile.open(agent);
    // More than one transfer of the DMA, and a rest.
    const length = MiB / 2 + 4096;
    const mappings = [];
    for (let i = 0; i < 3; i++) mappings.push(await map(agent, file.fd, length, (await file.allocate(length)).offset));
    await agreeOn(coprocessor, file, PEER_HANDOVER | PEER_BATCH);
    await coprocessor.request(`stream ${String(length)} 12 0 flow words=dma`);
    await file.write({ buffer: 0 }, { buffer: 1 }, { buffer: 2 });
    for (let fills = 0; fills < 12;) {
      for (const { buffer, sequence, missed } of await file.read()) {
        fills++;
        t.is(missed, 0);
        const mapping = mappings[buffer];
        t.like(await agent.verifyDma(mapping?.address ?? NaN, length, buffer, sequence), { wrong: 0 });
        await file.write({ buffer });
      }
    }
    t.like(await board.counters(), { transfers: 12, missed: 0 });
  },
  { needs: ['coprocessor-dma'] },
);

// holds: protocol#record-let-go
boardTest(
  'a DMA that is at work in a buffer writes no more when the withdrawal has been confirmed',
  async ({ t, agent, coprocessor, board }) => {
    const file = await RecordFile.open(agent);
    // The DMA takes nearly a tenth of a second for this.
    const length = 8 * MiB;
    await file.allocate(4 * MiB);
    const { offset } = await file.allocate(length);
    const mapping = await map(agent, file.fd, length, offset);
    await agreeOn(coprocessor, file, PEER_HANDOVER | PEER_WITHDRAWAL);
    await coprocessor.request(`stream ${String(length)} 1 0 flow words=dma`);
    await file.write({ buffer: 1 });
    await until(
      'the DMA to be at work',
      () => mapping.peek(0, 4),
      (word) => word.readUInt32LE() !== 0,
    );
    await file.free(1);
    await awaitMemory(board, { retiredBuffers: 0 });
    t.like(await coprocessor.status(), { fills: 0 }, 'it was in the middle');
    await agent.set(mapping.address, length, 0xa5);
    // This takes the core longer than the DMA would have needed for the rest.
    await coprocessor.fill(0, 4 * MiB);
    t.is(await agent.countDifferent(mapping.address, length, 0xa5), 0);
  },
  { needs: ['coprocessor-dma'] },
);
