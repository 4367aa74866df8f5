// SPDX-License-Identifier: MIT
// A fast firmware and a slower application. With hand-over nothing is lost. Without it the application knows what was
// lost.
import { PEER_BATCH, PEER_HANDOVER, RecordFile, type TransferRecord } from '../../scripts/lib/board/agent/abi-v2.ts';
import { SIGUSR1, SIGUSR2 } from '../../scripts/lib/board/agent/constants.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import type { Thread } from '../../scripts/lib/board/agent/task.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { agreeOn } from './fixture/features.ts';
import { map } from './fixture/mapping.ts';
import { until } from './fixture/until.ts';

const length = 4096;

async function openBuffers({ agent }: Scenario, buffers: number): Promise<RecordFile> {
  const file = await RecordFile.open(agent);
  for (let i = 0; i < buffers; i++) await file.allocate(length);
  return file;
}

/**
 * What became of each fill, as the records tell. Every sequence number is that of one record, or is counted in the
 * `missed` of one.
 */
class Account {
  readonly #next = new Map<number, number>();
  fills = 0;
  missed = 0;

  take(record: TransferRecord): void {
    const first = this.#next.get(record.buffer) ?? 0;
    if (record.sequence - record.missed !== first)
      throw new Error(
        `buffer ${String(record.buffer)}: fill ${String(record.sequence)} with ${String(record.missed)} missed, after ${String(first)} fills`,
      );
    this.#next.set(record.buffer, record.sequence + 1);
    this.fills += record.missed + 1;
    this.missed += record.missed;
  }
}

// holds: abi#handover-misses-nothing, abi#one-owner, protocol#handover-one-owner, protocol#bit-handover
boardTest(
  'a slow reader that hands back loses nothing to a firmware as fast as it can, and reads what it was told of',
  async (s) => {
    const file = await openBuffers(s, 4);
    const mappings = [];
    for (let id = 0; id < 4; id++) mappings.push(await map(s.agent, file.fd, length, (id + 1) * 4096));
    await agreeOn(s.coprocessor, file, PEER_HANDOVER | PEER_BATCH);
    await s.coprocessor.request(`stream ${String(length)} 60 0 flow`);
    await file.write({ buffer: 0 }, { buffer: 1 }, { buffer: 2 }, { buffer: 3 });
    const account = new Account();
    while (account.fills < 60) {
      for (const record of await file.read(1)) {
        account.take(record);
        // Each fill of the firmware has its number as the pattern's seed. So this shows that no later fill has
        // overwritten the buffer.
        s.t.like(await mappings[record.buffer]?.verify(record.buffer, record.sequence), { wrong: 0 });
        await file.write({ buffer: record.buffer });
      }
    }
    s.t.is(account.missed, 0);
    s.t.like(await s.board.counters(), { transfers: 60, missed: 0 });
    s.t.like(await s.coprocessor.status(), { streaming: 0, fills: 60 });
  },
);

// holds: abi#missed, abi#count-missed, abi#count-transfers, protocol#goes-round
boardTest('a slow reader that does not hand back knows exactly what it lost', async (s) => {
  const file = await openBuffers(s, 4);
  const count = 3000;
  await s.coprocessor.request(`stream ${String(length)} ${String(count)} 0 fill=no`);
  const account = new Account();
  while (account.fills < count) for (const record of await file.read(1)) account.take(record);
  s.t.is(account.fills, count);
  s.t.true(account.missed > 0, 'it was slow enough to miss some');
  s.t.like(await s.board.counters(), { transfers: count, missed: account.missed });
  s.t.like(await s.coprocessor.status(), { fills: count });
});

/** Reads until isOver says so. An interrupted read is tried again. */
async function readOn(
  file: RecordFile,
  take: (record: TransferRecord) => void,
  isOver: () => boolean,
  onInterruption = (): void => undefined,
): Promise<void> {
  while (!isOver()) {
    try {
      (await file.read(2)).forEach(take);
    } catch (error) {
      if (!(error instanceof SystemCallError) || error.errno !== 'EINTR') throw error;
      onInterruption();
    }
  }
}

/**
 * Sends signals of both kinds until the work is done. The last reads wait for what will not come, and SIGUSR1 ends
 * them.
 */
async function disturb(threads: readonly Thread[], work: Promise<unknown>): Promise<void> {
  const state = { isDone: false };
  const end = work.finally(() => (state.isDone = true));
  while (!state.isDone)
    for (const thread of threads) {
      await thread.interrupt(SIGUSR2);
      await thread.interrupt(SIGUSR1);
    }
  await end;
}

// holds: abi#interrupted-call
boardTest('signals during reads lose nothing', async (s) => {
  const file = await openBuffers(s, 4);
  const thread = s.agent.thread();
  // The thread exists once it was asked something. Before that it can be sent no signals.
  await thread.self();
  const account = new Account();
  const count = 60;
  const isOver = (): boolean => account.fills >= count;
  let interruptions = 0;
  const reading = readOn(
    file.in(thread),
    (record) => account.take(record),
    isOver,
    () => interruptions++,
  );
  const disturbed = disturb([thread], reading);
  // On a board that is slower than the fills only the first read waits, for the stream to begin.
  await until(
    'a read to be interrupted',
    () => Promise.resolve(interruptions),
    (n) => n > 0,
  );
  await s.coprocessor.request(`stream ${String(length)} ${String(count)} 20 fill=no`);
  await disturbed;
  s.t.is(account.fills, count);
  s.t.like(await s.board.counters(), { transfers: count, missed: account.missed });
});

// holds: abi#shared-records
boardTest(
  'threads that share a file share its records: each goes to one of them',
  async (s) => {
    const file = await openBuffers(s, 4);
    const threads = [s.agent.thread('a'), s.agent.thread('b'), s.agent.thread('c')];
    for (const thread of threads) await thread.self();
    const seen: TransferRecord[] = [];
    const count = 400;
    const isOver = (): boolean => seen.reduce((sum, { missed }) => sum + missed + 1, 0) >= count;
    await s.coprocessor.request(`stream ${String(length)} ${String(count)} 400 fill=no`);
    const reading = Promise.all(
      threads.map((thread) => readOn(file.in(thread), (record) => seen.push(record), isOver)),
    );
    await disturb(threads, reading);
    // The answers of several threads come in any order. The records' numbers tell the real one.
    const account = new Account();
    for (const record of seen.sort((a, b) => a.sequence - b.sequence)) account.take(record);
    s.t.is(account.fills, count);
    s.t.like(await s.board.counters(), { transfers: count, missed: account.missed });
  },
  { allCores: true },
);
