// SPDX-License-Identifier: MIT
// What sysfs and tracefs tell of the driver. Other scenarios look at the counters.
import { PEER_HANDOVER, PEER_WITHDRAWAL, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { agreeOn } from './fixture/features.ts';
import { traced } from './fixture/tracing.ts';

const size = 8192;

// holds: abi#count-peer
boardTest('sysfs tells which features the coprocessor said', async ({ t, agent, coprocessor }) => {
  const said = async (): Promise<number> => Number(await agent.readFile('/sys/class/rpmsg_sdb/rpmsg_sdb/peer'));
  const file = await RecordFile.open(agent);
  await file.allocate(size);
  t.is(await said(), 0);
  await agreeOn(coprocessor, file, PEER_HANDOVER | PEER_WITHDRAWAL);
  t.is(await said(), PEER_HANDOVER | PEER_WITHDRAWAL);
});

// holds: abi#address-limit-read-only, abi#peer-read-only
boardTest('address_limit and peer cannot be changed once the driver is loaded', async ({ t, agent }) => {
  for (const name of ['address_limit', 'peer']) {
    const path = `/sys/module/rpmsg_sdb/parameters/${name}`;
    const before = await agent.readFile(path);
    await fails(t, 'EACCES', agent.writeFile(path, '4096'));
    t.is(await agent.readFile(path), before);
  }
});

// holds: abi#trace-drop
boardTest('a record that is dropped is traced with the reason', async ({ t, agent, coprocessor, board }) => {
  const file = await RecordFile.open(agent);
  await file.allocate(size);
  const drops = await traced(board, 'drop', async () => {
    for (const text of ['B0L0000000g', 'B0A50000000L00001000', 'B7L00000001', 'B0L00002001'])
      await coprocessor.say(text);
  });
  t.deepEqual(
    drops.map((line) => line.split(' ')[0]),
    ['reason=malformed', 'reason=unexpected', 'reason=unknown_buffer', 'reason=too_long'],
  );
  t.deepEqual(drops.slice(2), ['reason=unknown_buffer index=7 length=0x1', 'reason=too_long index=0 length=0x2001']);
});

// holds: abi#trace-retire-reuse
boardTest('memory that is retired, and that serves again, is traced', async ({ t, agent, board }) => {
  const file = await RecordFile.open(agent);
  await file.allocate(size);
  const { address } = await file.buffer(0);
  const place = `index=0 address=0x${address.toString(16)} size=0x${size.toString(16)}`;
  t.deepEqual(await traced(board, 'retire', () => file.free(0)), [place]);
  const reused = await traced(board, 'reuse', async () => {
    await file.allocate(size);
  });
  t.deepEqual(reused, [place]);
});
