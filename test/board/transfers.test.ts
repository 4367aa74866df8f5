// SPDX-License-Identifier: MIT
// Data from the coprocessor to the application.
import { stream } from '../../scripts/lib/board/agent/coprocessor.ts';
import { POLLIN } from '../../scripts/lib/board/agent/constants.ts';
import { boardTest } from './fixture/board-test.ts';
import { rounds } from './fixture/rounds.ts';
import { pendingSignals, Session, setUpBuffers, takeSignals } from './fixture/session.ts';

// holds: protocol#record-filled
boardTest(
  'every length from 0 to a few words, and around a page, arrives as it is',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    const mapping = await session.map(8192);
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 15, 4095, 4096, 4097, 8191, 8192]) {
      await coprocessor.fill(0, length, 1000 + length);
      t.is(await session.size(0), length);
      t.like(await mapping.verify(0, 1000 + length, length), { wrong: 0 });
    }
  },
);

// holds: protocol#record-filled
boardTest('a filled buffer is whole when its signal comes, time after time', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const [first] = await setUpBuffers(session, 1, 65536);
  if (!first) throw new Error('no buffer');
  for (let seed = 0; seed < rounds(20, 5000); seed++) {
    const signal = agent
      .thread('waiter')
      .readEventfd(first.eventfd)
      .catch(() => 0);
    await coprocessor.fill(0, 65536, seed);
    if ((await signal) === 0) await takeSignals(agent, first.eventfd, 1);
    t.like(await first.mapping.verify(0, seed), { wrong: 0 });
  }
});

// holds: abi#set-efd-counts
boardTest('a poll that waits is woken by a transfer', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 3, 4096);
  const waiting = agent.thread().poll(10_000, ...buffers.map(({ eventfd }) => ({ fd: eventfd, events: POLLIN })));
  await coprocessor.fill(1, 4096);
  t.deepEqual(await waiting, [0, POLLIN, 0]);
});

// holds: abi#set-efd-counts
boardTest('a signal belongs to its buffer alone', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 8, 4096);
  for (const id of [7, 0, 3, 3, 5]) await coprocessor.fill(id, 64 + id, 1);
  const counts = [];
  for (const { eventfd } of buffers) counts.push(await pendingSignals(agent, eventfd));
  t.deepEqual(counts, [1, 0, 0, 2, 0, 1, 0, 1]);
});

boardTest('a transfer without anybody waiting is there when asked for', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await session.map(4096);
  await coprocessor.fill(0, 55);
  t.is(await session.size(0), 55);
});

boardTest(
  'a stream of 4 buffers of 1 MiB: every word right, nothing lost',
  async ({ t, agent }) => {
    const fills = rounds(40, 1000);
    const result = await stream(agent, ['buffers=4', 'length=1048576', `count=${String(fills)}`, 'rate=25'], 60_000);
    t.like(result, { ok: true, corrupt: 0, wrongSizes: 0, lost: 0, fills });
  },
  { timeout: 60_000 },
);

// holds: abi#missed, protocol#transfer-replaces
boardTest(
  'a stream as fast as the coprocessor can: every fill is counted, every word right or from a later fill',
  async ({ t, agent }) => {
    const result = await stream(agent, ['buffers=8', 'length=32768', 'count=2000', 'rate=0'], 60_000);
    t.like(result, { ok: true, corrupt: 0, wrongSizes: 0, lost: 0, fills: 2000 });
    t.is(result.transfers + result.missed, 2000);
  },
  { timeout: 60_000 },
);

// holds: abi#set-efd-counts
boardTest(
  'ten thousand transfers without data: the eventfds count each of them',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    const buffers = await setUpBuffers(session, 4, 4096);
    await coprocessor.request('stream 4096 10000 0 fill=no');
    for (const { eventfd } of buffers) t.is(await takeSignals(agent, eventfd, 2500, 20_000), 2500);
    for (let id = 0; id < 4; id++) t.is(await session.size(id), 4096);
  },
  { timeout: 60_000 },
);
