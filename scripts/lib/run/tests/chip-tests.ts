// SPDX-License-Identifier: MIT
/**
 * The unit tests of the emulated chip. They are a third of what the unit tests cost, and they read little of the checkout.
 * So what they said is kept while that stays as it is. Only a run in which all of them passed is kept.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';
import type { Log, Step } from '../../base/log/log.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import { arm } from '../../base/target/architecture.ts';
import { sourceInputs } from '../../host/build/sources.ts';
import { cacheDirectory, cached } from '../../host/cache/cached.ts';
import { compilerVersion } from '../../host/programs/compiler.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { tellOutcome } from '../report/tell.ts';

/** Whether a file of test/unit is about the chip. It then reads nothing of the checkout but chipTrees. */
export const isAboutChip = (file: string): boolean => basename(file).startsWith('stm32mp157-');

/** What the files of these tests read of the checkout. */
export const chipTrees = [
  ...['scripts/lib', 'test/emulator', 'test/native', 'test/together', 'test/unit/stm32mp157'],
  ...['test/unit/temporary.ts', 'package.json', 'package-lock.json', 'tsconfig.json'],
];

/** How these tests ended: `run` runs them, unless they passed before and nothing of what they read has changed. */
export async function chipOutcomes(
  files: readonly string[],
  o: { readonly root: string; readonly outputs: Outputs; readonly step: Step },
  run: () => Promise<TestOutcome[]>,
): Promise<readonly TestOutcome[]> {
  const tools = ['qemu-system-arm', 'gcc', ...['gcc', 'ld', 'objcopy'].map((tool) => `${arm.crossCompile}${tool}`)];
  const inputs = async () => [
    ...[process.version, process.arch],
    ...(await Promise.all(tools.map(compilerVersion))),
    ...(await sourceInputs(o.root, [...chipTrees, ...files])),
  ];
  const { outcomes, areKept } = await keptOutcomes('unit/chip', inputs, run, o.step);
  if (areKept) {
    for (const outcome of outcomes) tellOutcome(o.outputs.events, outcome);
    o.step.info(
      `${outcomes.length} tests of the emulated chip stand as they passed: nothing that they read has changed`,
    );
  }
  return outcomes;
}

/** What `run` says, or what it said before of the same inputs. It is kept only if each test ran and passed. */
export async function keptOutcomes(
  kind: string,
  inputs: () => Promise<readonly (string | Buffer)[]>,
  run: () => Promise<readonly TestOutcome[]>,
  log: Log,
): Promise<{ readonly outcomes: readonly TestOutcome[]; readonly areKept: boolean }> {
  let fresh: readonly TestOutcome[] | undefined;
  const before = await inputs();
  const build = async (directory: string): Promise<void> => {
    fresh = await run();
    // Somebody may have changed a file while they ran.
    const isOfThese = cacheDirectory(kind, before) === cacheDirectory(kind, await inputs());
    if (!isOfThese || fresh.some(({ status }) => status !== 'passed')) throw new Failure('test', 'not to be kept');
    await writeFile(join(directory, 'outcomes.json'), JSON.stringify(fresh));
  };
  const directory = await cached(kind, before, build, log).catch((error: unknown) => {
    if (fresh === undefined) throw error;
    return undefined;
  });
  if (fresh !== undefined || directory === undefined) return { outcomes: fresh ?? [], areKept: false };
  const text = await readFile(join(directory, 'outcomes.json'), 'utf8');
  return { outcomes: JSON.parse(text) as TestOutcome[], areKept: true };
}
