// SPDX-License-Identifier: MIT
// Eight threads at once ask of the driver whatever a program may ask. They get the errors that the manual has, and no
// others.
import { attack as attackDevice, type AttackCounts } from '../../scripts/lib/board/agent/attack.ts';
import { isSoak } from '../../scripts/lib/base/record/soak.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { rounds } from './fixture/rounds.ts';
import { anySeed } from './fixture/seed.ts';
import { until } from './fixture/until.ts';
import { Session, setUpBuffers, takeSignals } from './fixture/session.ts';

const milliseconds = rounds(800, 600_000);

/**
 * What an attack must have reached, since one that reached nothing proves nothing. In a soak it must also have reached
 * what one second may leave out by chance.
 */
const least: readonly (keyof AttackCounts)[] = isSoak()
  ? ['opened', 'mapped', 'ioctls', 'touched', 'forked']
  : ['opened', 'mapped'];
const turns = 10;

/**
 * Attacks for so many milliseconds. On a board that was too busy to reach anything, it attacks again, for longer. The
 * seed stands in the kernel's log too, which outlives a panic.
 */
async function attack({ t, agent }: Scenario, seed: number, duration: number): Promise<void> {
  for (let turn = 1; turn <= turns; turn++) {
    await agent.call(`kmsg-note attack with seed ${seed}`);
    const counts = await attackDevice(agent, seed, turn * duration);
    t.log(JSON.stringify(counts));
    if (least.every((name) => counts[name] > 0)) return;
  }
  t.fail(`in none of ${turns} attacks all of ${least.join(', ')}`);
}

/** The device works for a program that has done nothing wrong. */
async function worksAfterwards({ t, agent, coprocessor, board }: Scenario): Promise<void> {
  await board.waitReady();
  await coprocessor.request('reset');
  await coprocessor.heard();
  const session = await Session.open(agent);
  const [only] = await setUpBuffers(session, 1, 12288);
  // Buffers of the attack may still be withdrawn, before this one is announced and after it.
  let index = NaN;
  await until(
    'the announcement',
    async () => {
      const announced = (await coprocessor.heard()).map((text) => /^B(\d+)A[0-9a-f]{8}L00003000$/.exec(text)?.[1]);
      index = Number(announced.findLast((digits) => digits !== undefined) ?? index);
      return index;
    },
    Number.isInteger,
  );
  await coprocessor.fill(index, 12288, 3);
  t.is(await takeSignals(agent, only?.eventfd ?? -1, 1), 1);
  t.like(await only?.mapping.verify(index, 3), { wrong: 0 });
}

for (const [name, seed] of [
  ['always the same', 1],
  ['another each time', anySeed()],
] as const) {
  boardTest(
    `random system calls from eight threads, the seed ${name}`,
    async (s) => {
      await s.board.setParameter('max_mib', 24);
      await s.coprocessor.request('stream 4096 0 400 fill=no');
      await attack(s, seed, milliseconds);
      await worksAfterwards(s);
    },
    { allCores: true },
  );
}

boardTest(
  'random system calls beside a coprocessor that takes buffers back, and lets go of them',
  async (s) => {
    await s.board.setParameter('max_mib', 24);
    await s.coprocessor.request('features 7');
    await s.coprocessor.request('stream 4096 0 0 fill=no batch=8');
    await attack(s, anySeed(), milliseconds);
    await worksAfterwards(s);
  },
  { allCores: true },
);

boardTest(
  'random system calls while the coprocessor is stopped, started and crashes',
  async (s) => {
    await s.board.setParameter('max_mib', 24);
    const over = new AbortController();
    const attacked = attack(s, anySeed(), rounds(1200, 600_000)).finally(() => over.abort());
    for (let round = 0; !over.signal.aborted; round++) {
      if (round % 3 === 2) {
        await s.board.crash();
        await s.remoteproc.setRecovery('enabled');
      } else {
        await s.remoteproc.stop();
        await s.remoteproc.start();
      }
      await s.board.waitReady();
    }
    await attacked;
    await worksAfterwards(s);
  },
  { allCores: true },
);

// holds: abi#max-mib
boardTest(
  'limits hold while eight threads allocate as fast as they can',
  async (s) => {
    const { t, board } = s;
    const limits = { buffers: 5, file: 2, all: 5 };
    await board.setParameter('max_buffers', limits.buffers);
    await board.setParameter('max_file_mib', limits.file);
    await board.setParameter('max_mib', limits.all);
    const over = new AbortController();
    const attacked = attack(s, anySeed(), milliseconds).finally(() => over.abort());
    let most = 0;
    while (!over.signal.aborted) {
      const { bytes } = await board.memory();
      most = Math.max(most, bytes);
    }
    await attacked;
    t.true(most <= limits.all << 20, `${most} bytes`);
  },
  { allCores: true },
);
