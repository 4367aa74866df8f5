// SPDX-License-Identifier: MIT
// A region of the device tree for the driver's buffers alone. All buffers lie in it. When it is full, there are no
// more.
import { CACHED, PINNABLE, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { logEnd, logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import { awaitNoUsers } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { withCameras } from './fixture/cameras.ts';
import { driverModule } from './fixture/driver-module.ts';
import { fails } from './fixture/errno.ts';
import { map } from './fixture/mapping.ts';
import { pinPage } from './fixture/pinned-page.ts';
import { chooseRegion, findRegion, withPages, withRegion } from './fixture/region.ts';
import { Session, setUpBuffers, takeSignals } from './fixture/session.ts';
import { until } from './fixture/until.ts';

const MiB = 1 << 20;
/** A value that the buffers are set to before; no test picture is made of it. */
const blank = 0xa5;
/** Maps buffers until there are no more. Returns how many there were, and the error. */
async function exhaust(session: Session, length: number, atMost: number): Promise<{ count: number; errno: string }> {
  for (let count = 0; count < atMost; count++) {
    try {
      await session.map(length);
    } catch (error) {
      if (error instanceof SystemCallError) return { count, errno: error.errno };
      throw error;
    }
  }
  return { count: atMost, errno: 'none' };
}

for (const [kind, within, needed] of [
  ['a region', withRegion, 'region'],
  ['a region with pages', withPages, 'region-of-pages'],
] as const) {
  // holds: abi#region
  boardTest(
    `buffers lie in ${kind}, work, and their memory serves again, zeroed`,
    (s) =>
      within(s, async ({ first, end }) => {
        const { t, agent, coprocessor } = s;
        const session = await Session.open(agent);
        const buffers = await setUpBuffers(session, 3, MiB);
        await setUpBuffers(await Session.open(agent), 1, 4096);
        const known = await coprocessor.buffers();
        t.is(known.length, 4);
        for (const { address, length } of known) t.true(address >= first && address + length <= end, String(address));
        await coprocessor.fill(1, MiB, 5);
        t.is(await takeSignals(agent, buffers[1]?.eventfd ?? -1, 1), 1);
        t.like(await buffers[1]?.mapping.verify(1, 5), { wrong: 0 });
        await session.end();
        const again = await setUpBuffers(await Session.open(agent), 2, MiB);
        t.is(await agent.countDifferent(again[1]?.mapping.address ?? 0, MiB, 0), 0);
        t.is((await coprocessor.buffers())[1]?.address, known[1]?.address);
      }),
    { needs: [needed], timeout: 60_000 },
  );
}

// holds: abi#region, abi#enomem
boardTest(
  'a region that is full is ENOMEM, and nothing comes from elsewhere; what is given back is there again',
  (s) =>
    withRegion(s, async ({ first, end }) => {
      const { t, agent, board, coprocessor } = s;
      const room = (end - first) / MiB;
      const session = await Session.open(agent);
      t.deepEqual(await exhaust(session, MiB, room + 1), { count: room, errno: 'ENOMEM' });
      t.like(await board.memory(), { buffers: room });
      t.is((await coprocessor.buffers()).length, room);
      await coprocessor.fill(room - 1, 4096, 1);
      t.is(await session.size(room - 1), 4096);
      await session.end();
      // The coprocessor may still write to this memory. So it serves only buffers of the same size.
      const next = await Session.open(agent);
      await fails(t, 'ENOMEM', next.map(8192));
      await next.map(MiB);
      await next.end();
      await board.renew();
      const last = await Session.open(agent);
      t.is((await exhaust(last, 2 * MiB, room)).count, room / 2);
    }),
  { needs: ['region'], timeout: 60_000 },
);

boardTest(
  'limits hold in a region too',
  (s) =>
    withRegion(
      s,
      async () => {
        const session = await Session.open(s.agent);
        s.t.deepEqual(await exhaust(session, MiB, 9), { count: 3, errno: 'EDQUOT' });
      },
      'max_mib=3',
    ),
  { needs: ['region'], timeout: 60_000 },
);

boardTest(
  'a region beyond address_limit gives nothing',
  (s) =>
    withRegion(
      s,
      async ({ first }) => {
        const session = await Session.open(s.agent);
        s.t.true(first > 0x50000000);
        await fails(s.t, 'ENOMEM', session.map(4096));
        s.t.like(await s.board.memory(), { buffers: 0, bytes: 0 });
      },
      `address_limit=${String(0x50000000)}`,
    ),
  { needs: ['region'], timeout: 60_000 },
);

// holds: abi#region-no-map, abi#eopnotsupp-cached
boardTest(
  'cached memory is Linux’s own, so there is none in a region',
  (s) =>
    withRegion(s, async () => {
      const file = await RecordFile.open(s.agent);
      await fails(s.t, 'EOPNOTSUPP', file.allocate(4096, CACHED));
      await fails(s.t, 'EOPNOTSUPP', file.allocate(8 * MiB, CACHED));
      s.t.like(await s.board.memory(), { buffers: 0 });
      s.t.is((await file.query()).capabilities & 4, 0);
      await file.allocate(4096);
    }),
  { needs: ['region'], timeout: 60_000 },
);

// holds: abi#region-no-map, abi#eopnotsupp-export
boardTest(
  'what lies in a region is not exported: Linux has no pages of it to hand out',
  (s) =>
    withRegion(s, async () => {
      const file = await RecordFile.open(s.agent);
      const { buffer } = await file.allocate(8192);
      await fails(s.t, 'EOPNOTSUPP', file.export(buffer));
    }),
  { needs: ['region'], timeout: 60_000 },
);

const refusals = [
  ['lent to Linux', 'reusable'],
  ['disabled', 'disabled'],
] as const;

for (const [what, wanted] of refusals)
  // holds: abi#region-refused, abi#region-disabled
  boardTest(
    `a region that is ${what} is refused: there is no device, and the log says why`,
    (s) =>
      withRegion(s, async () => {
        const { board, remoteproc, t } = s;
        await remoteproc.stop();
        await chooseRegion(board.observer, wanted);
        const from = await logEnd(board.observer);
        await remoteproc.start();
        await until(
          'the driver to say why',
          () => logSince(board.observer, from),
          (lines) => lines.some(({ text }) => text.includes('it must not be reusable')),
        );
        t.false(await board.isThere('/dev/rpmsg_sdb'));
        await chooseRegion(board.observer, '1');
        await board.renew();
        await (await RecordFile.open(await board.newAgent())).allocate(4096);
      }),
    { needs: ['region'], timeout: 60_000 },
  );

// holds: abi#region-disabled-node
boardTest(
  'a node that is disabled counts as none: a buffer lies in no region',
  async ({ agent, t }) => {
    const file = await RecordFile.open(agent);
    await file.allocate(MiB);
    const { address } = await file.buffer(0);
    for (const node of ['sdb@', 'sdb-pages@']) {
      const { first, end } = await findRegion(agent, node);
      t.true(address >= end || address + MiB <= first, `${address.toString(16)}, ${node}`);
    }
  },
  { needs: ['region'] },
);

// holds: abi#region-of-each
boardTest(
  "a coprocessor's own region goes before the one for all",
  (s) =>
    withRegion(
      s,
      async ({ first, end }) => {
        const file = await RecordFile.open(s.agent);
        await file.allocate(end - first, CACHED);
        s.t.is((await file.buffer(0)).address, first);
      },
      '',
      'own',
    ),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

// holds: abi#region-shared
boardTest(
  'two remote processors that share a region have a pool each, and neither gets memory of the other',
  (s) =>
    withPages(s, async ({ first, end }) => {
      const { t, agent, remoteproc } = s;
      const room = (end - first) / MiB;
      const old = await RecordFile.open(agent);
      const [cached, uncached] = [await old.allocate(MiB, CACHED), await old.allocate(MiB)];
      const taken = [await old.buffer(cached.buffer), await old.buffer(uncached.buffer)].map(({ address }) => address);
      const mappings = [
        await map(agent, old.fd, MiB, cached.offset),
        await map(agent, old.fd, MiB, uncached.offset),
      ] as const;
      for (const mapping of mappings) await mapping.poke(0, Buffer.from('kept'));

      // The first one goes while its memory is in use. What comes is another one for Linux.
      const firmware = await remoteproc.firmware();
      await remoteproc.withoutDriver(() => fails(t, 'ENODEV', old.query()));
      await remoteproc.setFirmware(firmware);
      await remoteproc.start();
      await s.board.waitReady();
      const next = await RecordFile.open(agent);
      for (let i = 0; i < room - taken.length; i++) {
        const { buffer } = await next.allocate(MiB, i % 2 === 0 ? CACHED : 0);
        t.false(taken.includes((await next.buffer(buffer)).address));
      }
      for (const flags of [0, CACHED]) await fails(t, 'ENOMEM', next.allocate(MiB, flags));
      const own = await agent.readFile('/sys/class/rpmsg_sdb/rpmsg_sdb/memory/buffers');
      t.is(Number(own), room - taken.length, 'the pool of the second one has its own buffers only');
      for (const mapping of mappings) {
        t.is((await mapping.peek(0, 4)).toString(), 'kept');
        await mapping.unmap();
      }
      await agent.close(old.fd);
      for (const flags of [0, CACHED]) await next.allocate(MiB, flags);
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

// holds: abi#region-with-pages, abi#region, abi#cached-is-pinnable
boardTest(
  'a region with pages serves every kind of buffer; all lie in it, and cached ones are pinnable at any size',
  (s) =>
    withPages(s, async ({ first, end }) => {
      const { t, agent, coprocessor } = s;
      const file = await RecordFile.open(agent);
      t.is((await file.query()).capabilities & 4, 4);
      for (const [i, flags] of [0, CACHED, 0, CACHED].entries()) {
        const size = i < 2 ? 64 * 1024 : 5 * MiB;
        const { buffer, offset } = await file.allocate(size, flags);
        const place = await file.buffer(buffer);
        t.true(place.address >= first && place.address + size <= end, place.address.toString(16));
        t.is(place.flags, flags === 0 ? 0 : CACHED | PINNABLE);
        const mapping = await map(agent, file.fd, size, offset);
        t.is(await agent.countDifferent(mapping.address, size, 0), 0);
        await coprocessor.fill(buffer, size, 3 + i);
        t.like(await file.read(), [{ buffer, length: size }]);
        t.like(await mapping.verify(buffer, 3 + i), { wrong: 0 });
        const dmabuf = await map(agent, await file.export(buffer), size);
        t.like(await dmabuf.verify(buffer, 3 + i), { wrong: 0 });
      }
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

boardTest(
  'a cached buffer of a region with pages that was freed serves again, zeroed',
  (s) =>
    withPages(s, async () => {
      const { t, agent, coprocessor } = s;
      const file = await RecordFile.open(agent);
      const old = await file.allocate(MiB, CACHED);
      const { address } = await file.buffer(old.buffer);
      await coprocessor.fill(old.buffer, MiB, 5);
      t.like(await file.read(), [{ buffer: old.buffer, length: MiB }]);
      await file.free(old.buffer);
      const again = await file.allocate(MiB, CACHED);
      t.is((await file.buffer(again.buffer)).address, address);
      const mapping = await map(agent, file.fd, MiB, again.offset);
      t.is(await agent.countDifferent(mapping.address, MiB, 0), 0);
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

// holds: abi#region, abi#enomem
boardTest(
  'a region with pages that is full is ENOMEM for every kind, and nothing comes from elsewhere',
  (s) =>
    withPages(s, async ({ first, end }) => {
      const { t, agent, board } = s;
      const room = (end - first) / MiB;
      const file = await RecordFile.open(agent);
      for (let i = 0; i < room; i++) await file.allocate(MiB, i % 2 === 0 ? CACHED : 0);
      for (const flags of [0, CACHED]) await fails(t, 'ENOMEM', file.allocate(4096, flags));
      await agent.close(file.fd);
      // Memory that the coprocessor may still write to is not given out again.
      const next = await RecordFile.open(agent);
      await fails(t, 'ENOMEM', next.allocate(8192, CACHED));
      await agent.close(next.fd);
      await board.renew();
      const last = await RecordFile.open(agent);
      await last.allocate(end - first, CACHED);
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

// holds: abi#pin-outlives
boardTest(
  'a pinned page of a region serves nobody until it is let go, though the coprocessor was stopped and the module was gone',
  (s) =>
    withPages(s, async ({ first, end }) => {
      const { t, agent } = s;
      const page = 4096;
      const file = await RecordFile.open(agent);
      const { offset } = await file.allocate(MiB, CACHED);
      const { address } = await file.buffer(0);
      const mapping = await map(agent, file.fd, MiB, offset);
      await mapping.poke(0, Buffer.from('pinned'));
      const letGo = await pinPage(agent, mapping.address);
      await mapping.unmap();
      await agent.close(file.fd);
      await s.remoteproc.stop();
      await awaitNoUsers(s.board);
      const module = await driverModule(agent);
      await module.unload();
      await agent.call(module.load);
      await s.remoteproc.start();
      await s.board.waitReady();

      const next = await RecordFile.open(agent);
      await fails(t, 'ENOMEM', next.allocate(end - first, CACHED));
      await next.allocate(MiB, CACHED);
      t.is((await next.buffer(0)).address, address + page);
      t.is((await letGo()).toString('latin1', 0, 6), 'pinned');
      await next.allocate(page, CACHED);
      t.is((await next.buffer(1)).address, address);
    }),
  { needs: ['region-of-pages'], timeout: 60_000 },
);

// holds: abi#dma-buf-drivers, abi#region-takes-no-addresses
boardTest(
  'a write-combined buffer of a region takes none of the kernel’s addresses, but for a driver that asks for one',
  (s) =>
    withPages(s, async () => {
      const { t, agent, board } = s;
      const taken = async () =>
        (await board.shell('cat /proc/vmallocinfo')).match(/\[rpmsg_sdb\].* vmap/g)?.length ?? 0;
      await withCameras(s, async (_, scattered) => {
        const frame = await scattered.setFormat(320, 180);
        const file = await RecordFile.open(agent);
        const { size, offset } = await file.allocate(frame);
        const mapping = await map(agent, file.fd, size, offset);
        await agent.set(mapping.address, size, blank);
        t.is(await taken(), 0);
        // The CPU writes this camera's pictures.
        t.is(await scattered.captureInto(await file.export(0)), frame);
        const different = await agent.countDifferent(mapping.address, frame, blank);
        t.true(different > frame * 0.9, `${String(different)} of ${String(frame)} bytes are a picture`);
      });
      t.is(await taken(), 0);
    }),
  { needs: ['region-of-pages', 'vivid'], timeout: 60_000 },
);
