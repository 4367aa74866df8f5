// SPDX-License-Identifier: MIT
import { quoteWords } from '../process/quote.ts';

/** What a caller's environment says of the work itself, apart from the command line. */
const heeded = [
  ...['ARCH', 'CROSS_COMPILE', 'LLVM', 'KDIR'],
  ...['RPMSG_SDB_BOARDS', 'RPMSG_SDB_CACHE', 'RPMSG_SDB_DEBIAN_MIRROR', 'RPMSG_SDB_SEED'],
];

/** The command line a person types to run this verb again, in any shell of theirs. */
export function reproduceCommand(
  verb: string,
  argv: readonly string[],
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): string {
  const settings = heeded.flatMap((name) => (env[name] ? [`${name}=${quoteWords([env[name]])} `] : []));
  return settings.join('') + commandOf(verb, argv);
}

function commandOf(verb: string, argv: readonly string[]): string {
  const command = verb === 'start' || verb === 'test' ? `npm ${verb}` : `npm run ${verb}`;
  return argv.length === 0 ? command : `${command} -- ${quoteWords(argv)}`;
}
