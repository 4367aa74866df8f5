// SPDX-License-Identifier: MIT
/**
 * Each call of the driver makes allocations and accesses to user memory. Each of these fails once, in turn. The call
 * then returns an error, or does without. Either way nothing has changed, and the same call works right after.
 */
import { numberField } from '../../scripts/lib/board/agent/answer.ts';
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { CACHED, recordSize } from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  MAP_PRIVATE,
  MAP_SHARED,
  O_RDWR,
  POLLIN,
  PROT_READ,
  PROT_WRITE,
} from '../../scripts/lib/board/agent/constants.ts';
import { failNth, letEverythingFail } from '../../scripts/lib/board/agent/fault-injection.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { Session } from './fixture/session.ts';
import * as raw from './fixture/raw-calls.ts';

const length = 16 * 4096;
/** More than one block of the page allocator. So the memory is the DMA layer's own. */
const large = 5 << 20;
/** If a call has more places to fail than this, something has run away. */
const placesMax = 100;

interface Call {
  readonly title: string;
  /** the errors that a failure may lead to */
  readonly errnos: readonly string[];
  /** Makes what the call needs. Returns the agent's command for the call. */
  prepare(scenario: Scenario, session: Session): Promise<string>;
  /** Undoes what the call did, when it has worked. */
  undo?(session: Session, answer: Record<string, unknown>): Promise<unknown>;
  /** Checks that the call really worked. */
  check?(scenario: Scenario, answer: Record<string, unknown>): void;
}

const map = (fd: number, flags: number, offset = 0, size = length): string =>
  `mmap ${[size, PROT_READ | PROT_WRITE, flags, fd, offset].map(String).join(' ')}`;
const unmap = (session: Session, answer: Record<string, unknown>): Promise<void> =>
  session.task.munmap(numberField(answer, 'address'), length);
const freeAllocated = (session: Session, answer: Record<string, unknown>): Promise<unknown> =>
  session.task.call(raw.free(session.fd, raw.allocated(answer)));

/** A dma-buf of a new buffer, closed with the session. */
const dmabufs = new WeakMap<Session, number>();
async function dmabufOf(session: Session, flags: number): Promise<number> {
  await session.task.call(raw.allocate(session.fd, length, flags));
  const dmabuf = raw.descriptor((await session.task.call(raw.exportBuffer(session.fd, 0))).fields);
  dmabufs.set(session, dmabuf);
  return dmabuf;
}

