// SPDX-License-Identifier: MIT
import { Argument } from 'commander';
import { cachesHelp, parseCaches, parseCount, parseNumber32, parseSeconds } from './lib/base/cli/arguments.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import type { CoprocessorVerb } from './lib/run/board-verbs/coprocessor.ts';
import type { ExecVerbOptions } from './lib/run/board-verbs/command.ts';
import type { UpOptions } from './lib/run/board-verbs/lifecycle.ts';

// Each verb loads its code only when it is asked for. A person waits for `exec` far more often than for `up`.
await runVerb('board', 'Starts, stops and uses a board.', (program, act) => {
  // Options after the command of `exec` belong to that command.
  program.enablePositionalOptions();
  act<UpOptions>(
    program
      .command('up')
      .description('start an emulated board; it runs until `down`')
      .option('--firmware <file>', 'run this ELF file on its coprocessor; it may be any firmware')
      .option('--caches [settings]', cachesHelp, parseCaches)
      .option('--gdb <port>', 'let a debugger attach to its cores on this port', parseCount),
    'data',
    async (context) => (await import('./lib/run/board-verbs/lifecycle.ts')).up(context),
  );
  act(program.command('down').description('stop the emulated boards of this checkout'), 'data', async (context) =>
    (await import('./lib/run/board-verbs/lifecycle.ts')).down(context),
  );
  act(program.command('status').description('which boards run, and what is ready on them'), 'data', async (context) =>
    (await import('./lib/run/board-verbs/lifecycle.ts')).status(context),
  );
  act(
    program
      .command('power')
      .description("switch a real board's power with the commands that the inventory names")
      .addArgument(new Argument('<to>').choices(['on', 'off', 'cycle'])),
    'data',
    async (context, ...words) => (await import('./lib/run/board-verbs/power.ts')).powerVerb(context, ...words),
  );
  act<ExecVerbOptions>(
    program
      .command('exec')
      .description('run a command; its output and exit code are passed on (a time-out is exit code 4)')
      .argument('[command...]', 'one word is a shell command, several are an argument list')
      .option('--timeout <seconds>', 'end the command after this time', parseSeconds)
      .passThroughOptions(),
    'data',
    async (context, ...words) => (await import('./lib/run/board-verbs/command.ts')).execVerb(context, ...words),
  );
  act(
    program.command('push <local> <remote>').description('copy a file to the board'),
    'data',
    async (context, ...words) => (await import('./lib/run/board-verbs/files.ts')).pushVerb(context, ...words),
  );
  act(
    program.command('pull <remote> <local>').description('copy a file from the board'),
    'data',
    async (context, ...words) => (await import('./lib/run/board-verbs/files.ts')).pullVerb(context, ...words),
  );

  const group = program.command('coprocessor').description('start, stop and use the coprocessor');
  const number = (name: string, what: string) => new Argument(name, what).argParser(parseNumber32);
  const add = (name: CoprocessorVerb, what: string, ...words: Argument[]) => {
    const command = group.command(name).description(what);
    for (const word of words) command.addArgument(word);
    act(command, 'data', async (context, ...given) =>
      (await import('./lib/run/board-verbs/coprocessor.ts')).coprocessorVerb(name, context, ...given),
    );
  };
  add('start', 'run the test firmware (nothing to do when it runs)');
  add('stop', 'stop it');
  add('status', 'what remoteproc says');
  add('crash', 'let the firmware crash; Linux notices and recovers');
  add('hang', 'let the firmware hang with interrupts masked');
  add(
    'fill',
    'fill a buffer with the pattern and send one transfer',
    number('<index>', 'buffer'),
    number('<length>', 'bytes'),
    number('[seed]', 'of the pattern; default: a counter'),
  );
  add('say', 'send these bytes on rpmsg-sdb-channel', new Argument('<text>', 'bytes, \\xNN escapes'));
  add('trace', "what the firmware wrote into remoteproc's trace buffer");
  add('uart', 'what the firmware said on the UARTs of an emulated board');
  add('heard', 'what Linux has sent on the channel since this was last asked');
});
