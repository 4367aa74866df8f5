// SPDX-License-Identifier: MIT
// The other scenarios take for granted that they run on the cores they asked for. Here that is tested.
import { coresOfThisProcess } from '../../scripts/lib/run/tests/cores.ts';
import type { Task } from '../../scripts/lib/board/agent/task.ts';
import { boardTest } from './fixture/board-test.ts';

/** Counts the cores of a list as Linux writes it: 0-1,3. */
async function count(agent: Task, which: 'online' | 'present'): Promise<number> {
  const text = await agent.readFile(`/sys/devices/system/cpu/${which}`);
  return text
    .trim()
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

boardTest('a scenario runs on as many cores as its host has to give', async ({ t, agent }) => {
  t.is(await count(agent, 'online'), Math.min(coresOfThisProcess() ?? Infinity, await count(agent, 'present')));
});

boardTest(
  'a scenario about calls at the same time runs on all cores',
  async ({ t, agent }) => {
    t.is(await count(agent, 'online'), await count(agent, 'present'));
  },
  { allCores: true },
);
