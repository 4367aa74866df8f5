// SPDX-License-Identifier: MIT
// A coprocessor lets go of buffers. Its confirmations are no transfers, however late they come.
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { PEER_HANDOVER, PEER_WITHDRAWAL, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  MAP_PRIVATE,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  PROT_READ,
  PROT_WRITE,
} from '../../scripts/lib/board/agent/constants.ts';
import { awaitMemory } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { Silence } from './fixture/silence.ts';
import { until } from './fixture/until.ts';

const withdraws = PEER_HANDOVER | PEER_WITHDRAWAL;
const driver = '/sys/bus/rpmsg/drivers/rpmsg_sdb';

// holds: protocol#empty-is-a-transfer
boardTest('an empty transfer of a coprocessor that confirms nothing is an event', async ({ t, agent, coprocessor }) => {
  const file = await RecordFile.open(agent, O_RDWR | O_NONBLOCK);
  await file.allocate(4096);
  await coprocessor.say('B0L00000000');
  t.like(await file.read(), [{ buffer: 0, length: 0, missed: 0 }]);
});

// holds: protocol#unexpected-confirmation, protocol#empty-is-a-confirmation, abi#count-dropped
boardTest('a confirmation that nobody asked for is dropped and counted', async ({ t, agent, coprocessor, board }) => {
  const file = await RecordFile.open(agent, O_RDWR | O_NONBLOCK);
  await file.allocate(4096);
  await agreeOn(coprocessor, file, withdraws);
  await coprocessor.say('B0L00000000');
  await coprocessor.fill(0, 8);
  t.like(await file.read(), [{ buffer: 0, length: 8, missed: 0, sequence: 0 }]);
  await fails(t, 'EAGAIN', file.read());
  t.like(await board.counters(), { unexpected: 1, transfers: 1 });
});

// holds: protocol#empty-is-a-confirmation, protocol#late-confirmation
boardTest('a confirmation that comes when another driver has the channel is no transfer of its buffer', async (s) => {
  const { t, agent, coprocessor, board } = s;
  const before = await RecordFile.open(agent);
  await before.allocate(4096);
  const silence = await Silence.prepare(s);
  await agreeOn(coprocessor, before, withdraws);
  // The coprocessor hears of all that follows only at the end.
  await silence.begin();
  await before.free(0);
  await agent.close(before.fd);
  const channel = (await agent.list(driver)).find((name) => name.includes('rpmsg-sdb-channel')) ?? '';
  await agent.writeFile(`${driver}/unbind`, channel);
  await agent.writeFile(`${driver}/bind`, channel);
  const file = await RecordFile.open(agent, O_RDWR | O_NONBLOCK);
  await file.allocate(8192);
  t.is((await file.query()).peer, 0);
  t.is((await file.buffer(0)).index, 0);
  await silence.end();
  await until(
    'the features',
    () => file.query(),
    (query) => query.peer === withdraws,
  );
  t.like(await board.counters(), { unexpected: 1, transfers: 0 });
  await fails(t, 'EAGAIN', file.read());
  // What is withdrawn now waits for an answer of its own. Only memory of the driver that was unbound stays: one retired
  // buffer, and one whose file is still open.
  await file.free(0);
  await awaitMemory(board, { buffers: 2 });
  t.like(await board.memory(), { retiredBuffers: 1, retiredBytes: 4096 });
});

// holds: abi#withdrawn-serves-next, abi#eacces
boardTest(
  'a call that fails leaves a buffer withdrawn that it had taken back: its memory goes when that is confirmed',
  async (s) => {
    const { t, agent, coprocessor, board } = s;
    const file = await RecordFile.open(agent);
    await file.allocate(4096);
    const silence = await Silence.prepare(s);
    await agreeOn(coprocessor, file, withdraws);
    const reader = await agent.open(device, O_RDONLY);
    await silence.begin();
    await file.free(0);
    t.like(await board.memory(), { buffers: 2, retiredBuffers: 0 });
    await fails(t, 'EACCES', agent.mmap(4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader));
    t.like(await board.memory(), { buffers: 2, retiredBuffers: 0 });
    await silence.end();
    await silence.close();
    await awaitMemory(board, { buffers: 0 });
    t.deepEqual(await coprocessor.buffers(), []);
  },
);
