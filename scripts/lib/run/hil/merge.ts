// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import { worstExitCode } from '../../base/failure/worst.ts';
import type { Recording } from '../report/recording.ts';
import { tallyLine } from '../report/outcome.ts';
import type { BoardResult } from './board-process.ts';

/** One result of several boards: each failed test, a line a board, the sum, and the exit code of the worst. */
export async function mergeBoards(
  context: Context,
  recording: Recording,
  results: readonly BoardResult[],
): Promise<number> {
  const { log } = context;
  for (const { failedTests } of results) {
    for (const { suite, name, reason, log: path, reproduce, ...rest } of failedTests) {
      const lines = [
        '',
        `FAILED  ${suite}: ${name}`,
        (reason ?? 'no reason given').replaceAll(/^/gm, '    '),
        ...(path === undefined ? [] : [`    log:   ${path}`]),
        `    again: ${reproduce}`,
      ];
      log.result(lines.join('\n'), { suite, name, reason, log: path, reproduce, ...rest });
    }
  }
  const width = Math.max(...results.map(({ board }) => board.length));
  log.result(['', ...results.flatMap((result) => boardLines(result, width))].join('\n'), { boards: results });
  const count = (key: 'passed' | 'failed' | 'skipped') =>
    results.reduce((sum, { tally }) => sum + (tally?.[key] ?? (key === 'failed' ? 1 : 0)), 0);
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  const exitCode = worstExitCode(results.map((result) => result.exitCode));
  const page = (await recording.end(exitCode))?.page ?? null;
  const logs = context.outputs.directory();
  log.result(`report: ${page ?? logs}`, { ...counts, exitCode, logs, report: page });
  log.lastLine(tallyLine(counts));
  return exitCode;
}

function boardLines({ board, tally, exitCode, failures, retries, log }: BoardResult, width: number): string[] {
  const result = tally ? tallyLine(tally) : 'did not come to an end';
  const again = retries.length === 0 ? '' : `, ${retries.length} done again`;
  const failure = failures.at(-1);
  return [
    `  ${board.padEnd(width)}  ${result}${again}, exit code ${exitCode}`,
    ...(failure ? [`  ${' '.repeat(width)}  ${failure.class}: ${failure.message.split('\n')[0]}`] : []),
    ...(failure?.remedy ? [`  ${' '.repeat(width)}  to mend it: ${failure.remedy}`] : []),
    ...(exitCode === 0 ? [] : [`  ${' '.repeat(width)}  log: ${tally?.logs ?? log}`]),
  ];
}
