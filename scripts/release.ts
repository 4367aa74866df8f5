// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { releaseRun } from './lib/run/release/run.ts';

await runVerb(
  'release',
  'Makes the files of a release from the commit that is checked out, and its tag; with --dry-run only the files.',
  (program, act) => {
    act(program, 'work', releaseRun);
  },
);
