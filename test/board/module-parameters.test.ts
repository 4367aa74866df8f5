// SPDX-License-Identifier: MIT
// Parameters that are given when the driver is loaded.
import {
  CACHED,
  PEER_BATCH,
  PEER_HANDOVER,
  PEER_WITHDRAWAL,
  RecordFile,
} from '../../scripts/lib/board/agent/abi-v2.ts';
import { logEnd, logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import { awaitNoUsers } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { driverModule, withParameters } from './fixture/driver-module.ts';
import { fails } from './fixture/errno.ts';
import { Session } from './fixture/session.ts';

const MiB = 1 << 20;

// holds: abi#address-limit, abi#enomem, protocol#addresses-below-limit
boardTest(
  'address_limit below all memory: nothing is to be had, of any kind, and the driver says why, once, if it was given any',
  async (s) => {
    const limit = 16 * MiB;
    await withParameters(s, `address_limit=${String(limit)}`, async () => {
      const agent = await s.board.newAgent();
      const from = await logEnd(s.board.observer);
      const file = await RecordFile.open(agent);
      s.t.is((await file.query()).addressLimit, limit);
      for (const flags of [0, CACHED])
        for (const size of [4096, 8 * MiB]) await fails(s.t, 'ENOMEM', file.allocate(size, flags));
      await fails(s.t, 'ENOMEM', (await Session.open(agent)).map(4096));
      s.t.like(await file.query(), { buffers: 0, bytes: 0 });
      s.t.like(await s.board.memory(), { buffers: 0, bytes: 0 });
      s.t.deepEqual(await s.coprocessor.heard(), []);
      const said = (await logSince(s.board.observer, from)).map(({ text }) => text);
      // On 64 bits the DMA layer looks for memory that the coprocessor reaches, and has nothing to say.
      const isToldOf = (await s.board.shell('uname -m')).startsWith('armv');
      s.t.is(said.filter((text) => text.includes('is beyond address_limit')).length, isToldOf ? 1 : 0);
    });
  },
  { timeout: 60_000 },
);

boardTest('address_limit with no room for a page: the driver is not loaded, and says why', async (s) => {
  const from = await logEnd(s.board.observer);
  await s.remoteproc.stop();
  await awaitNoUsers(s.board);
  const module = await driverModule(s.agent, 'address_limit=4095');
  await (await driverModule(s.agent)).unload();
  try {
    await fails(s.t, 'EINVAL', s.agent.call(module.load));
  } finally {
    await s.agent.call((await driverModule(s.agent)).load);
  }
  const said = (await logSince(s.board.observer, from)).map(({ text }) => text);
  s.t.true(said.some((text) => text.includes('address_limit=0xfff leaves no room')));
});

// holds: abi#peer, protocol#peer-parameter, protocol#bit-records
boardTest(
  'peer says for a coprocessor what it cannot say itself',
  async (s) => {
    await withParameters(s, 'peer=0xff', async () => {
      const file = await RecordFile.open(await s.board.newAgent());
      s.t.is((await file.query()).peer, PEER_HANDOVER | PEER_WITHDRAWAL | PEER_BATCH);
      await file.allocate(4096);
      await file.allocate(4096);
      await s.coprocessor.heard();
      s.t.is(await file.write({ buffer: 0, length: 1 }, { buffer: 1 }), 64);
      s.t.deepEqual(await s.coprocessor.heard(), ['B0L00000001B1L00000000']);
    });
  },
  { timeout: 60_000 },
);

// holds: abi#max-buffers, abi#max-file-mib, abi#max-mib
boardTest(
  'limits given when the driver is loaded hold from the first file on',
  async (s) => {
    await withParameters(s, 'max_buffers=2 max_mib=1 max_file_mib=1', async () => {
      const file = await RecordFile.open(await s.board.newAgent());
      s.t.like(await file.query(), { maxBuffers: 2, maxBytes: MiB });
      await fails(s.t, 'EDQUOT', file.allocate(MiB + 1));
      await file.allocate(4096);
      await file.allocate(4096);
      await fails(s.t, 'EDQUOT', file.allocate(4096));
    });
  },
  { timeout: 60_000 },
);
