// SPDX-License-Identifier: MIT
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { exitCodes, Failure } from '../failure/failure.ts';
import { openRenderer, type RendererChoice } from '../log/open.ts';
import type { Renderer } from '../log/renderer.ts';
import { Outputs } from '../record/outputs.ts';
import { asFailure } from './as-failure.ts';
import { addCommonOptions } from './common-options.ts';
import type { CommonOptions, Context } from './context.ts';
import { Cleanups } from './cleanups.ts';
import { onInterruption } from './interruptions.ts';
import { reproduceCommand } from './reproduce.ts';

const root = resolve(import.meta.dirname, '../../../..');

/**
 * Answers an exit code other than 0 where there is no failure. `board exec` passes on the exit code of its command.
 */
type Action<Options extends CommonOptions> = (context: Context<Options>, ...words: string[]) => unknown;

/** Makes a command (the program or a sub-command) do `action`; adds the options every verb has. */
export type Act = <Options extends CommonOptions>(
  command: Command,
  kind: RendererChoice['kind'],
  action: Action<Options>,
) => void;

interface Chosen {
  readonly options: CommonOptions;
  readonly kind: RendererChoice['kind'];
  run(context: Context): Promise<number>;
}

/**
 * The frame around each verb. It reads the command line and opens the renderer. It turns signals into an orderly end,
 * and undoes what was deferred. The process ends with the exit code of the failure's class.
 */
export async function runVerb(
  name: string,
  description: string,
  define: (program: Command, act: Act) => void,
): Promise<never> {
  const argv = process.argv.slice(2);
  const reproduce = reproduceCommand(name, argv);
  let chosen: Chosen;
  try {
    chosen = parse(name, description, define, argv);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) process.exit(0);
    const log = openRenderer({ json: argv.includes('--json'), verbose: false, kind: 'data' });
    process.exit(report(log, asFailure(error, name), reproduce));
  }
  const { options } = chosen;
  const log = openRenderer({ json: options.json === true, verbose: options.verbose === true, kind: chosen.kind });
  const { signal, hurry } = onInterruption();
  const cleanups = new Cleanups();
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Failure), { once: true });
  });
  // Without this, an interruption after the race below is over would be an unhandled rejection.
  interrupted.catch(() => undefined);

  let exitCode = 0;
  const context: Context = {
    root,
    options,
    log,
    outputs: new Outputs(root, name),
    signal,
    reproduce,
    defer: (cleanup) => cleanups.add(cleanup),
  };
  let failure: Failure | undefined;
  try {
    exitCode = await Promise.race([chosen.run(context), interrupted]);
  } catch (error) {
    failure = signal.aborted ? (signal.reason as Failure) : asFailure(error, name);
  }
  await cleanups.run(log, failure, hurry);
  // Nobody reads the output, so nobody could read that either.
  if (failure?.kind === 'unread') exitCode = exitCodes.interrupted;
  else if (failure) exitCode = report(log, failure, reproduce);
  log.close();
  // This also ends work that is still under way after an interruption. execa ends its children with us.
  process.exit(exitCode);
}

function parse(
  name: string,
  description: string,
  define: (program: Command, act: Act) => void,
  argv: readonly string[],
): Chosen {
  let chosen: Chosen | undefined;
  const program = new Command(`npm run ${name} --`).description(description).exitOverride().showSuggestionAfterError();
  // Usage errors are shown by the renderer, as every failure is.
  program.configureOutput({ writeErr: () => undefined });
  define(program, (command, kind, action) => {
    addCommonOptions(command);
    command.allowExcessArguments(false).action((...values: unknown[]) => {
      const options = command.optsWithGlobals();
      const words = (values.slice(0, -2) as (string | string[] | undefined)[]).flat();
      const run = action as Action<CommonOptions>;
      chosen = {
        options,
        kind,
        run: async (context) => {
          const code = await run(context, ...words.filter((word) => word !== undefined));
          return typeof code === 'number' ? code : 0;
        },
      };
    });
  });
  program.parse(argv, { from: 'user' });
  if (!chosen) throw new Failure('usage', 'no verb chosen', { remedy: `npm run ${name} -- --help` });
  return chosen;
}

function report(log: Renderer, failure: Failure, reproduce: string): number {
  const exitCode = exitCodes[failure.failureClass];
  log.failed({ failure, exitCode, reproduce });
  return exitCode;
}
