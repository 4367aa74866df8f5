// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import { remakeReports } from './lib/run/report/remake.ts';

await runVerb(
  'report',
  'Makes the reports of a run again from its events, or one report of several runs.',
  (program, act) => {
    program.argument('[folders...]', 'folders of runs (default: out/latest)');
    act(program, 'work', remakeReports);
  },
);
