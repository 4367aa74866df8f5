// SPDX-License-Identifier: MIT
// More than one channel of one coprocessor. Linux makes these channels itself, and nobody answers behind them.
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { PEER_HANDOVER, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { O_RDWR, POLLERR, POLLHUP, POLLIN } from '../../scripts/lib/board/agent/constants.ts';
import { logEnd, logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import type { Task } from '../../scripts/lib/board/agent/task.ts';
import { boardTest } from './fixture/board-test.ts';
import { withParameters } from './fixture/driver-module.ts';
import { fails } from './fixture/errno.ts';
import { Session } from './fixture/session.ts';
import { until } from './fixture/until.ts';

/** Requests of /dev/rpmsg_ctrl0: see <linux/rpmsg.h>. */
const RPMSG_CREATE_DEV = 0x4028b503;
const RPMSG_RELEASE_DEV = 0x4028b504;
const ANY_ADDRESS = 0xffffffff;

/** The first of the addresses that nobody else has. */
const firstSource = 0x600;

/** struct rpmsg_endpoint_info of a channel of our driver's name. */
function channel(source: number, destination: number): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('rpmsg-sdb-channel');
  bytes.writeUInt32LE(source, 32);
  bytes.writeUInt32LE(destination, 36);
  return bytes;
}

async function createChannel(agent: Task, source: number, destination = source): Promise<() => Promise<void>> {
  const control = await agent.open('/dev/rpmsg_ctrl0', O_RDWR);
  const ask = async (request: number): Promise<void> => {
    const { errno } = await agent.ioctl(control, request, channel(source, destination));
    if (errno !== undefined) throw new Error(`a channel with the source ${String(source)}: ${errno}`);
  };
  await ask(RPMSG_CREATE_DEV);
  return async () => {
    await ask(RPMSG_RELEASE_DEV);
    await agent.close(control);
  };
}

// holds: abi#device-comes-and-goes, abi#pollhup, abi#enodev, abi#enodev-mappings-stay
boardTest(
  'a second channel has a node and indexes of its own, and memory in common with the first',
  async ({ t, agent, board, coprocessor }) => {
    const release = await createChannel(agent, firstSource);
    const first = await Session.open(agent);
    const second = await Session.open(agent, O_RDWR, `${device}1`);
    await first.map(4096);
    const mapping = await second.map(8192);
    t.is((await coprocessor.heard()).length, 1, 'the second is announced to somebody else');
    t.like(await board.memory(), { buffers: 2, bytes: 12_288 });

    await release();
    t.false(await board.isThere(`${device}1`));
    const [events = 0] = await agent.poll(1000, { fd: second.fd, events: POLLIN });
    t.is(events & (POLLHUP | POLLERR), POLLHUP | POLLERR);
    await fails(t, 'ENODEV', second.size(0));
    t.is((await mapping.peek(0, 4)).length, 4);
    await second.end();
    t.like(await board.memory(), { retiredBuffers: 1 });

    await coprocessor.fill(0, 4096);
    t.is(await first.size(0), 4096);
  },
);

// holds: abi#count-unsent, abi#log-first-unsent
boardTest('a channel that cannot be sent on: its buffers are nobody else’s, and go', async ({ t, agent, board }) => {
  const from = await logEnd(board.observer);
  // Linux itself refuses to send to this address.
  const release = await createChannel(agent, firstSource, ANY_ADDRESS);
  const file = new RecordFile(agent, await agent.open(`${device}1`, O_RDWR));
  await file.allocate(4096);
  t.like(await board.memory(), { buffers: 1 });
  await file.free(0);
  t.like(await board.memory(), { buffers: 0, retiredBuffers: 0 });
  await file.allocate(4096);
  const said = (await logSince(board.observer, from)).map(({ text }) => text);
  const failures = said.filter((text) => text.includes('cannot send'));
  t.is(failures.length, 1, 'once a channel');
  t.regex(failures[0] ?? '', /cannot send for buffer 0: error -22; from now on only counted$/);
  t.is((await agent.readFile('/sys/class/rpmsg_sdb/rpmsg_sdb1/unsent')).trim(), '2');
  await release();
});

// holds: abi#eio
boardTest(
  'a buffer whose announcement could not be sent cannot be handed over',
  (s) =>
    withParameters(s, `peer=${String(PEER_HANDOVER)}`, async () => {
      const agent = await s.board.newAgent();
      const release = await createChannel(agent, firstSource, ANY_ADDRESS);
      const file = new RecordFile(agent, await agent.open(`${device}1`, O_RDWR));
      await file.allocate(4096);
      await fails(s.t, 'EIO', file.write({ buffer: 0 }));
      await release();
    }),
  { timeout: 60_000 },
);

boardTest('sixteen channels and no more; each is as good as the first', async ({ t, agent, board }) => {
  const nodes = async (): Promise<string[]> =>
    (await agent.list('/dev')).filter((name) => /^rpmsg_sdb\d*$/.test(name)).sort();
  const releases: (() => Promise<void>)[] = [];
  for (let i = 0; i < 17; i++) releases.push(await createChannel(agent, firstSource + i));
  const sixteen = await until('sixteen nodes', nodes, (names) => names.length === 16);
  for (const name of sixteen) await (await Session.open(agent, O_RDWR, `/dev/${name}`)).map(4096);
  t.like(await board.memory(), { buffers: 16 });
  for (const release of releases) await release();
  t.deepEqual(await until('the nodes to go', nodes, (names) => names.length === 1), ['rpmsg_sdb']);
});
