// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { releaseRun } from './lib/run/release/run.ts';

await runVerb(
  'release',
  'Makes the files of a release from the commit that is checked out, and tags it. With --dry-run it makes the files only.',
  (program, act) => {
    act(program, 'work', releaseRun);
  },
);
