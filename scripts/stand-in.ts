// SPDX-License-Identifier: MIT
import { Argument } from 'commander';
import { singleKernel } from './lib/base/cli/common-options.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import { defaultKernel } from './lib/emulated/emulator/as-board.ts';
import { emulatorPackages } from './lib/host/programs/packages.ts';
import { preparePackages } from './lib/host/programs/prepare.ts';
import { powerOff, powerOn } from './lib/emulated/stand-in/machine.ts';
import { makeStandIn } from './lib/emulated/stand-in/make.ts';

await runVerb(
  'stand-in',
  'Makes and switches an emulated board that plays a real one, with OpenSSH, a disk, and hooks for power and console.',
  (program, act) => {
    act(
      program.command('make <directory>').description('make one, switched off, with an inventory beside it'),
      'data',
      async (context, directory = '') => {
        const { log, options, root } = context;
        const name = options.board ?? 'stand-in';
        if (options.dryRun) return log.result(`would make ${name} in ${directory}`, { board: name, directory });
        await preparePackages(emulatorPackages, context);
        const made = await makeStandIn(name, singleKernel(options) ?? defaultKernel, directory, root, log);
        log.result(
          `${name} is in ${made.directory}\nnext: npm run hil -- --boards ${made.inventory} --board ${name}`,
          made,
        );
      },
    );
    act(
      program
        .command('power')
        .description('switch it on or off, as its power hooks do')
        .addArgument(new Argument('<to>').choices(['on', 'off']))
        .argument('<directory>'),
      'data',
      (_context, to = '', directory = '') => (to === 'on' ? powerOn(directory) : powerOff(directory)),
    );
  },
);
