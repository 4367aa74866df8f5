// SPDX-License-Identifier: MIT
import { mainJob, type StartOptions } from './lib/run/stream/main-job.ts';
import { parseBytes, parseCount, parseRate } from './lib/base/cli/arguments.ts';
import { up, type UpOptions } from './lib/run/board-verbs/lifecycle.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';

await runVerb(
  'start',
  'Streams data from the coprocessor to a Linux application and checks every word of it.',
  (program, act) => {
    program
      .option('--size <bytes>', 'how much in all (default: 256M)', parseBytes)
      .option('--buffers <count>', 'how many buffers (default: 4)', parseCount)
      .option('--buffer-size <bytes>', 'the size of each buffer (default: 1M)', parseBytes)
      .option(
        '--rate <fills>',
        "fills per second by the coprocessor's timer, 0: as fast as it can (default: 50)",
        parseRate,
      );
    program.option(
      '--firmware <file>',
      'boot this ELF file on the emulated coprocessor instead, and leave the board up',
    );
    act<StartOptions & UpOptions>(program, 'work', (context) =>
      context.options.firmware === undefined ? mainJob(context) : up(context),
    );
  },
);
