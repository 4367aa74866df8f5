// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { sanitizeRun } from './lib/run/sanitize/run.ts';
import type { TestOptions } from './lib/run/tests/run.ts';

await runVerb(
  'sanitize',
  'The integration tests under a kernel with every detector, a search for lost memory, and the coverage of the driver.',
  (program, act) => {
    program.option('--grep <text>', 'only tests with this in their name; coverage is then shown, not judged');
    act<TestOptions>(program, 'work', sanitizeRun);
  },
);
