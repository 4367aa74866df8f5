// SPDX-License-Identifier: MIT
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { kernelsOf } from '../../board/inventory/board.ts';
import { bootableKernels } from '../../base/target/bootable.ts';
import { buildOf } from '../../emulated/emulator/as-board.ts';
import { knownBoard, namedBoards } from '../choice/find.ts';
import { clangFormat } from '../checks/clang-format.ts';
import { coccinelle } from '../checks/coccinelle.ts';
import { contract } from '../checks/contract.ts';
import { checkpatch, kernelDoc } from '../checks/kernel-style.ts';
import { lavaSchema } from '../checks/lava-schema.ts';
import { mypy } from '../checks/mypy.ts';
import { driverWarnings } from '../checks/driver-warnings.ts';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import { stage } from '../../base/record/stage.ts';
import { Failure } from '../../base/failure/failure.ts';
import {
  boardTestPackages,
  buildPackages,
  checkPackages,
  emulatorPackages,
  kernelPackages,
} from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { cachesEntry, cachesName, emulatedName, loadInventory, type Inventory } from '../../board/inventory/load.ts';
import { cacheKernel, cacheTests, tellingCaches, type CacheSettings } from '../../base/target/caches.ts';
import { type KernelVersion, kernelVersions } from '../../base/target/kernels.ts';
import { powerOffAll, standInVariable } from '../../emulated/stand-in/machine.ts';
import { type AvaRun, runAva } from './ava.ts';
import { chipOutcomes, isAboutChip } from './chip-tests.ts';
import { coresForEach } from './cores.ts';
import type { SuiteResult } from './board-suite.ts';
import { runChecks, type Check } from '../checks/check.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { Recording } from '../report/recording.ts';
import { faultSuite } from '../report/outcome.ts';
import { reportTests } from './report.ts';
import { cacheSuite, onBoard } from './on-board.ts';
import { filesVariable, textsHold, togetherFile, unitTestFiles } from './together.ts';

/** What `npm test` can run. The faults take many minutes, so they run only when they are asked for. */
export const testParts = ['checks', 'unit', 'board', 'faults'] as const;

export interface TestOptions extends CommonOptions {
  readonly grep?: string;
  readonly only?: (typeof testParts)[number];
  /** the board tests with their long counts */
  readonly soak?: boolean;
  /**
   * the scenarios about caches, and the driver with one synchronisation wrong at a time; true: with the default
   * settings
   */
  readonly caches?: Partial<CacheSettings> | true;
}

const defaultKernels: readonly KernelVersion[] = ['6.1', '6.12'];
/** No board runs it. So nothing but a build shows that the driver still fits it. */
const [oldestKernel] = kernelVersions;

/**
 * `npm test`: first the checks, then the unit tests beside the integration tests, which have one board for each kernel.
 */
export async function testRun(context: Context<TestOptions>, sourceChecks: readonly Check[]): Promise<number> {
  const { options, log } = context;
  const kernels = options.board === undefined ? bootable(options.kernel ?? defaultKernels) : [];
  if (options.dryRun) {
    const where = options.board ?? kernels.map(emulatedName).join(' and ');
    log.result(`would run the static checks, the unit tests, and the integration tests on ${where}`, { kernels });
    return 0;
  }
  const inventory = await loadInventory(context.root, options);
  const named = namedBoards(inventory, options);
  const boards = named.length > 0 ? named : kernels.map(emulatedName);
  const wantsBoards = options.only === undefined || options.only === 'board';
  const hasCaches = wantsBoards && kernels.includes(cacheKernel) && (await wantsCaches(context));
  const recorded = [...boards, ...(hasCaches ? [cachesName(cacheKernel)] : [])];
  const recording = await Recording.begin(context, 'test', wantsBoards ? recorded : []);
  const built = boards.flatMap((name) => kernelsOf(buildOf(knownBoard(inventory, name))));
  const { events } = context.outputs;
  const ofKernels = [kernelPackages(...built), boardTestPackages(...built)];
  const packages = [buildPackages, checkPackages, emulatorPackages, ...ofKernels].flat();
  await stage(events, 'packages of this host', () => preparePackages(packages, context));
  const wants = (part: (typeof testParts)[number]) =>
    (options.only ?? part) === part && (part !== 'faults' || options.only === part);
  const outcomes: TestOutcome[] = [];
  if (wants('checks')) {
    outcomes.push(...(await stage(events, 'checks', () => staticChecks(context, sourceChecks, kernels))));
  }
  const units = wants('unit')
    ? stage(events, 'unit tests', () => unitTests(context, wantsBoards))
    : Promise.resolve([]);
  const [ofUnits, ofBoards, ofCaches] = await Promise.all([
    units,
    wantsBoards ? boardSuites(context, inventory, boards) : [],
    // This begins when the unit tests no longer want the processor.
    units.then(() => (hasCaches ? scenariosAboutCaches(context) : [])),
  ]);
  const suites = [...ofBoards, ...ofCaches];
  outcomes.push(...ofUnits);
  if (wants('faults')) outcomes.push(...(await faultTests(context)));
  outcomes.push(...suites.flatMap((suite) => suite.outcomes));
  if (options.grep !== undefined && outcomes.length === 0) {
    throw new Failure('usage', `no test has "${options.grep}" in its name`);
  }
  return reportSuites(context, recording, outcomes, suites);
}

