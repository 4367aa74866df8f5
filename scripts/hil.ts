// SPDX-License-Identifier: MIT
import { runVerb } from './lib/cli/run-verb.ts';
import { hilRun } from './lib/hil/run.ts';
import type { TestOptions } from './lib/test-run/run.ts';

await runVerb('hil', 'The integration tests on boards of the inventory, side by side.', (program, act) => {
  program.option('--grep <text>', 'only tests with this in their name');
  act<TestOptions>(program, 'work', hilRun);
});
