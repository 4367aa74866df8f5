// SPDX-License-Identifier: MIT
import { Option } from 'commander';
import { benchRun, partNames, type BenchOptions } from './lib/run/bench/run.ts';
import { parseCount } from './lib/base/cli/arguments.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';

await runVerb(
  'bench',
  'Measures throughput, latency and the cost of an event, beside rpmsg_char. All of it on one board, in one run.',
  (program, act) => {
    program.option('--rounds <count>', 'how often everything is measured (default: 5)', parseCount);
    program.addOption(new Option('--only <part...>', 'only these parts').choices(partNames));
    act<BenchOptions>(program, 'work', benchRun);
  },
);