const calls: readonly Call[] = [
  {
    title: 'open',
    errnos: ['ENOMEM', 'EFAULT'],
    prepare: async () => `open ${device} ${String(O_RDWR)}`,
    undo: (session, answer) => session.task.close(numberField(answer, 'fd')),
  },
  {
    title: 'SET_EFD before its buffer',
    errnos: ['ENOMEM', 'EFAULT'],
    // A number above 63 takes a second level of the tree that keeps them.
    prepare: async (_, session) => raw.setEfd(session.fd, 100, await session.task.eventfd()),
  },
  {
    title: 'SET_EFD of a buffer',
    errnos: ['ENOMEM', 'EFAULT'],
    async prepare(_, session) {
      await session.map(length);
      return raw.setEfd(session.fd, 0, await session.task.eventfd());
    },
  },
  {
    title: 'GET_DATA_SIZE',
    errnos: ['EFAULT'],
    async prepare(_, session) {
      await session.map(length);
      return raw.getDataSize(session.fd, 0);
    },
  },
  { title: 'QUERY', errnos: ['EFAULT'], prepare: async (_, session) => raw.query(session.fd) },
  ...(
    [
      ['ALLOCATE', length, 0],
      ['ALLOCATE of cached pages', length, CACHED],
      ['ALLOCATE of a cached block', large, CACHED],
    ] as const
  ).map(([title, size, flags]): Call => ({
    title,
    errnos: ['ENOMEM', 'EFAULT'],
    prepare: async (_, session) => raw.allocate(session.fd, size, flags),
    undo: freeAllocated,
  })),
  {
    title: 'FREE',
    errnos: ['EFAULT'],
    prepare: async (_, session) =>
      raw.free(session.fd, raw.allocated((await session.task.call(raw.allocate(session.fd, length))).fields)),
  },
  {
    title: 'BUFFER',
    errnos: ['EFAULT'],
    async prepare(_, session) {
      await session.map(length);
      return raw.describe(session.fd, 0);
    },
  },
  {
    title: 'SYNC',
    errnos: ['EFAULT'],
    async prepare(_, session) {
      await session.task.call(raw.allocate(session.fd, length, CACHED));
      return raw.sync(session.fd, 0, length);
    },
  },
  ...(
    [
      ['EXPORT', (fd: number) => raw.exportBuffer(fd, 0)],
      ['EXPORT_RANGE', (fd: number) => raw.exportRange(fd, 0, 4096, 2 * 4096)],
    ] as const
  ).map(([title, command]): Call => ({
    title,
    errnos: ['ENOMEM', 'EFAULT'],
    async prepare(_, session) {
      await session.task.call(raw.allocate(session.fd, length));
      return command(session.fd);
    },
    undo: (session, answer) => session.task.close(raw.descriptor(answer)),
  })),
  ...([0, CACHED] as const).map((flags): Call => ({
    title: flags === 0 ? 'IMPORT' : 'IMPORT of cached memory',
    errnos: ['ENOMEM', 'EFAULT'],
    prepare: async (_, session) => raw.importDmabuf(session.fd, await dmabufOf(session, flags)),
    undo: (session, answer) => session.task.call(raw.free(session.fd, raw.imported(answer))),
  })),
  ...([MAP_SHARED, MAP_PRIVATE] as const).map((flags): Call => ({
    title: flags === MAP_SHARED ? 'mmap of a new buffer, shared' : 'mmap of a new buffer, private',
    errnos: ['ENOMEM'],
    prepare: async (_, session) => map(session.fd, flags),
    undo: unmap,
  })),
  {
    title: 'mmap of a buffer that is there',
    errnos: ['ENOMEM'],
    async prepare(_, session) {
      await session.task.call(raw.allocate(session.fd, length));
      return map(session.fd, MAP_SHARED, 4096);
    },
    undo: unmap,
  },
  ...(
    [
      ['mmap of cached pages', length],
      ['mmap of a cached block', large],
    ] as const
  ).map(([title, size]): Call => ({
    title,
    errnos: ['ENOMEM'],
    async prepare(_, session) {
      await session.task.call(raw.allocate(session.fd, size, CACHED));
      return map(session.fd, MAP_SHARED, 4096, size);
    },
    undo: (session, answer) => session.task.munmap(numberField(answer, 'address'), size),
  })),
  {
    title: 'mmap of a dma-buf',
    errnos: ['ENOMEM'],
    prepare: async (_, session) => map(await dmabufOf(session, 0), MAP_PRIVATE),
    undo: unmap,
  },
  {
    title: 'mmap of an imported buffer',
    errnos: ['ENOMEM'],
    async prepare(_, session) {
      const dmabuf = await dmabufOf(session, CACHED);
      const { fields } = await session.task.call(raw.importDmabuf(session.fd, dmabuf));
      return map(session.fd, MAP_SHARED, 4096 * (raw.imported(fields) + 1));
    },
    undo: unmap,
  },
  {
    title: 'poll',
    errnos: ['ENOMEM', 'EFAULT'],
    prepare: async (_, session) => `poll 0 ${String(session.fd)} ${String(POLLIN)}`,
  },
  {
    title: 'read',
    errnos: ['EFAULT'],
    async prepare({ coprocessor }, session) {
      await session.map(length);
      const { index } = raw.described((await session.task.call(raw.describe(session.fd, 0))).fields);
      await coprocessor.fill(index, 4096);
      return `read ${String(session.fd)} ${String(recordSize)}`;
    },
    check({ t }, answer) {
      t.is(raw.recordLength(answer), 4096, 'a record that could not be handed out is not lost');
    },
  },
  {
    title: 'write',
    errnos: ['EFAULT'],
    async prepare({ coprocessor }, session) {
      await coprocessor.request('features 7');
      await session.map(length);
      await raw.untilPeer(session, 1);
      return raw.handOver(session.fd, 0, 4096);
    },
  },
];

