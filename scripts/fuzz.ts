// SPDX-License-Identifier: MIT
import { InvalidArgumentError, Option } from 'commander';
import { parseSeconds } from './lib/base/cli/arguments.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import { fuzzRun, type FuzzOptions } from './lib/run/fuzz/run.ts';
import { fuzzTargets, type FuzzTarget } from './lib/run/fuzz/targets.ts';

await runVerb(
  'fuzz',
  "Runs the protocol code of the driver and of the firmware's service on inputs that libFuzzer makes up, under sanitizers.",
  (program, act) => {
    program
      .option('--seconds <n>', 'for how long; all targets run side by side (default: 60)', parseSeconds)
      .option('--input <file>', 'run only this input; a failure names its file')
      .option('--keep', 'at the end, put new inputs into the corpus of the checkout: those that reach more code')
      .addOption(new Option('--target <name>', `one of ${targetNames()} (default: all)`).argParser(parseTarget));
    act<FuzzOptions>(program, 'work', fuzzRun);
  },
);

function targetNames(): string {
  return fuzzTargets.map(({ name }) => name).join(', ');
}

function parseTarget(text: string): FuzzTarget {
  const target = fuzzTargets.find(({ name }) => name === text);
  if (!target) throw new InvalidArgumentError(`Known targets: ${targetNames()}.`);
  return target;
}
