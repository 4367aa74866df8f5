// SPDX-License-Identifier: MIT
// What the coprocessor may send and should not. It is dropped, counted by kind, logged once for each kind, and does no
// harm.
import { NOTHING_NEW } from '../../scripts/lib/board/agent/abi-v1.ts';
import { SIGKILL } from '../../scripts/lib/board/agent/constants.ts';
import { logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import { until } from './fixture/until.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { pendingSignals, Session, setUpBuffers, takeSignals } from './fixture/session.ts';

const malformed: readonly (readonly [string, string])[] = [
  ['one NUL', '\0'],
  ['NULs only', '\0\0\0\0\0\0\0\0'],
  ['one letter', 'B'],
  ['another letter', 'X'],
  ['no index', 'BL00000001'],
  ['no length', 'B0L'],
  ['a length of 7 digits', 'B0L0000001'],
  ['a length of 1 digit', 'B0L1'],
  ['a length with a sign', 'B0L-0000001'],
  ['a length with a prefix', 'B0L0x000001'],
  ['a length with a blank', 'B0L 0000001'],
  ['a length that is no number', 'B0Lzzzzzzzz'],
  ['a leading zero', 'B00L00000001'],
  ['a negative index', 'B-1L00000001'],
  ['a positive sign', 'B+0L00000001'],
  ['a hexadecimal index', 'BaL00000001'],
  ['an index of 33 bits', 'B4294967296L00000001'],
  ['an index that wraps 64 bits to 0', 'B18446744073709551616L00000001'],
  ['an index of 400 digits', `B${'9'.repeat(400)}L00000001`],
  ['lower-case marks', 'b0l00000001'],
  ['a leading NUL', '\0B0L00000001'],
  ['a leading blank', ' B0L00000001'],
  ['a NUL inside', 'B0L0000\x000001'],
  ['format characters', '%s%n%x%s%n'],
  ['bytes above 127', Buffer.from([0xff, 0xfe, 0x80, 0x42, 0x30]).toString('latin1')],
  ['480 letters', 'A'.repeat(480)],
  ['an announcement cut short', 'B0A5bab0000'],
  ['an announcement with a short address', 'B0A5babL00001000'],
];

/** Checks that nothing came of what was said: no signal and no size. The next good message is taken. */
async function nothingCame({ t, agent, coprocessor }: Scenario, session: Session, eventfd: number): Promise<void> {
  t.is(await pendingSignals(agent, eventfd), 0);
  t.is(await session.size(0), NOTHING_NEW);
  await coprocessor.fill(0, 123);
  t.is(await takeSignals(agent, eventfd, 1), 1);
  t.is(await session.size(0), 123);
}

// holds: protocol#grammar, protocol#rest-is-dropped, abi#count-dropped
boardTest('messages outside the grammar are dropped and counted as malformed', async (s) => {
  const session = await Session.open(s.agent);
  const [only] = await setUpBuffers(session, 1, 4096);
  for (const [i, [title, text]] of malformed.entries()) {
    await s.coprocessor.say(Buffer.from(text, 'latin1'));
    s.t.is(await pendingSignals(s.agent, only?.eventfd ?? -1), 0, title);
    s.t.like(
      await s.board.counters(),
      { malformed: i + 1, transfers: 0, unknownBuffer: 0, tooLong: 0, unexpected: 0 },
      title,
    );
  }
  await nothingCame(s, session, only?.eventfd ?? -1);
});

boardTest('an empty message is dropped and counted', async (s) => {
  const session = await Session.open(s.agent);
  const [only] = await setUpBuffers(session, 1, 4096);
  await s.coprocessor.say('');
  s.t.like(await s.board.counters(), { malformed: 1 });
  await nothingCame(s, session, only?.eventfd ?? -1);
});

// holds: protocol#rest-is-dropped
boardTest(
  'a good record with trailing rubbish is taken, the rubbish counted',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const [only] = await setUpBuffers(session, 1, 4096);
    for (const rubbish of ['0', 'X', '\n', '\0X', 'B', 'B0', 'B0L', 'B0L0000000'])
      await coprocessor.say(`B0L00000001${rubbish}`);
    t.is(await takeSignals(agent, only?.eventfd ?? -1, 8), 8);
    t.like(await board.counters(), { transfers: 8, malformed: 8 });
  },
);

// holds: protocol#too-long
boardTest(
  'lengths: everything up to the buffer is taken, everything beyond is dropped',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const [only] = await setUpBuffers(session, 1, 4096);
    for (const length of ['00000000', '00000001', '00000fff', '00001000']) {
      await coprocessor.say(`B0L${length}`);
      t.is(await session.size(0), parseInt(length, 16));
    }
    t.is(await pendingSignals(agent, only?.eventfd ?? -1), 4);
    for (const length of ['00001001', '00002000', '7fffffff', '80000000', 'ffffffff']) {
      await coprocessor.say(`B0L${length}`);
      t.is(await session.size(0), NOTHING_NEW);
    }
    t.is(await pendingSignals(agent, only?.eventfd ?? -1), 0);
    t.like(await board.counters(), { transfers: 4, tooLong: 5, malformed: 0 });
  },
);

