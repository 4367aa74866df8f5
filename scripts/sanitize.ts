// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { sanitizeRun } from './lib/run/sanitize/run.ts';
import type { TestOptions } from './lib/run/tests/run.ts';

await runVerb(
  'sanitize',
  'Runs the integration tests on a kernel with every detector, searches for lost memory, and measures the coverage of the driver.',
  (program, act) => {
    program.option('--grep <text>', 'only tests with this in their name; then coverage is shown, and not judged');
    act<TestOptions>(program, 'work', sanitizeRun);
  },
);
