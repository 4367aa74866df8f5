// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { hilRun } from './lib/run/hil/run.ts';
import type { TestOptions } from './lib/run/tests/run.ts';

await runVerb('hil', 'Runs the integration tests on boards of the inventory, side by side.', (program, act) => {
  program.option('--grep <text>', 'only tests with this in their name');
  act<TestOptions>(program, 'work', hilRun);
});
