// SPDX-License-Identifier: MIT
import { borrowedBoard, ownBoard } from '../board/claim.ts';
import { bootableKernels, emulatedName } from '../board/emulated.ts';
import { needBoard } from '../board/find.ts';
import { buildAgent, buildFirmware } from '../build/board-programs.ts';
import { buildDriver } from '../build/driver.ts';
import { checkpatch } from '../check/checkpatch.ts';
import { clangFormat } from '../check/clang-format.ts';
import { coccinelle } from '../check/coccinelle.ts';
import { driverWarnings } from '../check/driver-warnings.ts';
import { kernelDoc } from '../check/kernel-doc.ts';
import type { CommonOptions, Context } from '../cli/context.ts';
import type { Deliverables } from '../deploy/deploy.ts';
import { Failure } from '../failure/failure.ts';
import { buildPackages, checkPackages, emulatorPackages, kernelPackages } from '../host/packages.ts';
import { preparePackages } from '../host/prepare.ts';
import { boardKernel, type KernelVersion } from '../kernel/versions.ts';
import type { Log } from '../log/log.ts';
import { Recording } from '../report/recording.ts';
import { tellFailure } from '../report/tell-failure.ts';
import { runAva } from './ava.ts';
import { boardSuite, type SuiteResult } from './board-suite.ts';
import { runChecks, type Check } from './check.ts';
import type { TestOutcome } from './outcome.ts';
import { reportTests } from './report.ts';
import { tellOutcome } from './tell.ts';

/** What `npm test` consists of. */
export const testParts = ['checks', 'unit', 'board'] as const;

export interface TestOptions extends CommonOptions {
  readonly grep?: string;
  readonly only?: (typeof testParts)[number];
  /** the board tests with their long counts */
  readonly soak?: boolean;
}

const defaultKernels: readonly KernelVersion[] = ['6.1', '6.12'];

/** `npm test`: checks, unit tests, then the integration tests on a board a kernel, side by side. */
export async function testRun(context: Context<TestOptions>, sourceChecks: readonly Check[]): Promise<number> {
  const { options, log } = context;
  const kernels = options.board === undefined ? bootable(options.kernel ?? defaultKernels) : [];
  if (options.dryRun) {
    const where = options.board ?? kernels.map(emulatedName).join(' and ');
    log.result(`would run the static checks, the unit tests, and the integration tests on ${where}`, { kernels });
    return 0;
  }
  const wantsBoards = options.only === undefined || options.only === 'board';
  const boards = options.board === undefined ? kernels.map(emulatedName) : [options.board];
  const recording = await Recording.begin(context, 'test', wantsBoards ? boards : []);
  await preparePackages([buildPackages, checkPackages, emulatorPackages, kernelPackages(...kernels)].flat(), context);
  const wants = (part: (typeof testParts)[number]) => options.only === undefined || options.only === part;
  const outcomes: TestOutcome[] = [];
  if (wants('checks')) outcomes.push(...(await staticChecks(context, sourceChecks, kernels)));
  if (wants('unit')) outcomes.push(...(await unitTests(context)));
  const suites = wants('board') ? await boardSuites(context, kernels) : [];
  outcomes.push(...suites.flatMap((suite) => suite.outcomes));
  if (options.grep !== undefined && outcomes.length === 0) {
    throw new Failure('usage', `no test has "${options.grep}" in its name`);
  }
  const failures = suites.flatMap((suite) => suite.failure ?? []);
  return reportTests(context, recording, outcomes, failures);
}

function staticChecks(
  context: Context<TestOptions>,
  sourceChecks: readonly Check[],
  kernels: readonly KernelVersion[],
): Promise<TestOutcome[]> {
  const warnings = (kernels.length > 0 ? kernels : defaultKernels).map((kernel) => driverWarnings(kernel, context));
  const ofC = [clangFormat, checkpatch, kernelDoc, coccinelle].map((check) => check(context));
  const checks = [...sourceChecks, ...ofC, ...warnings];
  return context.log.step('checks', (step) => runChecks(checks, context.options.grep, { ...context, log: step }));
}

async function boardSuites(context: Context<TestOptions>, kernels: readonly KernelVersion[]): Promise<SuiteResult[]> {
  if (context.options.board !== undefined) return [await onNamed(context)];
  return Promise.all(
    kernels.map((kernel) => context.log.step(emulatedName(kernel), (step) => onEmulated(context, kernel, step))),
  );
}

function unitTests(context: Context<TestOptions>): Promise<TestOutcome[]> {
  const { root, outputs, signal, options } = context;
  return context.log.step('unit tests', (step) =>
    runAva({ root, suite: 'unit', files: ['test/unit/**/*.test.ts'], grep: options.grep, outputs, signal, step }),
  );
}

async function onEmulated(context: Context<TestOptions>, kernel: KernelVersion, log: Log): Promise<SuiteResult> {
  const suite = emulatedName(kernel);
  try {
    const files = await filesFor(context, kernel, log);
    const claimed = await ownBoard(context, kernel, log);
    const result = await boardSuite(context, log, claimed, files, context.options);
    await claimed.stop();
    return result;
  } catch (error) {
    // One board that cannot be had is no reason not to test on the other.
    if (context.signal.aborted || !(error instanceof Failure)) throw error;
    const log = error.log === undefined ? {} : { log: error.log };
    const outcome = { suite, name: 'set-up', status: 'failed', ofSuite: true, reason: error.message, ...log } as const;
    tellOutcome(context.outputs.events, outcome);
    tellFailure(context.outputs.events, error, suite);
    return { outcomes: [outcome], failure: error };
  }
}

async function onNamed(context: Context<TestOptions>): Promise<SuiteResult> {
  const board = await needBoard(context.root, context.options);
  return context.log.step(board.name, async (log) => {
    const files = await filesFor(context, board.kernel ?? '6.1', log);
    return boardSuite(context, log, borrowedBoard(board), files, context.options);
  });
}

/** What a board with this kernel is tested with. */
export async function filesFor(context: Context, kernel: KernelVersion, log: Log): Promise<Deliverables> {
  const job = { ...context, log };
  const { architecture, programs } = boardKernel(kernel);
  const [driver, firmware, agent] = await Promise.all([
    buildDriver(kernel, job),
    buildFirmware('emulated', job, architecture),
    buildAgent(job, programs),
  ]);
  return { driver, firmware, agent };
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
