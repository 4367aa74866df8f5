// SPDX-License-Identifier: MIT
import { mainJob, type StartOptions } from './lib/run/stream/main-job.ts';
import { parseBytes, parseCount, parseRate } from './lib/base/cli/arguments.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';

await runVerb(
  'start',
  'Streams data from the coprocessor to a Linux application and checks every word of it.',
  (program, act) => {
    program
      .option('--size <bytes>', 'how much in all (default: 256M)', parseBytes)
      .option('--buffers <count>', 'through how many buffers (default: 4)', parseCount)
      .option('--buffer-size <bytes>', 'of which size (default: 1M)', parseBytes)
      .option(
        '--rate <fills>',
        "fills per second by the coprocessor's timer, 0: as fast as it can (default: 50)",
        parseRate,
      );
    act<StartOptions>(program, 'work', mainJob);
  },
);
