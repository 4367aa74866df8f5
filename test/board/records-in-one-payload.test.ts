// SPDX-License-Identifier: MIT
// Several transfers in one RPMsg payload. ST's driver loses all but the first; this one loses none.
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import { boardTest } from './fixture/board-test.ts';
import { pendingSignals, Session, setUpBuffers, takeSignals } from './fixture/session.ts';

// holds: protocol#several-transfers
boardTest('each record of a payload signals its buffer and has its size', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 4, 4096);
  await coprocessor.say('B2L00000012B0L00000010B3L00000013B1L00000011');
  for (const [id, { eventfd }] of buffers.entries()) {
    t.is(await takeSignals(agent, eventfd, 1), 1);
    t.is(await session.size(id), 0x10 + id);
  }
});

// holds: protocol#several-transfers, protocol#transfer-replaces
boardTest(
  'records of one buffer in one payload count one by one, and the last gives the size',
  async ({ t, agent, coprocessor }) => {
    const session = await Session.open(agent);
    const [only] = await setUpBuffers(session, 1, 4096);
    await coprocessor.say('B0L00000001B0L00000002B0L00000003');
    t.is(await takeSignals(agent, only?.eventfd ?? -1, 3), 3);
    t.is(await session.size(0), 3);
    t.is(await session.size(0), NOTHING_NEW);
  },
);

// holds: protocol#several-transfers
boardTest('a payload that is full of records, 496 bytes', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const [only] = await setUpBuffers(session, 1, 4096);
  // The request that carries this payload is a payload itself. Its word `say ` takes four bytes.
  const records = Math.floor((496 - 'say '.length) / 'B0L00000001'.length);
  await coprocessor.say('B0L00000001'.repeat(records));
  t.is(await takeSignals(agent, only?.eventfd ?? -1, records), records);
  await coprocessor.request('stream 4096 480 0 fill=no batch=24');
  t.is(await takeSignals(agent, only?.eventfd ?? -1, 480), 480);
});

// holds: protocol#linux-accepts, protocol#rest-is-dropped
boardTest(
  'NULs behind the last record do no harm, one behind an earlier one ends the payload',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const buffers = await setUpBuffers(session, 2, 4096);
    const [first, second] = buffers.map(({ eventfd }) => eventfd) as [number, number];
    await coprocessor.say('B0L00000001B1L00000002\0\0\0');
    t.is(await takeSignals(agent, first, 1), 1);
    t.is(await takeSignals(agent, second, 1), 1);
    t.like(await board.counters(), { malformed: 0 });
    await coprocessor.say('B0L00000003\0B1L00000004');
    t.is(await takeSignals(agent, first, 1), 1);
    t.is(await pendingSignals(agent, second), 0);
    t.like(await board.counters(), { malformed: 1 });
  },
);

// holds: protocol#rest-is-dropped, abi#count-dropped
boardTest(
  'a record that does not fit the grammar ends its payload and harms neither those before it nor later payloads',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const buffers = await setUpBuffers(session, 3, 4096);
    const [first, second, third] = buffers.map(({ eventfd }) => eventfd) as [number, number, number];
    await coprocessor.say('B0L00000001B1L000000-0B2L00000003');
    t.is(await takeSignals(agent, first, 1), 1);
    t.is(await pendingSignals(agent, second), 0);
    t.is(await pendingSignals(agent, third), 0);
    t.like(await board.counters(), { transfers: 1, malformed: 1 });
    await coprocessor.say('B2L00000003');
    t.is(await takeSignals(agent, third, 1), 1);
  },
);

// holds: protocol#unknown-index, protocol#too-long, abi#count-dropped, abi#count-transfers
boardTest('a record of an unknown buffer, or too long, is skipped alone', async ({ t, agent, coprocessor, board }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 2, 4096);
  const [first, second] = buffers.map(({ eventfd }) => eventfd) as [number, number];
  await coprocessor.say('B0L00000001B7L00000001B1L00001001B1L00001000');
  t.is(await takeSignals(agent, first, 1), 1);
  t.is(await takeSignals(agent, second, 1), 1);
  t.is(await session.size(1), 4096);
  t.like(await board.counters(), { transfers: 2, unknownBuffer: 1, tooLong: 1, malformed: 0 });
});

boardTest('a firmware that packs its records is streamed from without loss', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 8, 4096);
  await coprocessor.request('stream 4096 800 0 batch=8');
  for (const [id, { eventfd, mapping }] of buffers.entries()) {
    t.is(await takeSignals(agent, eventfd, 100), 100);
    t.like(await mapping.verify(id, 99), { wrong: 0 });
  }
});
