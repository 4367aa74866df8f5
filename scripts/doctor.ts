// SPDX-License-Identifier: MIT
import { runVerb } from './lib/cli/run-verb.ts';
import { examine } from './lib/doctor/examine.ts';

await runVerb(
  'doctor',
  'Looks at this host, then at the board: what is missing, and what mends it.',
  (program, act) => {
    act(program, 'work', examine);
  },
);
