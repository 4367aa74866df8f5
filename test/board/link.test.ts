// SPDX-License-Identifier: MIT
// The node and its link: there while the channel is.
import { device, deviceLink } from '../../scripts/lib/board/agent/abi-v1.ts';
import { O_RDWR } from '../../scripts/lib/board/agent/constants.ts';
import { awaitPath } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { Session } from './fixture/session.ts';

// holds: abi#device-comes-and-goes
boardTest('the node is there while the coprocessor runs', async ({ t, agent, remoteproc, board }) => {
  t.true(await board.isThere(device));
  await remoteproc.stop();
  await awaitPath(board, device, false);
  await fails(t, 'ENOENT', agent.open(device, O_RDWR));
  await remoteproc.start();
  await awaitPath(board, device);
  await agent.open(device, O_RDWR);
});

// holds: abi#device-comes-and-goes
boardTest(
  'the node goes and comes with the channel alone, the coprocessor running on',
  async ({ t, agent, coprocessor, remoteproc, board }) => {
    await coprocessor.request('channel destroy');
    await awaitPath(board, device, false);
    await fails(t, 'ENOENT', agent.open(device, O_RDWR));
    await coprocessor.request('channel create');
    await awaitPath(board, device);
    await agent.open(device, O_RDWR);
    t.is(await remoteproc.state(), 'running');
  },
);

// holds: abi#udev-link
boardTest("ST's name for the node is a link to it", async ({ t, agent, coprocessor, board }) => {
  await awaitPath(board, deviceLink);
  const session = await Session.open(agent, O_RDWR, deviceLink);
  await session.map(4096);
  await coprocessor.fill(0, 4096);
  t.is(await session.size(0), 4096);
});
