// SPDX-License-Identifier: MIT
// The limits of the module. A call beyond one fails with that limit's errno, announces nothing and changes nothing.
import { RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { map } from './fixture/mapping.ts';
import { Session, setUpBuffers, takeSignals } from './fixture/session.ts';

const MiB = 1 << 20;

// holds: abi#max-buffers, abi#edquot, abi#limits-at-any-time
boardTest('buffers of a file', async ({ t, agent, coprocessor, board }) => {
  await board.setParameter('max_buffers', 3);
  const session = await Session.open(agent);
  await fails(t, 'EINVAL', session.eventfd(3));
  const buffers = await setUpBuffers(session, 3, 4096);
  await coprocessor.heard();
  await fails(t, 'EDQUOT', session.map(4096));
  await fails(t, 'EDQUOT', session.map(4096));
  t.deepEqual(await coprocessor.heard(), []);
  t.like(await board.memory(), { buffers: 3, bytes: 3 * 4096 });
  for (const [id, { eventfd }] of buffers.entries()) {
    await coprocessor.fill(id, 4096);
    t.is(await takeSignals(agent, eventfd, 1), 1);
  }
  // The limit is each file's. Another file has its own.
  await setUpBuffers(await Session.open(agent), 3, 4096);
});

// holds: abi#max-file-mib, abi#edquot, abi#limits-at-any-time, abi#memory-buffers
boardTest('bytes of a file', async ({ t, agent, coprocessor, board }) => {
  await board.setParameter('max_file_mib', 2);
  const session = await Session.open(agent);
  await fails(t, 'EDQUOT', session.map(2 * MiB + 1));
  await session.map(MiB);
  await fails(t, 'EDQUOT', session.map(MiB + 4096));
  await session.map(MiB);
  await fails(t, 'EDQUOT', session.map(1));
  t.is((await coprocessor.heard()).length, 2);
  t.like(await board.memory(), { buffers: 2, bytes: 2 * MiB });
  await (await Session.open(agent)).map(2 * MiB);
});

// holds: abi#max-file-mib-default
boardTest('a file without a limit of its own may have as much as all files', async ({ t, agent, board }) => {
  await board.setParameter('max_mib', 2);
  const session = await Session.open(agent);
  await session.map(2 * MiB);
  await fails(t, 'EDQUOT', session.map(4096));
});

// holds: abi#max-mib-default
boardTest('without a limit all files may have a quarter of memory, and not a page more', async ({ t, agent }) => {
  const kib = /^MemTotal: +(\d+) kB$/m.exec(await agent.readFile('/proc/meminfo'))?.[1];
  const quarter = Math.floor(Number(kib) / 4 / 4) * 4096;
  t.true(quarter > MiB);
  const file = await RecordFile.open(agent);
  await fails(t, 'EDQUOT', file.allocate(quarter + 4096));
  // The limit lets this through. Whether the memory has so much in one piece is another matter.
  const outcome = await file.allocate(quarter).then(
    () => 'allocated',
    (error: unknown) => (error instanceof SystemCallError ? error.errno : error),
  );
  t.true(outcome === 'allocated' || outcome === 'ENOMEM', String(outcome));
});

// holds: abi#max-file-mib-until
boardTest('a buffer counts until it is freed, whether it is mapped or not', async ({ t, agent, board }) => {
  await board.setParameter('max_file_mib', 1);
  const file = await RecordFile.open(agent);
  const { offset } = await file.allocate(MiB);
  const mapping = await map(agent, file.fd, MiB, offset);
  await mapping.unmap();
  await fails(t, 'EDQUOT', file.allocate(4096));
  await map(agent, file.fd, MiB, offset);
  await file.free(0);
  await file.allocate(MiB);
});

// holds: abi#max-mib, abi#edquot, abi#limits-at-any-time, abi#memory-retired
boardTest('bytes of all files, retired memory included', async ({ t, agent, coprocessor, board }) => {
  await board.setParameter('max_mib', 3);
  const first = await Session.open(agent);
  await first.map(2 * MiB);
  const second = await Session.open(agent);
  await fails(t, 'EDQUOT', second.map(MiB + 4096));
  await second.map(MiB);
  await first.end();
  // The coprocessor still knows this memory. So it serves a buffer of the same size, and no other.
  const third = await Session.open(agent);
  await fails(t, 'EDQUOT', third.map(4096));
  t.like(await board.memory(), { bytes: 3 * MiB, retiredBytes: 2 * MiB });
  await third.map(2 * MiB);
  t.like(await board.memory(), { bytes: 3 * MiB, retiredBytes: 0 });
  t.is((await coprocessor.heard()).length, 3);
});

boardTest(
  'more than there is: an errno, and everything that was allocated before still works',
  async ({ t, agent, coprocessor, board }) => {
    const session = await Session.open(agent);
    let count = 0;
    for (; count < 200; count++) {
      const errno = await session.map(8 * MiB).then(
        () => undefined,
        (error: unknown) => (error instanceof SystemCallError ? error.errno : error),
      );
      if (errno === undefined) continue;
      t.true(errno === 'ENOMEM' || errno === 'EDQUOT');
      break;
    }
    t.true(count > 0 && count < 200);
    t.like(await board.memory(), { buffers: count });
    const known = await coprocessor.buffers();
    t.is(known.length, count);
    await coprocessor.fill(count - 1, 4096, 1);
    t.is(await session.size(count - 1), 4096);
  },
  { timeout: 60_000 },
);

// holds: abi#max-buffers
boardTest(
  'a thousand buffers in one file',
  async ({ t, agent, board }) => {
    const session = await Session.open(agent);
    await agent.mmaps(1024, 4096, session.fd);
    await fails(t, 'EDQUOT', session.map(4096));
    t.like(await board.memory(), { buffers: 1024 });
  },
  { timeout: 60_000 },
);
