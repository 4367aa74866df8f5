// SPDX-License-Identifier: MIT
import type { MatrixResult } from './build-one.ts';

/** For the README: a line a kernel. */
export function markdownTable(results: readonly MatrixResult[]): string {
  const rows = results.map(({ kernel, release, compiler, sparse, findings }) => [
    kernel.kind === 'packaged' ? release : `${kernel.version}, ${kernel.name}`,
    kernel.machine.kernel,
    kernel.about,
    kernel.kind === 'packaged' ? 'its own' : "Debian's",
    compiler.replace(/ \(.*\)/, ''),
    findings.length === 0 ? 'silent' : `${findings.length} findings`,
    sparse ? 'silent' : findings.length === 0 ? 'too old for it' : '',
  ]);
  return table([['kernel', 'machine', 'about it', 'linked against symbols', 'compiler', 'gcc W=1', 'sparse'], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head, ' '), line([], '-'), ...body.map((row) => line(row, ' '))].join('\n');
}
