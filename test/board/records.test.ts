// SPDX-License-Identifier: MIT
// Version 2: records are read and written, beside version 1 on the same buffers.
import {
  formatRecords,
  parseRecords,
  PEER_BATCH,
  PEER_HANDOVER,
  RecordFile,
  recordSize,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import { O_NONBLOCK, O_RDWR, POLLIN, POLLOUT, SIGUSR1, SIGUSR2 } from '../../scripts/lib/board/agent/constants.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { iovecs } from './fixture/iovec.ts';
import { Session } from './fixture/session.ts';
import { until } from './fixture/until.ts';

/** Opens a file with buffers, and has the coprocessor say what it understands. */
async function open(s: Scenario, buffers: number, features: number, flags = O_RDWR): Promise<RecordFile> {
  const file = await RecordFile.open(s.agent, flags);
  for (let i = 0; i < buffers; i++) await file.allocate(4096);
  await agreeOn(s.coprocessor, file, features);
  return file;
}

// holds: abi#read
boardTest('a record tells buffer, length, sequence and time of a transfer', async (s) => {
  const file = await open(s, 2, 0);
  const { at: before } = await s.agent.self().then(() => ({ at: 0n }));
  await s.coprocessor.fill(1, 100);
  await s.coprocessor.fill(0, 200);
  const [first, second] = await file.read();
  s.t.like(first, { buffer: 1, length: 100, missed: 0, sequence: 0 });
  s.t.like(second, { buffer: 0, length: 200, missed: 0, sequence: 0 });
  s.t.true(first !== undefined && second !== undefined && first.timestamp > before);
  s.t.true((first?.timestamp ?? 0n) <= (second?.timestamp ?? 0n));
  await s.coprocessor.fill(1, 300);
  const [third] = await file.read();
  s.t.like(third, { buffer: 1, length: 300, missed: 0, sequence: 1 });
});

// holds: abi#missed, abi#read, abi#count-missed, protocol#transfer-replaces
boardTest('fills that nobody looked at are counted, and the newest is there', async (s) => {
  const file = await open(s, 2, 0);
  for (let i = 1; i <= 5; i++) await s.coprocessor.fill(0, i);
  await s.coprocessor.fill(1, 9);
  s.t.like(await file.read(), [
    { buffer: 0, length: 5, missed: 4, sequence: 4 },
    { buffer: 1, length: 9, missed: 0, sequence: 0 },
  ]);
  s.t.is((await s.board.counters()).missed, 4);
});

// holds: abi#read, abi#blocking
boardTest('read() returns as many whole records as fit', async (s) => {
  const file = await open(s, 3, 0, O_RDWR | O_NONBLOCK);
  for (const id of [2, 0, 1]) await s.coprocessor.fill(id, 1);
  await fails(s.t, 'EINVAL', s.agent.read(file.fd, recordSize - 1));
  s.t.is((await s.agent.read(file.fd, 2 * recordSize + 5)).length, 2 * recordSize);
  s.t.like(await file.read(), [{ buffer: 1 }]);
  await fails(s.t, 'EAGAIN', file.read());
});

// holds: abi#blocking, abi#interrupted-call
boardTest(
  'a read() that waits is woken by a transfer, and by a signal that is none of its business goes on',
  async (s) => {
    const file = await open(s, 1, 0);
    const thread = s.agent.thread('reader');
    const waiting = file.in(thread).read();
    await thread.interrupt(SIGUSR2);
    await s.coprocessor.fill(0, 7);
    s.t.like(await waiting, [{ buffer: 0, length: 7 }]);
    let isOver = false;
    const interrupted = fails(s.t, 'EINTR', file.in(thread).read()).finally(() => (isOver = true));
    // The reader may not be waiting yet when the first signal comes.
    await until(
      'the reader to be interrupted',
      async () => {
        await thread.interrupt(SIGUSR1);
        return isOver;
      },
      (over) => over,
    );
    await interrupted;
  },
);

// holds: abi#uncopied-record-waits, abi#efault
boardTest('a record that cannot be copied is not lost', async (s) => {
  const file = await open(s, 1, 0, O_RDWR | O_NONBLOCK);
  await s.coprocessor.fill(0, 55);
  await fails(s.t, 'EFAULT', s.agent.syscall('read', file.fd, 8, recordSize));
  s.t.like(await file.read(), [{ buffer: 0, length: 55, missed: 0 }]);
});

// holds: abi#io-uring-and-vectors, abi#uncopied-record-waits
boardTest('readv() and writev() take records in pieces of any size', async (s) => {
  const file = await open(s, 3, PEER_HANDOVER, O_RDWR | O_NONBLOCK);
  const room = await s.agent.allocate(4 * recordSize);
  for (const id of [2, 0, 1]) await s.coprocessor.fill(id, 10 + id);
  const odd = await iovecs(s.agent, [room, 16], [room + 16, 40], [room + 56, 15]);
  s.t.is(await s.agent.syscall('readv', file.fd, odd, 3), 2 * recordSize, 'what makes no whole record stays');
  s.t.like(parseRecords(await s.agent.peek(room, 2 * recordSize)), [
    { buffer: 2, length: 12 },
    { buffer: 0, length: 10 },
  ]);
  const nowhere = await iovecs(s.agent, [room, 16], [8, 16]);
  await fails(s.t, 'EFAULT', s.agent.syscall('readv', file.fd, nowhere, 2));
  s.t.like(await file.read(), [{ buffer: 1, length: 11, missed: 0 }]);

  await s.coprocessor.heard();
  await s.agent.poke(room, formatRecords([{ buffer: 1, length: 9 }, { buffer: 2 }]));
  const pieces = await iovecs(s.agent, [room, 5], [room + 5, 43], [room + 48, 16]);
  s.t.is(await s.agent.syscall('writev', file.fd, pieces, 3), 2 * recordSize);
  s.t.deepEqual(await s.coprocessor.heard(), ['B1L00000009', 'B2L00000000']);
});

// holds: abi#both-versions
boardTest('versions 1 and 2 take from the same transfers', async (s) => {
  const file = await open(s, 1, 0, O_RDWR | O_NONBLOCK);
  const session = await Session.open(s.agent);
  const one = new Session(s.agent, file.fd, session.numbers);
  await s.coprocessor.fill(0, 10);
  s.t.is(await one.size(0), 10);
  await fails(s.t, 'EAGAIN', file.read());
  await s.coprocessor.fill(0, 11);
  s.t.like(await file.read(), [{ length: 11, missed: 0, sequence: 1 }]);
  s.t.is(await one.size(0), NOTHING_NEW);
});

// holds: abi#write-until-agreed, abi#eopnotsupp-write, protocol#only-if-understood
boardTest('write() needs a coprocessor that said it takes buffers', async (s) => {
  const file = await open(s, 1, 0);
  await fails(s.t, 'EOPNOTSUPP', file.write({ buffer: 0 }));
  s.t.deepEqual(await s.agent.poll(0, { fd: file.fd, events: POLLIN | POLLOUT }), [0]);
  s.t.like(await s.coprocessor.heard(), { length: 1 });
});

// holds: abi#poll-until-agreed
boardTest('a poll for writing waits until the coprocessor takes buffers', async (s) => {
  const file = await open(s, 1, 0);
  const waiting = s.agent.thread().poll(10_000, { fd: file.fd, events: POLLOUT });
  await agreeOn(s.coprocessor, file, PEER_HANDOVER);
  s.t.deepEqual(await waiting, [POLLOUT]);
});

// holds: abi#write, abi#pollout, protocol#record-to-read, protocol#record-to-fill, protocol#bit-handover
// holds: protocol#linux-writes
boardTest('write() hands buffers over, filled or to be filled, a message each', async (s) => {
  const file = await open(s, 3, PEER_HANDOVER);
  s.t.deepEqual(await s.agent.poll(0, { fd: file.fd, events: POLLIN | POLLOUT }), [POLLOUT]);
  await s.coprocessor.heard();
  s.t.is(await file.write({ buffer: 2, length: 4096 }, { buffer: 0 }, { buffer: 1, length: 1 }), 3 * recordSize);
  s.t.deepEqual(await s.coprocessor.heard(), ['B2L00001000', 'B0L00000000', 'B1L00000001']);
});

// holds: protocol#bit-records, protocol#linux-writes
boardTest('a coprocessor that takes several records in a message gets them so', async (s) => {
  const file = await open(s, 3, PEER_HANDOVER | PEER_BATCH);
  await s.coprocessor.heard();
  await file.write({ buffer: 0 }, { buffer: 1 }, { buffer: 2 });
  s.t.deepEqual(await s.coprocessor.heard(), ['B0L00000000B1L00000000B2L00000000']);
});

// holds: abi#einval-number, abi#einval-field, abi#efault
boardTest('write() takes the good records before a bad one, and says what is wrong with that', async (s) => {
  const file = await open(s, 2, PEER_HANDOVER);
  await s.coprocessor.heard();
  s.t.is(await file.write({ buffer: 0 }, { buffer: 7 }), recordSize);
  for (const bad of [
    { buffer: 7 },
    { buffer: 0, length: 4097 },
    { buffer: 0, missed: 1 },
    { buffer: 0, sequence: 1 },
    { buffer: 0, timestamp: 1n },
  ])
    await fails(s.t, 'EINVAL', file.write(bad));
  await fails(s.t, 'EINVAL', s.agent.write(file.fd, Buffer.alloc(recordSize + 1)));
  await fails(s.t, 'EINVAL', s.agent.write(file.fd, Buffer.alloc(0)));
  await fails(s.t, 'EFAULT', s.agent.syscall('write', file.fd, 8, recordSize));
  s.t.deepEqual(await s.coprocessor.heard(), ['B0L00000000']);
});

// holds: protocol#features-index, protocol#linux-answers, protocol#bits-of-both, protocol#unknown-bits
boardTest('features are answered once, and bits that nobody knows are no error', async (s) => {
  const file = await RecordFile.open(s.agent);
  await file.allocate(4096);
  await s.coprocessor.heard();
  const heard: string[] = [];
  const answers = (wanted: number) =>
    until(
      `${String(wanted)} answers`,
      async () => heard.push(...(await s.coprocessor.heard())),
      (count) => count >= wanted,
    );
  for (let i = 0; i < 3; i++) await s.coprocessor.say('B4294967295Lfffffff8');
  // Features that come before the answer to others have one answer with them.
  await answers(1);
  await s.coprocessor.say('B4294967295L00000001');
  await until(
    'the features',
    () => file.query(),
    (query) => query.peer === PEER_HANDOVER,
  );
  await answers(2);
  s.t.deepEqual(heard, ['B4294967295L00000007', 'B4294967295L00000007']);
});

// holds: abi#espipe
boardTest('the device has no positions', async ({ t, agent }) => {
  const file = await RecordFile.open(agent);
  await fails(t, 'ESPIPE', agent.syscall('lseek', file.fd, 0, 0));
});