const failslab = '/sys/kernel/debug/failslab';

// holds: abi#enomem
boardTest(
  'without memory for the trees that numbers are kept in, a number is ENOMEM, and nothing is left behind',
  async (s) => {
    const { t, agent, board } = s;
    const [full, empty] = [await Session.open(agent), await Session.open(agent)];
    // The first number of a tree takes no memory. So the first numbers are taken already: that of the channel, and that
    // of this file.
    await agent.call(raw.allocate(full.fd, length));
    const before = [await raw.usage(full), await raw.usage(empty)];
    const set = async (settings: Readonly<Record<string, string>>): Promise<void> => {
      for (const [name, value] of Object.entries(settings))
        await board.observer.writeFile(`${failslab}/${name}`, value);
    };
    const eventfd = await agent.eventfd();
    await agent.writeFile('/proc/self/make-it-fail', '1');
    // From now on each allocation of this process fails, beginning with those that the calls make. Other processes' do
    // not, because the filter is set first.
    await set({ 'task-filter': 'Y', 'ignore-gfp-wait': 'N', times: '-1', probability: '100' });
    try {
      await fails(t, 'ENOMEM', agent.call(raw.allocate(empty.fd, length)));
      await fails(t, 'ENOMEM', agent.call(raw.allocate(full.fd, length)));
      await fails(t, 'ENOMEM', agent.call(raw.setEfd(full.fd, 100, eventfd)));
    } finally {
      await set({ probability: '0', times: '1', 'task-filter': 'N' });
      await agent.writeFile('/proc/self/make-it-fail', '0');
    }
    t.deepEqual([await raw.usage(full), await raw.usage(empty)], before);
    for (const { fd } of [full, empty]) await agent.call(raw.allocate(fd, length));
  },
  { needs: ['fault-injection'], timeout: 60_000 },
);

for (const call of calls) {
  // holds: abi#efault, abi#uncopied-record-waits
  boardTest(
    `${call.title}: whatever fails in it, it says so and leaves nothing behind`,
    async (s) => {
      await letEverythingFail(s.board.observer);
      for (let nth = 1; await failsAt(s, call, nth); nth++) s.t.true(nth < placesMax, 'it never ran without a failure');
    },
    { needs: ['fault-injection'], timeout: 120_000 },
  );
}

/** Makes the call in an open file of its own, with the nth place failing. False when it has no such place. */
async function failsAt(s: Scenario, call: Call, nth: number): Promise<boolean> {
  const { t, agent } = s;
  const session = await Session.open(agent);
  const command = await call.prepare(s, session);
  const has = async () => ({ ...(await raw.usage(session)), files: (await agent.list('/proc/self/fd')).length });
  const before = await has();
  const { injected, errno, answer } = await failNth(agent, nth, command);
  const place = `place ${String(nth)} of ${call.title}`;
  if (errno === undefined) {
    call.check?.(s, answer.fields);
    await call.undo?.(session, answer.fields);
  } else {
    t.true(injected, `${place}: ${errno} although nothing failed`);
    t.true(call.errnos.includes(errno), `${place}: answered ${errno}`);
    t.deepEqual(await has(), before, `${place}: file and process have what they had before`);
    const again = await agent.call(command);
    call.check?.(s, again.fields);
    await call.undo?.(session, again.fields);
  }
  await session.close();
  const dmabuf = dmabufs.get(session);
  if (dmabuf !== undefined) await agent.close(dmabuf);
  if (injected) t.log(`${place}: ${errno ?? 'did without'}`);
  return injected;
}
