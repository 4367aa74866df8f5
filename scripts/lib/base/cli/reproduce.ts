// SPDX-License-Identifier: MIT
import { quoteWords } from '../process/quote.ts';

/** The command line a person types to run this verb again. */
export function reproduceCommand(verb: string, argv: readonly string[]): string {
  const command = verb === 'start' || verb === 'test' ? `npm ${verb}` : `npm run ${verb}`;
  return argv.length === 0 ? command : `${command} -- ${quoteWords(argv)}`;
}
