// SPDX-License-Identifier: MIT
// Version 2 through io_uring: reads, writes and polls that wait without a thread of the application's.
import {
  parseRecords,
  PEER_HANDOVER,
  RecordFile,
  recordSize,
  formatRecords,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../../scripts/lib/board/agent/constants.ts';
import { operations, Ring } from '../../scripts/lib/board/agent/ring.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { agreeOn } from './fixture/features.ts';
import { Silence } from './fixture/silence.ts';

const needs = ['io_uring'];
/** Negative, as they are in completions. */
const errnos = { EFAULT: -14, ENODEV: -19, EINVAL: -22, ECANCELED: -125 } as const;

interface Setting {
  readonly file: RecordFile;
  readonly ring: Ring;
  /** room for four records */
  readonly room: number;
}

async function setting({ agent }: Scenario, buffers: number): Promise<Setting> {
  const file = await RecordFile.open(agent);
  for (let i = 0; i < buffers; i++) await file.allocate(4096);
  return { file, ring: await Ring.open(agent), room: await agent.allocate(4 * recordSize) };
}

const read = ({ file, ring, room }: Setting, request: number, records = 4): Promise<void> =>
  ring.submit({ request, operation: operations.read, fd: file.fd, address: room, length: records * recordSize });

const write = ({ file, ring, room }: Setting, request: number, records: number): Promise<void> =>
  ring.submit({ request, operation: operations.write, fd: file.fd, address: room, length: records * recordSize });

// holds: abi#io-uring-and-vectors, abi#read
boardTest(
  'a read that is submitted early completes with the transfer',
  async (s) => {
    const own = await setting(s, 2);
    await read(own, 1);
    s.t.is(await own.ring.completion(100), undefined);
    await s.coprocessor.fill(1, 99);
    s.t.deepEqual(await own.ring.completion(), { request: 1, result: recordSize });
    s.t.like(parseRecords(await s.agent.peek(own.room, recordSize)), [
      { buffer: 1, length: 99, missed: 0, sequence: 0 },
    ]);
    await s.coprocessor.fill(0, 1);
    await s.coprocessor.fill(1, 2);
    await read(own, 2);
    s.t.deepEqual(await own.ring.completion(), { request: 2, result: 2 * recordSize });
  },
  { needs },
);

boardTest(
  'of several reads that wait each takes its transfers, and nothing is lost between them',
  async (s) => {
    const own = await setting(s, 1);
    for (let request = 0; request < 4; request++) await read(own, request, 1);
    for (let fill = 0; fill < 4; fill++) {
      await s.coprocessor.fill(0, 10 + fill);
      s.t.is((await own.ring.completion())?.result, recordSize);
      s.t.like(parseRecords(await s.agent.peek(own.room, recordSize)), [
        { length: 10 + fill, missed: 0, sequence: fill },
      ]);
    }
    s.t.is(await own.ring.completion(100), undefined);
  },
  { needs },
);

// holds: abi#uncopied-record-waits
boardTest(
  'a read that is cancelled, or cannot be copied, leaves the transfer for the next',
  async (s) => {
    const own = await setting(s, 1);
    await read(own, 1);
    await own.ring.submit({ request: 2, operation: operations.cancel, fd: -1, address: 1 });
    const results = [await own.ring.completion(), await own.ring.completion()];
    const byRequest = new Map(results.map((completion) => [completion?.request, completion?.result]));
    s.t.deepEqual([byRequest.get(1), byRequest.get(2)], [errnos.ECANCELED, 0]);
    await s.coprocessor.fill(0, 5);
    await own.ring.submit({ request: 3, operation: operations.read, fd: own.file.fd, address: 8, length: recordSize });
    s.t.deepEqual(await own.ring.completion(), { request: 3, result: errnos.EFAULT });
    s.t.like(await own.file.read(), [{ length: 5, missed: 0, sequence: 0 }]);
  },
  { needs },
);

// holds: abi#pollin, abi#pollhup, abi#enodev-wakes
boardTest(
  'a poll completes with a transfer, and with the end of the channel, as a read does',
  async (s) => {
    const own = await setting(s, 1);
    const poll = (request: number): Promise<void> =>
      own.ring.submit({ request, operation: operations.pollAdd, fd: own.file.fd, flags: POLLIN });
    await poll(1);
    s.t.is(await own.ring.completion(100), undefined);
    await s.coprocessor.fill(0, 5);
    s.t.deepEqual(await own.ring.completion(), { request: 1, result: POLLIN });
    s.t.like(await own.file.read(), [{ length: 5 }]);
    await poll(2);
    await read(own, 3);
    await s.remoteproc.stop();
    const ends = [await own.ring.completion(), await own.ring.completion()];
    const end = (request: number): number => ends.find((completion) => completion?.request === request)?.result ?? 0;
    s.t.is(end(2) & (POLLHUP | POLLERR), POLLHUP | POLLERR);
    s.t.is(end(3), errnos.ENODEV);
  },
  { needs },
);

// holds: abi#io-uring-and-vectors, abi#poll-until-agreed
boardTest(
  'a write hands buffers over, once the coprocessor takes them',
  async (s) => {
    const own = await setting(s, 2);
    await s.agent.poke(own.room, formatRecords([{ buffer: 1, length: 7 }, { buffer: 0 }]));
    // The driver refuses this write with EOPNOTSUPP. io_uring takes that for "not without waiting", and waits for
    // POLLOUT.
    await write(own, 1, 2);
    s.t.is(await own.ring.completion(100), undefined);
    await s.coprocessor.heard();
    await agreeOn(s.coprocessor, own.file, PEER_HANDOVER);
    s.t.deepEqual(await own.ring.completion(), { request: 1, result: 2 * recordSize });
    s.t.deepEqual(
      (await s.coprocessor.heard()).filter((text) => text !== 'B4294967295L00000007'),
      ['B1L00000007', 'B0L00000000'],
    );
    await own.ring.submit({ request: 3, operation: operations.write, fd: own.file.fd, address: own.room, length: 5 });
    s.t.deepEqual(await own.ring.completion(), { request: 3, result: errnos.EINVAL });
  },
  { needs },
);

// holds: abi#pollout
boardTest(
  'a write that finds the ring of the coprocessor full completes when there is room',
  async (s) => {
    const own = await setting(s, 4);
    const silence = await Silence.prepare(s);
    await agreeOn(s.coprocessor, own.file, PEER_HANDOVER);
    await s.coprocessor.heard();
    await silence.begin();
    // Each record is a message. The ring and the queue behind it take a number of them, and then no more.
    await s.agent.poke(own.room, formatRecords([0, 1, 2, 3].map((buffer) => ({ buffer }))));
    let request = 0;
    let waiting: number | undefined;
    while (waiting === undefined) {
      await write(own, request, 4);
      if ((await own.ring.completion(100)) === undefined) waiting = request;
      s.t.true(request++ < 100, 'the ring never was full');
    }
    s.t.deepEqual(await s.agent.poll(0, { fd: own.file.fd, events: POLLOUT }), [0]);
    await silence.end();
    s.t.deepEqual(await own.ring.completion(10_000), { request: waiting, result: 4 * recordSize });
    s.t.deepEqual(await s.agent.poll(5000, { fd: own.file.fd, events: POLLOUT }), [POLLOUT]);
  },
  { needs },
);