/** Shows the results, and what had to be done again to get them. Returns the exit code. */
export function reportSuites(
  context: Context,
  recording: Recording,
  outcomes: readonly TestOutcome[],
  suites: readonly SuiteResult[],
): Promise<number> {
  const retries = suites.flatMap((suite) => suite.retries);
  if (retries.length > 0) {
    const lines = retries.map((text) => `  ${text.split('\n')[0]}`);
    context.log.result([`\ndone again (infrastructure, never a test): ${retries.length}`, ...lines].join('\n'), {
      retries,
    });
  }
  return reportTests(
    context,
    recording,
    outcomes,
    suites.flatMap((suite) => suite.failure ?? []),
  );
}

function staticChecks(
  context: Context<TestOptions>,
  sourceChecks: readonly Check[],
  kernels: readonly KernelVersion[],
): Promise<TestOutcome[]> {
  const built = new Set([oldestKernel, ...(kernels.length > 0 ? kernels : defaultKernels)]);
  const warnings = [...built].map((kernel) => driverWarnings(kernel, context));
  const others = [clangFormat, checkpatch, kernelDoc, coccinelle, lavaSchema, mypy, contract].map((check) =>
    check(context),
  );
  const checks = [...sourceChecks, ...others, ...warnings];
  return context.log.step('checks', async (step) => {
    const outcomes = await runChecks(checks, context.options.grep, { ...context, log: step });
    if (outcomes.some(({ status }) => status === 'failed')) step.fail();
    return outcomes;
  });
}

function boardSuites(
  context: Context<TestOptions>,
  inventory: Inventory,
  names: readonly string[],
): Promise<SuiteResult[]> {
  return Promise.all(
    names.map((name) => {
      const known = knownBoard(inventory, name);
      const { options } = context;
      const choice = known.kind === 'emulated' ? { ...options, cores: coresForEach(names.length) } : options;
      return context.log.step(name, (step) => onBoard(context, known, step, choice));
    }),
  );
}

/** Whether one of these scenarios may be asked for. If not, no board is started. */
async function wantsCaches({ root, options: { grep } }: Context<TestOptions>): Promise<boolean> {
  return grep === undefined || (await textsHold(root, cacheTests, grep));
}

/** Without drivers that are wrong: these are for `--caches`. */
async function scenariosAboutCaches(context: Context<TestOptions>): Promise<SuiteResult[]> {
  const entry = cachesEntry(cacheKernel, tellingCaches);
  return [await context.log.step(entry.name, (step) => cacheSuite(context, entry, step))];
}

/**
 * Runs the unit tests. Beside boards they take the processor time that the boards leave. Some tests of both kinds
 * mostly wait. In the end a run waits for its boards.
 */
function unitTests(context: Context<TestOptions>, besideBoards: boolean): Promise<TestOutcome[]> {
  const { root, outputs, signal, options } = context;
  return context.log.step('unit tests', async (step) => {
    const { shared, own } = await unitTestFiles(root, options.grep);
    const run = (files: string[], more: Partial<AvaRun>): Promise<TestOutcome[]> =>
      runAva({
        root,
        suite: 'unit',
        files,
        env: { [filesVariable]: JSON.stringify(shared) },
        // These are more than there are cores, because some tests wait for what takes its time.
        filesAtOnce: 2 * availableParallelism(),
        inBackground: besideBoards,
        grep: options.grep,
        outputs,
        signal,
        step,
        ...more,
      });
    const together = shared.length > 0 ? [togetherFile] : [];
    if (options.grep !== undefined) return run([...together, ...own], {});
    const chip = own.filter(isAboutChip);
    const others = own.filter((file) => !isAboutChip(file));
    const ofOthers = await run([...together, ...others], {});
    const ofChip = await chipOutcomes(chip, { root, outputs, step }, () =>
      step.step('of the emulated chip', (inner) => run(chip, { part: 'unit-chip', step: inner })),
    );
    if (ofChip.some(({ status }) => status === 'failed')) step.fail();
    return [...ofOthers, ...ofChip];
  });
}

/** Breaks the stand-in in every way that we know. The stand-in is a board that plays a real one. */
function faultTests(context: Context<TestOptions>): Promise<TestOutcome[]> {
  const { root, outputs, signal, options } = context;
  const directory = join(outputs.directory(), 'labs');
  // If a test process is killed, it leaves its board on.
  context.defer(() => powerOffAll(directory));
  return context.log.step('faults', (step) =>
    runAva({
      root,
      suite: faultSuite,
      files: ['test/faults/**/*.test.ts'],
      // Each file has a board of its own.
      filesAtOnce: availableParallelism(),
      grep: options.grep,
      env: { [standInVariable]: directory },
      outputs,
      signal,
      step,
      patience: 3,
    }),
  );
}

function bootable(kernels: readonly KernelVersion[]): readonly KernelVersion[] {
  for (const kernel of kernels) {
    if (bootableKernels.includes(kernel)) continue;
    throw new Failure('usage', `kernel ${kernel} can only be built for, it has no virtio rpmsg to run with`, {
      remedy: `choose from ${bootableKernels.join(', ')}`,
    });
  }
  return [...new Set(kernels)];
}
