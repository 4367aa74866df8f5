// SPDX-License-Identifier: MIT
import { Argument } from 'commander';
import { parseNumber32, parseSeconds } from './lib/base/cli/arguments.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import { execVerb } from './lib/run/board-verbs/command.ts';
import * as coprocessor from './lib/run/board-verbs/coprocessor.ts';
import { pullVerb, pushVerb } from './lib/run/board-verbs/files.ts';
import { powerVerb } from './lib/run/board-verbs/power.ts';
import { down, status, up } from './lib/run/board-verbs/lifecycle.ts';

await runVerb('board', 'Starts, stops and uses a board.', (program, act) => {
  // What stands behind the command of `exec` belongs to that command.
  program.enablePositionalOptions();
  act(program.command('up').description('start an emulated board; it runs until `down`'), 'data', up);
  act(program.command('down').description('stop the emulated boards of this checkout'), 'data', down);
  act(program.command('status').description('what runs, and how far it is'), 'data', status);
  act(
    program
      .command('power')
      .description("switch a real board's power by the commands of the inventory")
      .addArgument(new Argument('<to>').choices(['on', 'off', 'cycle'])),
    'data',
    powerVerb,
  );
  act(
    program
      .command('exec')
      .description('run a command; its output and exit code are passed on (a time-out is exit code 4)')
      .argument('[command...]', 'one word is a shell command, several are an argument list')
      .option('--timeout <seconds>', 'end it after this long', parseSeconds)
      .passThroughOptions(),
    'data',
    execVerb,
  );
  act(program.command('push <local> <remote>').description('copy a file to the board'), 'data', pushVerb);
  act(program.command('pull <remote> <local>').description('copy a file from the board'), 'data', pullVerb);

  const group = program.command('coprocessor').description('start, stop and use the coprocessor');
  const number = (name: string, what: string) => new Argument(name, what).argParser(parseNumber32);
  const { onBoard, request } = coprocessor;
  const add = (name: string, what: string, action: Parameters<typeof onBoard>[1], ...words: Argument[]) => {
    const command = group.command(name).description(what);
    for (const word of words) command.addArgument(word);
    act(command, 'data', onBoard(name, action));
  };
  add('start', 'run the test firmware (nothing to do when it runs)', coprocessor.start);
  add('stop', 'stop it', coprocessor.stop);
  add('status', 'what remoteproc says', coprocessor.showState);
  add('crash', 'let the firmware crash; Linux notices and recovers', request('crash'));
  add('hang', 'let the firmware hang with interrupts masked', request('hang'));
  add(
    'fill',
    'fill a buffer with the pattern and send one transfer',
    request('fill'),
    number('<index>', 'buffer'),
    number('<length>', 'bytes'),
    number('[seed]', 'of the pattern; default: a counter'),
  );
  add('say', 'send these bytes on rpmsg-sdb-channel', request('say'), new Argument('<text>', 'bytes, \\xNN escapes'));
  add('heard', 'what Linux sent on the channel since last asked', coprocessor.heard);
});
