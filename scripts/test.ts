// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ as shell, glob, type ProcessPromise } from 'zx';
import { Option } from 'commander';
import { cachesHelp, parseCaches } from './lib/base/cli/arguments.ts';
import { cachesRun } from './lib/run/caches/run.ts';
import { remembered } from './lib/run/checks/remembered.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import type { Check } from './lib/run/checks/check.ts';
import { testParts, testRun, type TestOptions } from './lib/run/tests/run.ts';

await runVerb('test', 'Runs static checks, unit tests, and integration tests on emulated boards.', (program, act) => {
  program.option('--grep <text>', 'only tests with this in their name');
  program.addOption(new Option('--only <part>', 'only this part').choices(testParts));
  program.option('--soak', 'repeat the scenarios about lifetimes and memory many times, which takes an hour and more');
  program.option(
    '--caches [settings]',
    `run the scenarios about caches, also with drivers that have one synchronisation wrong, on a board ${cachesHelp}`,
    parseCaches,
  );
  act<TestOptions>(program, 'work', (context) =>
    context.options.caches === undefined
      ? testRun(context, sourceChecks(context.root, context.signal))
      : cachesRun(context),
  );
});

/** The checks of the TypeScript sources, as one would type them. */
function sourceChecks(root: string, signal: AbortSignal): Check[] {
  const $ = shell({
    cwd: root,
    preferLocal: true,
    nothrow: true,
    quiet: true,
    signal,
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  const inputs = sourceInputs(root);
  const check = (id: string, name: string, run: () => ProcessPromise): Check =>
    remembered({
      id,
      name,
      inputs: () => inputs,
      async run() {
        const { exitCode, stdout, stderr } = await run();
        return exitCode === 0 ? undefined : `${stdout}${stderr}`.trim() || `exit code ${exitCode}`;
      },
    });
  return [
    // eslint keeps no cache of its own: with type information, a file can be wrong because another one changed.
    check('eslint', 'no lint (eslint)', () => $`eslint --max-warnings 0 .`),
    check(
      'tsc',
      'types are right (tsc)',
      () => $`tsc --noEmit --incremental --tsBuildInfoFile out/tsc/build-info.json`,
    ),
    check(
      'prettier',
      'formatted (prettier)',
      () => $`prettier --check --cache --cache-strategy content --cache-location out/prettier/cache .`,
    ),
    check('house', 'imports go down (dependency-cruiser)', () => $`node --import=tsx/esm scripts/house.ts`),
    check('knip', 'nothing unused (knip)', () => $`knip --no-progress`),
  ];
}

/** All that these tools may read, their settings and themselves included. None of them looks at C or at text. */
async function sourceInputs(root: string): Promise<readonly (string | Buffer)[]> {
  const ignore = ['.git', '**/*.{c,h,S,md,1,bb,rules}'];
  const files = (await glob('**', { cwd: root, dot: true, gitignore: true, ignore })).sort();
  const installed = 'node_modules/.package-lock.json';
  const contents = await Promise.all([installed, ...files].map((file) => readFile(join(root, file))));
  return [process.version, ...files, ...contents];
}
