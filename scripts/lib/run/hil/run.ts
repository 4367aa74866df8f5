// SPDX-License-Identifier: MIT
import { kernelsOf } from '../../board/inventory/board.ts';
import { buildOf, defaultKernel, emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { knownBoard, namedBoards } from '../choice/find.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { boardTestPackages, buildPackages, emulatorPackages, kernelPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { loadInventory } from '../../board/inventory/load.ts';
import { Recording } from '../report/recording.ts';
import { onBoard } from '../tests/on-board.ts';
import { reportSuites, type TestOptions } from '../tests/run.ts';
import { mergeBoards } from './merge.ts';
import { runBoardProcess } from './board-process.ts';

/** `npm run hil`: one board in this process, several in a process each, with one result. */
export async function hilRun(context: Context<TestOptions>): Promise<number> {
  const { options, log, root } = context;
  const inventory = await loadInventory(root, options);
  const asked = namedBoards(inventory, options);
  const names = asked.length > 0 ? asked : [inventory.default ?? emulatedEntry(defaultKernel).name];
  const boards = names.map((name) => knownBoard(inventory, name));
  if (options.dryRun) {
    log.result(`would run the integration tests on ${names.join(' and ')}`, { boards: names });
    return 0;
  }
  const [only] = boards;
  const needsEmulator = boards.some(({ kind }) => kind === 'emulated');
  const kernels = boards.flatMap((known) => kernelsOf(buildOf(known)));
  const emulator = needsEmulator ? emulatorPackages : [];
  const ofKernels = [...kernelPackages(...kernels), ...boardTestPackages(...kernels)];
  await preparePackages([...buildPackages, ...ofKernels, ...emulator], context);
  if (boards.length === 1 && only !== undefined) {
    const recording = await Recording.begin(context, 'hil', names);
    const suite = await log.step(names[0] ?? '', (step) => onBoard(context, only, step, options));
    if (options.grep !== undefined && suite.outcomes.length === 0) {
      throw new Failure('usage', `no test has "${options.grep}" in its name`);
    }
    return reportSuites(context, recording, suite.outcomes, [suite]);
  }
  const recording = await Recording.begin(context, 'hil', names);
  const results = await Promise.all(
    names.map((name) => log.step(name, (step) => runBoardProcess(context, name, step))),
  );
  return mergeBoards(context, recording, results);
}
