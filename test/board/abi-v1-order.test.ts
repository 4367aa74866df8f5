// SPDX-License-Identifier: MIT
// The orders in which applications set up their buffers, and what the coprocessor hears of each.
import { MAP_PRIVATE, MAP_SHARED, O_RDWR } from '../../scripts/lib/board/agent/constants.ts';
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { rounds } from './fixture/rounds.ts';
import { pendingSignals, Session, setUpBuffers, takeSignals, type Buffer1 } from './fixture/session.ts';
import { until } from './fixture/until.ts';

const MiB = 1 << 20;

/** Fills each buffer in turn. Each must signal its own eventfd and no other, and must hold the pattern. */
async function transferThroughEach(
  { t, agent, coprocessor }: Scenario,
  session: Session,
  buffers: readonly Buffer1[],
): Promise<void> {
  for (const [id, { eventfd, mapping }] of buffers.entries()) {
    await coprocessor.fill(id, mapping.length, 100 + id);
    t.is(await takeSignals(agent, eventfd, 1), 1);
    for (const other of buffers) t.is(await pendingSignals(agent, other.eventfd), 0);
    t.is(await session.size(id), mapping.length);
    t.like(await mapping.verify(id, 100 + id), { wrong: 0 });
  }
}

for (const [name, length] of [
  ['1 MiB', MiB],
  ['4096 bytes', 4096],
  ['32 KiB', 32768],
] as const) {
  // holds: abi#v1-mmap, abi#set-efd-counts, abi#get-data-size, protocol#record-filled
  boardTest(`eventfd, SET_EFD and mmap buffer after buffer: ${name}`, async (s) => {
    const session = await Session.open(s.agent);
    await transferThroughEach(s, session, await setUpBuffers(session, 4, length));
  });
}

// holds: abi#set-efd-any-order
boardTest('all mmaps first, then SET_EFD with bufferId = i', async (s) => {
  const session = await Session.open(s.agent);
  const mappings = [];
  for (let id = 0; id < 4; id++) mappings.push(await session.map(MiB));
  const buffers = [];
  for (const [id, mapping] of mappings.entries()) buffers.push({ eventfd: await session.eventfd(id), mapping });
  await transferThroughEach(s, session, buffers);
});

// holds: abi#set-efd-any-order
boardTest('all SET_EFD first, then the mmaps: each eventfd waits for its buffer', async (s) => {
  const session = await Session.open(s.agent);
  const eventfds = [];
  for (let id = 0; id < 4; id++) eventfds.push(await session.eventfd(id));
  const buffers = [];
  for (const eventfd of eventfds) buffers.push({ eventfd, mapping: await session.map(4096) });
  await transferThroughEach(s, session, buffers);
});

// holds: abi#set-efd-any-order
boardTest('both orders mixed in one file', async (s) => {
  const session = await Session.open(s.agent);
  const second = await session.eventfd(1);
  const first = await session.map(4096);
  const buffers: Buffer1[] = [
    { eventfd: await session.eventfd(0), mapping: first },
    { eventfd: second, mapping: await session.map(8192) },
  ];
  const third = await session.map(4096);
  buffers.push({ eventfd: await session.eventfd(2), mapping: third });
  await transferThroughEach(s, session, buffers);
});

// holds: abi#set-efd-any-order
boardTest('bufferId is honoured, whatever the order of the calls', async (s) => {
  const session = await Session.open(s.agent);
  const eventfds: number[] = [];
  for (const id of [2, 0, 1]) eventfds[id] = await session.eventfd(id);
  const buffers = [];
  for (const eventfd of eventfds) buffers.push({ eventfd, mapping: await session.map(4096) });
  await transferThroughEach(s, session, buffers);
});

// holds: abi#private-is-coherent
boardTest('MAP_SHARED works as MAP_PRIVATE does', async (s) => {
  const session = await Session.open(s.agent);
  const buffers = [
    ...(await setUpBuffers(session, 1, MiB, { flags: MAP_SHARED })),
    { eventfd: await session.eventfd(1), mapping: await session.map(MiB, { flags: MAP_PRIVATE }) },
  ];
  await transferThroughEach(s, session, buffers);
});

// holds: abi#number-is-index, protocol#record-announce, protocol#linux-writes, protocol#addresses-below-limit
// holds: protocol#addresses-aligned
boardTest(
  'ten buffers are announced in ten messages of exactly 20 bytes, lower-case, no NUL, page-aligned, none overlapping',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    for (let id = 0; id < 10; id++) await session.map(4096 * (id + 1));
    const heard = await coprocessor.heard();
    t.is(heard.length, 10);
    const ranges = heard.map((text, id) => {
      const match = /^B([0-9])A([0-9a-f]{8})L([0-9a-f]{8})$/.exec(text);
      t.truthy(match, text);
      t.is(text.length, 20);
      t.is(Number(match?.[1]), id);
      return { first: parseInt(match?.[2] ?? '', 16), length: parseInt(match?.[3] ?? '', 16) };
    });
    ranges.sort((a, b) => a.first - b.first);
    for (const [i, { first, length }] of ranges.entries()) {
      t.is(first % 4096, 0);
      t.true(first + length <= 0xe0000000, 'a Cortex-M reaches nothing from 0xe0000000 on');
      t.true(first + length <= (ranges[i + 1]?.first ?? Infinity));
    }
  },
);

