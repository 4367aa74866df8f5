// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Step } from '../../base/log/log.ts';
import { stage } from '../../base/record/stage.ts';
import { cacheKernel, tellingCaches } from '../../base/target/caches.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { ChangedDriver } from '../../host/build/changed-driver.ts';
import { emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { buildPackages, emulatorPackages, kernelPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { withCaches } from '../choice/caches.ts';
import { Recording } from '../report/recording.ts';
import type { SuiteResult } from '../tests/board-suite.ts';
import type { MutatedDriver } from '../tests/mutated.ts';
import { cacheSuite } from '../tests/on-board.ts';
import { reportSuites, type TestOptions } from '../tests/run.ts';
import { applied, listMutations } from './mutations.ts';

/** `npm test -- --caches`: the scenarios about caches, then the driver with one synchronisation wrong at a time. */
export async function cachesRun(context: Context<TestOptions>): Promise<number> {
  const { options, log } = context;
  const { grep } = options;
  if (options.board !== undefined || options.only !== undefined) {
    throw new Failure('usage', '--caches brings its own board and tests', { remedy: 'npm test -- --caches' });
  }
  const entries = (options.kernel ?? [cacheKernel]).map((kernel) =>
    withCaches(emulatedEntry(kernel), options.caches, tellingCaches),
  );
  const names = entries.map(({ name }) => name);
  if (options.dryRun) {
    log.result(`would run the scenarios about caches and the mutations on ${names.join(' and ')}`, { boards: names });
    return 0;
  }
  const recording = await Recording.begin(context, 'test', names);
  const packages = [buildPackages, emulatorPackages, kernelPackages(...entries.map(({ kernel }) => kernel))].flat();
  await preparePackages(packages, context);
  const suites: SuiteResult[] = [];
  for (const entry of entries) {
    const suite = await log.step(entry.name, async (step) => {
      const build = (): Promise<MutatedDriver[]> => mutatedDrivers(context, entry.kernel, grep, step);
      const mutated = await stage(context.outputs.events, `${entry.name}: drivers that are wrong`, build);
      return cacheSuite(context, entry, step, { mutated });
    });
    suites.push(suite);
  }
  const outcomes = suites.flatMap((suite) => suite.outcomes);
  if (grep !== undefined && outcomes.length === 0) throw new Failure('usage', `nothing has "${grep}" in its name`);
  return reportSuites(context, recording, outcomes, suites);
}

/** The driver with each mistake that is asked for. Those that this host does not have yet are built. */
function mutatedDrivers(
  context: Context<TestOptions>,
  kernel: KernelVersion,
  grep = '',
  log: Step,
): Promise<MutatedDriver[]> {
  return log.step('drivers that are wrong', async (step) => {
    const all = await listMutations(context.root);
    const wanted = all.filter(({ name }) => name.toLowerCase().includes(grep.toLowerCase()));
    const changed = new ChangedDriver(kernel, { ...context, log: step });
    // After an interruption the end below is not reached.
    context.defer(() => changed.close());
    const made: MutatedDriver[] = [];
    try {
      for (const mutation of wanted) {
        step.progress(`${made.length + 1} of ${wanted.length}: ${mutation.name}`);
        const { path } = await changed.build(await applied(mutation, context.root));
        made.push({ name: mutation.name, caughtBy: mutation.caughtBy, module: path });
      }
    } finally {
      await changed.close();
    }
    return made;
  });
}
