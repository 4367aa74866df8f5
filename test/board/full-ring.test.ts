// SPDX-License-Identifier: MIT
// The coprocessor does not read. What Linux has to say waits, no call blocks that need not, and all of it arrives in
// order.
import { PEER_HANDOVER, PEER_WITHDRAWAL, RecordFile, recordSize } from '../../scripts/lib/board/agent/abi-v2.ts';
import { O_NONBLOCK, O_RDWR, POLLIN, POLLOUT, SIGUSR1 } from '../../scripts/lib/board/agent/constants.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { logEnd, logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { Silence } from './fixture/silence.ts';
import { until } from './fixture/until.ts';

const driver = '/sys/bus/rpmsg/drivers/rpmsg_sdb';
/** More than any ring of 512-byte messages holds. */
const many = 40;

async function open(s: Scenario, buffers: number, features: number): Promise<[RecordFile, Silence]> {
  const file = await RecordFile.open(s.agent);
  for (let i = 0; i < buffers; i++) await file.allocate(4096);
  const silence = await Silence.prepare(s);
  await agreeOn(s.coprocessor, file, features);
  await s.coprocessor.heard();
  return [file, silence];
}

/** What the coprocessor hears until it has heard so many messages. */
async function hear(s: Scenario, count: number): Promise<string[]> {
  const heard: string[] = [];
  await until(
    `${String(count)} messages`,
    async () => heard.push(...(await s.coprocessor.heard())),
    (sum) => sum >= count,
  );
  return heard;
}

/** Hands over buffer after buffer until the ring takes no more. Returns how many it took. */
async function fillRing(s: Scenario, file: RecordFile): Promise<number> {
  for (let taken = 0; taken < many; taken++) {
    const [events = 0] = await s.agent.poll(0, { fd: file.fd, events: POLLOUT });
    if ((events & POLLOUT) === 0) return taken;
    await file.write({ buffer: taken });
  }
  throw new Error('the ring is never full');
}

// holds: abi#full-ring-is-not-unsent
boardTest('announcements and hand-overs wait for room, and arrive in the order of the calls', async (s) => {
  const [file, silence] = await open(s, many, PEER_HANDOVER);
  await silence.begin();
  const wanted: RegExp[] = [];
  for (let i = 0; i < many; i++) {
    // Each is a call of its own, and neither knows whether there is room.
    await file.allocate(8192);
    wanted.push(new RegExp(`^B${String(many + 1 + i)}A[0-9a-f]{8}L00002000$`));
    await file.write({ buffer: i, length: i });
    wanted.push(new RegExp(`^B${String(i)}L${i.toString(16).padStart(8, '0')}$`));
  }
  // All these calls returned while the coprocessor took nothing.
  await silence.end();
  const heard = await hear(s, wanted.length);
  s.t.is(heard.length, wanted.length);
  for (const [i, pattern] of wanted.entries()) s.t.regex(heard[i] ?? '', pattern, `message ${String(i)}`);
  s.t.is((await s.agent.readFile('/sys/class/rpmsg_sdb/rpmsg_sdb/unsent')).trim(), '0');
});

boardTest('what a file had not said yet when it was closed is not said', async (s) => {
  const [first, silence] = await open(s, many, PEER_HANDOVER);
  const closed = await RecordFile.open(s.agent);
  const last = await RecordFile.open(s.agent);
  await silence.begin();
  await fillRing(s, first);
  for (let i = 0; i < 5; i++) {
    await first.allocate(4096);
    await closed.allocate(8192);
    await last.allocate(16384);
  }
  await s.agent.close(closed.fd);
  await silence.end();
  const known = await until(
    'the announcements of the files that are open',
    () => s.coprocessor.buffers(),
    (buffers) => buffers.filter(({ length }) => length === 16384).length === 5,
  );
  s.t.is(known.filter(({ length }) => length === 4096).length, many + 5);
  s.t.is(known.filter(({ length }) => length === 8192).length, 0);
  // The coprocessor was never told of these buffers. So it may not write to them.
  s.t.like(await s.board.memory(), { retiredBuffers: 0, buffers: many + 1 + 10 });
});