// holds: abi#v1-mmap, protocol#addresses-aligned
boardTest('a length is rounded up to whole pages and announced so', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const { page } = await agent.self();
  const lengths = [1, page - 1, page, page + 1, 3 * page - 1];
  for (const length of lengths) await session.map(length);
  const known = await coprocessor.buffers();
  t.deepEqual(
    known.map((buffer) => buffer.length),
    lengths.map((length) => Math.ceil(length / page) * page),
  );
  // The whole page is mapped.
  t.like(await coprocessor.request(`fill 0 ${String(page)} 5`), { last: 'ok seed=5' });
});

// holds: abi#lowest-number, protocol#record-announce
boardTest(
  'a burst of mmaps without any pause is announced in order and completely',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    for (let id = 0; id < 40; id++) await session.map(4096);
    const known = await until(
      'all announcements',
      () => coprocessor.buffers(),
      (buffers) => buffers.length === 40,
    );
    t.deepEqual(
      known.map((buffer) => buffer.index),
      [...known.keys()],
    );
    t.is(new Set(known.map((buffer) => buffer.address)).size, 40);
  },
);

// holds: protocol#goes-round
boardTest(
  "with ST's firmware, which wants 0, 1, 2 … and at most ten buffers, all ten work",
  async ({ t, agent, coprocessor }) => {
    await coprocessor.request('personality st');
    const session = await Session.open(agent);
    const buffers: Buffer1[] = [];
    // ST's firmware keeps only one received message. ST's applications sleep until it is taken; this test waits for it.
    for (let id = 0; id < 10; id++) {
      const eventfd = await session.eventfd(id);
      buffers.push({ eventfd, mapping: await session.map(MiB) });
      await until(
        `buffer ${String(id)} registered`,
        () => coprocessor.buffers(),
        (known) => known.length === id + 1,
      );
    }
    await coprocessor.request(`stream ${String(MiB)} 20 0`);
    for (const { eventfd } of buffers) t.is(await takeSignals(agent, eventfd, 2, 10_000), 2);
    for (let id = 0; id < 10; id++) {
      t.is(await session.size(id), MiB);
      t.like(await buffers[id]?.mapping.verify(id, 1), { wrong: 0 });
    }
  },
  { timeout: 60_000 },
);

// holds: abi#reopen-needs-no-more, abi#retired-serves-again
boardTest(
  'a reader by O_NONBLOCK that closes and reopens with three 32 KiB buffers, again and again',
  async ({ t, agent, coprocessor }) => {
    const addresses = new Set<string>();
    for (let round = 0; round < rounds(4, 200); round++) {
      const session = await Session.open(agent, O_RDWR | 0o4000);
      const buffers = await setUpBuffers(session, 3, 32768);
      for (const [id, { eventfd, mapping }] of buffers.entries()) {
        await coprocessor.fill(id, 32768, round);
        t.is(await takeSignals(agent, eventfd, 1), 1);
        t.like(await mapping.verify(id, round), { wrong: 0 });
        t.is(await session.size(id), 32768);
        t.is(await session.size(id), NOTHING_NEW);
        await agent.close(eventfd);
      }
      const known = await coprocessor.buffers();
      addresses.add(known.map((buffer) => `${String(buffer.index)}@${String(buffer.address)}`).join(' '));
      await session.end();
    }
    t.is(addresses.size, 1, 'the same index gets the same memory again');
  },
  { timeout: 60_000 },
);

// holds: abi#retired-serves-again
boardTest(
  "after close and reopen ST's firmware, which ignores the new announcement, still reaches the application",
  async ({ t, agent, coprocessor }) => {
    await coprocessor.request('personality st');
    for (let round = 0; round < 3; round++) {
      const session = await Session.open(agent);
      const eventfd = await session.eventfd(0);
      const mapping = await session.map(MiB);
      await until(
        'buffer 0 registered',
        () => coprocessor.buffers(),
        (known) => known.length === 1,
      );
      await coprocessor.request(`fill 0 ${String(MiB)} ${String(round)}`);
      t.is(await takeSignals(agent, eventfd, 1), 1);
      t.like(await mapping.verify(0, round), { wrong: 0 });
      await session.end();
    }
  },
);