// holds: protocol#linux-accepts
boardTest('upper-case digits and trailing NULs are as good as any', async ({ t, agent, coprocessor, board }) => {
  const session = await Session.open(agent);
  await session.map(1 << 16);
  for (const [text, length] of [
    ['B0L0000ABCD', 0xabcd],
    ['B0L0000aBcD', 0xabcd],
    ['B0L00000ABC\0', 0xabc],
    ['B0L00000abc\0\0\0\0\0\0\0\0\0', 0xabc],
  ] as const) {
    await coprocessor.say(text);
    t.is(await session.size(0), length);
  }
  t.like(await board.counters(), { transfers: 4, malformed: 0 });
});

// holds: protocol#unknown-index
boardTest('transfers of buffers that nobody has are dropped and counted', async (s) => {
  const session = await Session.open(s.agent);
  const [only] = await setUpBuffers(session, 1, 4096);
  const indexes = [1, 2, 9, 10, 1023, 1024, 65536, 2147483647, 2147483648, 4294967294];
  for (const index of indexes) await s.coprocessor.say(`B${String(index)}L00000001`);
  s.t.like(await s.board.counters(), { unknownBuffer: indexes.length, transfers: 0, malformed: 0 });
  await nothingCame(s, session, only?.eventfd ?? -1);
});

// holds: abi#close-drops, protocol#unknown-index
boardTest(
  'a transfer of a buffer whose file was closed is dropped and counted',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    await session.map(4096);
    await session.end();
    await coprocessor.say('B0L00000010');
    t.like(await board.counters(), { unknownBuffer: 1, transfers: 0 });
  },
);

boardTest('announcements are for the coprocessor: from it they are dropped and counted', async (s) => {
  const session = await Session.open(s.agent);
  const [only] = await setUpBuffers(session, 1, 4096);
  for (const text of [
    'B0A50000000L00001000',
    'B1A50000000L00001000',
    'B0A00000000L00000000',
    'B4294967295A00000000L00000000',
  ])
    await s.coprocessor.say(text);
  s.t.like(await s.board.counters(), { unexpected: 4, transfers: 0, malformed: 0 });
  await nothingCame(s, session, only?.eventfd ?? -1);
});

// holds: protocol#only-if-understood, protocol#no-early-withdrawal
boardTest('a coprocessor that says nothing about features is never sent any', async ({ t, agent, coprocessor }) => {
  const session = await Session.open(agent);
  await setUpBuffers(session, 2, 4096);
  await coprocessor.fill(0, 1);
  await session.close();
  const heard = await coprocessor.heard();
  t.is(heard.length, 2);
  for (const text of heard) t.regex(text, /^B[01]A[0-9a-f]{8}L00001000$/);
});

/** What the driver has logged of drops since this place in the log. */
const dropsSaid = async ({ board }: Scenario, from: number): Promise<string[]> =>
  (await logSince(board.observer, from))
    .map(({ text }) => text)
    .filter((text) => /dropped|sdb_receive.*suppressed/.test(text));

// holds: abi#log-first-drop
boardTest(
  'a flood of rubbish leaves one line in the log and a driver that works',
  async (s) => {
    const session = await Session.open(s.agent);
    const [only] = await setUpBuffers(session, 1, 4096);
    const from = await s.board.logEnd();
    await s.coprocessor.request('flood 3000 B0L0000000g', 30_000);
    s.t.like(await s.board.counters(), { malformed: 3000 });
    const said = await dropsSaid(s, from);
    s.t.is(said.length, 1, said.join('\n'));
    s.t.regex(said[0] ?? '', /dropped a malformed message; from now on only counted$/);
    await nothingCame(s, session, only?.eventfd ?? -1);
  },
  { timeout: 60_000 },
);

// holds: abi#log-first-drop, abi#log-is-not-filled
boardTest('firmware that streams on after its application died is told of once, and counted', async (s) => {
  const application = await s.agent.fork('application');
  const session = await Session.open(application);
  await setUpBuffers(session, 2, 4096);
  const from = await s.board.logEnd();
  await s.coprocessor.request('stream 4096 0 200 fill=no');
  await application.kill(SIGKILL);
  await until(
    'transfers of buffers that nobody has',
    () => s.board.counters(),
    ({ unknownBuffer }) => unknownBuffer >= 50,
  );
  const said = await dropsSaid(s, from);
  s.t.is(said.length, 1, said.join('\n'));
  s.t.regex(said[0] ?? '', /dropped a transfer of an unknown buffer; from now on only counted$/);
});

boardTest(
  'a flood of unknown buffers beside a stream loses nothing of the stream',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    const [only] = await setUpBuffers(session, 1, 4096);
    await coprocessor.request('stream 4096 500 0 fill=no');
    await coprocessor.request('flood 1000 B77L00000001', 30_000);
    t.is(await takeSignals(agent, only?.eventfd ?? -1, 500, 10_000), 500);
    t.like(await board.counters(), { transfers: 500, unknownBuffer: 1000 });
  },
  { timeout: 60_000 },
);
