// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../cli/context.ts';
import type { TestOutcome } from '../test-run/outcome.ts';
import type { FileCoverage } from './coverage.ts';
import { uncoveredReasons } from './uncovered-reasons.ts';

/** Of the lines of kernel/*.c that have code. */
const wantedPercent = 95;

interface UncoveredLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly reason: string | undefined;
}

export interface Assessment {
  readonly coverage: readonly FileCoverage[];
  readonly percent: number;
  readonly uncovered: readonly UncoveredLine[];
}

export async function assess(coverage: readonly FileCoverage[], root: string): Promise<Assessment> {
  return { coverage, percent: percentOf(coverage), uncovered: await uncoveredLines(coverage, root) };
}

/** A table, and each line that did not run with the reason why not; the same goes to out/coverage.txt. */
export async function showCoverage({ coverage, percent, uncovered }: Assessment, context: Context): Promise<void> {
  const text = [...table(coverage), '', ...uncovered.map(described)].join('\n');
  await mkdir(join(context.root, 'out'), { recursive: true });
  for (const file of [join(context.root, 'out/coverage.txt'), context.outputs.file('coverage.txt')])
    await writeFile(file, `${text}\n`);
  const files = coverage.map(({ file, lines }) => ({ file, lines: lines.size, covered: ran(lines) }));
  context.log.result(text, { percent, files, uncovered });
}

export function coverageOutcome({ percent, uncovered }: Assessment, suite: string, root: string): TestOutcome {
  const name = `at least ${wantedPercent} % of the driver's lines ran, and each other has its reason`;
  const unexplained = uncovered.filter(({ reason }) => reason === undefined).length;
  const log = join(root, 'out/coverage.txt');
  if (percent >= wantedPercent && unexplained === 0) return { suite, name, status: 'passed' };
  const reason = `${percent.toFixed(1)} %, ${unexplained} lines without a reason in test/board/uncovered.yaml`;
  return { suite, name, status: 'failed', reason, log };
}

async function uncoveredLines(coverage: readonly FileCoverage[], root: string): Promise<UncoveredLine[]> {
  const reasonOf = await uncoveredReasons(root);
  const found: UncoveredLine[] = [];
  for (const { file, lines, source } of coverage) {
    for (const [line, count] of [...lines].sort(([a], [b]) => a - b)) {
      if (count > 0) continue;
      const text = (source[line - 1] ?? '').trim();
      found.push({ file, line, text, reason: reasonOf(file, source, line) });
    }
  }
  return found;
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

function described({ file, line, text, reason }: UncoveredLine): string {
  return `${file}:${line}: ${text}\n    ${reason ?? 'no reason given'}`;
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