// holds: abi#blocking, abi#interrupted-call
boardTest('write() waits for room, or not; a signal ends the wait, and nothing is lost or said twice', async (s) => {
  const { t, agent } = s;
  const [file, silence] = await open(s, many, PEER_HANDOVER);
  const nonblocking = await RecordFile.open(agent, O_RDWR | O_NONBLOCK);
  await nonblocking.allocate(4096);
  await s.coprocessor.heard();
  await silence.begin();
  const taken = await fillRing(s, file);
  // The last hand-over that was taken waits in the driver. A second one of the same buffer has to wait for it.
  const twice = taken - 1;
  await nonblocking.write({ buffer: 0 });
  await fails(t, 'EAGAIN', nonblocking.write({ buffer: 0 }));
  const thread = agent.thread('writer');
  const interrupted = file
    .in(thread)
    .write({ buffer: twice, length: 1 })
    .then(
      () => 'taken',
      (error: unknown) => (error instanceof SystemCallError ? error.errno : String(error)),
    );
  const state = { errno: '' };
  void interrupted.then((errno) => (state.errno = errno));
  await until(
    'the writer to be interrupted',
    async () => {
      await thread.interrupt(SIGUSR1);
      return state.errno;
    },
    (errno) => errno !== '',
  );
  t.is(state.errno, 'EINTR');
  const waiting = file.in(agent.thread('patient')).write({ buffer: twice, length: 2 });
  await silence.end();
  t.is(await waiting, recordSize);
  const heard = await hear(s, taken + 2);
  t.deepEqual(
    heard.filter((text) => text.startsWith(`B${String(twice)}L`)),
    [`B${String(twice)}L00000000`, `B${String(twice)}L00000002`],
  );
  t.is(heard.length, taken + 2);
});

// holds: abi#enodev-wakes
boardTest('a write() that waits for room returns in under 100 ms when the coprocessor goes', async (s) => {
  const [file] = await open(s, many, PEER_HANDOVER);
  await s.coprocessor.request('mute on');
  const taken = await fillRing(s, file);
  const bytes = Buffer.alloc(recordSize);
  bytes.writeUInt32LE(taken - 1);
  const waiting = s.agent.thread().ask(`write ${String(file.fd)} ${bytes.toString('hex')}`, { timeout: 40_000 });
  s.t.is((await s.agent.poll(0, { fd: file.fd, events: POLLIN | POLLOUT }))[0], 0);
  await s.remoteproc.stop();
  const { at: end } = await s.agent.ask('self');
  const { at, fields } = await waiting;
  s.t.is(fields['errno'], 'ENODEV');
  s.t.true(at < end + 100_000);
});

// holds: abi#memory-goes-back
boardTest('withdrawals wait for room too: the memory stays until they are confirmed', async (s) => {
  const [file, silence] = await open(s, many, PEER_HANDOVER | PEER_WITHDRAWAL);
  await silence.begin();
  await fillRing(s, file);
  await s.agent.close(file.fd);
  s.t.like(await s.board.memory(), { buffers: many + 1 });
  await silence.end();
  await silence.close();
  await until(
    'the memory to be free',
    () => s.board.memory(),
    (memory) => memory.buffers === 0,
  );
  s.t.deepEqual(await s.coprocessor.buffers(), []);
});

boardTest('a withdrawal that found no room ends with its channel, and the next one announces as ever', async (s) => {
  const [file, silence] = await open(s, many, PEER_HANDOVER | PEER_WITHDRAWAL);
  await silence.begin();
  await fillRing(s, file);
  await s.agent.close(file.fd);
  const channel = (await s.agent.list(driver)).find((name) => name.includes('rpmsg-sdb-channel')) ?? '';
  await s.agent.writeFile(`${driver}/unbind`, channel);
  s.t.like(await s.board.memory(), { buffers: many + 1, retiredBuffers: many });
  await s.agent.writeFile(`${driver}/bind`, channel);
  const again = await RecordFile.open(s.agent);
  await again.allocate(4096);
  await silence.end();
  const heard = await hear(s, 1);
  await until(
    'the announcement',
    async () => {
      heard.push(...(await s.coprocessor.heard()));
      return heard;
    },
    (all) => all.some((text) => /^B0A[0-9a-f]{8}L00001000$/.test(text)),
  );
});

boardTest('doorbells that nobody answers are refused in the end, and what they were for arrives', async (s) => {
  const [file, silence] = await open(s, many, PEER_HANDOVER);
  const before = await logEnd(s.board.observer);
  await silence.begin('ignore');
  const wanted: string[] = [];
  // Linux's mailbox queues 20 doorbells behind the one that is not answered (MBOX_TX_QUEUE_LEN).
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < many; i++) {
      await file.write({ buffer: i, length: round });
      wanted.push(`B${String(i)}L${String(round).padStart(8, '0')}`);
    }
  }
  s.t.deepEqual(await hear(s, wanted.length), wanted);
  if (s.board.board.firmware === 'stm32mp15') {
    const said = (await logSince(s.board.observer, before)).map(({ text }) => text);
    s.t.true(
      said.some((text) => text.includes('stm32_rproc_kick: failed (vq1, err:-105)')),
      'no doorbell was refused',
    );
  }
  await silence.end();
  // The queued doorbells come now. Nobody misses those that were refused.
  await file.write({ buffer: 0, length: 2 });
  s.t.deepEqual(await hear(s, 1), ['B0L00000002']);
});
