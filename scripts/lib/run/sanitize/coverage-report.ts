// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import type { TestOutcome } from '../report/outcome.ts';
import type { FileCoverage } from './coverage.ts';
import { reasonFor, runsAtTimes, uncoveredReasons, type Reason } from './uncovered-reasons.ts';

/** Of the lines of kernel/*.c that have code. */
const wantedPercent = 95;

interface LineOfDriver {
  readonly file: string;
  readonly line: number;
  /** how often it ran */
  readonly count: number;
  readonly text: string;
  readonly reason: Reason | undefined;
}

export interface Assessment {
  readonly coverage: readonly FileCoverage[];
  readonly percent: number;
  readonly uncovered: readonly LineOfDriver[];
  /** reasons that no line needs any more */
  readonly unneeded: readonly Reason[];
}

export function assess(coverage: readonly FileCoverage[], reasons: readonly Reason[]): Assessment {
  const described = linesWithCode(coverage, reasons);
  const uncovered = described.filter(({ count }) => count === 0);
  // A line that runs at times needs its reason for the other times.
  const unneeded = reasons.filter(
    (reason) => !(runsAtTimes(reason) ? described : uncovered).some((line) => line.reason === reason),
  );
  return { coverage, percent: percentOf(coverage), uncovered, unneeded };
}

export async function assessDriver(coverage: readonly FileCoverage[], root: string): Promise<Assessment> {
  return assess(coverage, await uncoveredReasons(root));
}

/** A table, and each line that did not run with the reason why not; the same goes to out/coverage.txt. */
export async function showCoverage(assessment: Assessment, context: Context): Promise<void> {
  const { coverage, percent, uncovered, unneeded } = assessment;
  const text = [...table(coverage), '', ...uncovered.map(described), ...unneeded.map(describedUnneeded)].join('\n');
  await mkdir(join(context.root, 'out'), { recursive: true });
  for (const file of [join(context.root, 'out/coverage.txt'), context.outputs.file('coverage.txt')])
    await writeFile(file, `${text}\n`);
  const files = coverage.map(({ file, lines }) => ({ file, lines: lines.size, covered: ran(lines) }));
  context.log.result(text, { percent, files, uncovered, unneeded });
}

export function coverageOutcome(assessment: Assessment, suite: string, root: string): TestOutcome {
  const { percent, uncovered, unneeded } = assessment;
  const name = `at least ${wantedPercent} % of the driver's lines ran, and each other has its reason`;
  const unexplained = uncovered.filter(({ reason }) => reason === undefined).length;
  const log = join(root, 'out/coverage.txt');
  if (percent >= wantedPercent && unexplained === 0 && unneeded.length === 0) return { suite, name, status: 'passed' };
  const reason =
    `${percent.toFixed(1)} %; of test/board/uncovered.yaml, ${unexplained} lines miss their reason, ` +
    `${unneeded.length} reasons are about lines that ran or are no more`;
  return { suite, name, status: 'failed', reason, log };
}

function linesWithCode(coverage: readonly FileCoverage[], reasons: readonly Reason[]): LineOfDriver[] {
  return coverage.flatMap(({ file, lines, source }) =>
    [...lines]
      .sort(([a], [b]) => a - b)
      .map(([line, count]) => {
        const text = (source[line - 1] ?? '').trim();
        return { file, line, count, text, reason: reasonFor(reasons, file, source, line) };
      }),
  );
}

function table(coverage: readonly FileCoverage[]): string[] {
  const width = Math.max(5, ...coverage.map(({ file }) => file.length));
  const row = (name: string, lines: number, covered: number): string =>
    `${name.padEnd(width)}  ${String(covered).padStart(5)} of ${String(lines).padStart(5)}  ${percentText(covered, lines)}`;
  const all = coverage.flatMap(({ lines }) => [...lines.values()]);
  return [
    ...coverage.map(({ file, lines }) => row(file, lines.size, ran(lines))),
    row('total', all.length, all.filter((count) => count > 0).length),
  ];
}

function described({ file, line, text, reason }: LineOfDriver): string {
  return `${file}:${line}: ${text}\n    ${reason?.why ?? 'no reason given'}`;
}

function describedUnneeded({ file, about }: Reason): string {
  return `${file}: ${about}\n    in test/board/uncovered.yaml, but it ran or is no more`;
}

function ran(lines: ReadonlyMap<number, number>): number {
  return [...lines.values()].filter((count) => count > 0).length;
}

function percentOf(coverage: readonly FileCoverage[]): number {
  const lines = coverage.reduce((sum, one) => sum + one.lines.size, 0);
  return lines === 0 ? 0 : (100 * coverage.reduce((sum, one) => sum + ran(one.lines), 0)) / lines;
}

function percentText(covered: number, lines: number): string {
  return `${(lines === 0 ? 0 : (100 * covered) / lines).toFixed(1).padStart(5)} %`;
}
