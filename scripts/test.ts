// SPDX-License-Identifier: MIT
import { $ as shell, type ProcessPromise } from 'zx';
import { Option } from 'commander';
import { runVerb } from './lib/cli/run-verb.ts';
import type { Check } from './lib/test-run/check.ts';
import { testParts, testRun, type TestOptions } from './lib/test-run/run.ts';

await runVerb('test', 'Static checks, unit tests, and integration tests on emulated boards.', (program, act) => {
  program.option('--grep <text>', 'only tests with this in their name');
  program.addOption(new Option('--only <part>', 'only this part').choices(testParts));
  program.option(
    '--soak',
    'repeat the scenarios about lifetimes and memory as often as was promised: an hour and more',
  );
  act<TestOptions>(program, 'work', (context) => testRun(context, sourceChecks(context.root, context.signal)));
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
  const check = (name: string, run: () => ProcessPromise): Check => ({
    name,
    async run() {
      const { exitCode, stdout, stderr } = await run();
      return exitCode === 0 ? undefined : `${stdout}${stderr}`.trim() || `exit code ${exitCode}`;
    },
  });
  return [
    check('types are right (tsc)', () => $`tsc --noEmit --incremental --tsBuildInfoFile out/tsc/build-info.json`),
    check('no lint (eslint)', () => $`eslint --max-warnings 0 --cache --cache-location out/eslint/ .`),
    check(
      'formatted (prettier)',
      () => $`prettier --check --cache --cache-strategy content --cache-location out/prettier/cache .`,
    ),
    check('nothing unused (knip)', () => $`knip --no-progress`),
  ];
}
