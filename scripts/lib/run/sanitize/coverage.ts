// SPDX-License-Identifier: MIT
/** Which lines of the driver ran on the board: gcov's counters out of its debugfs, read by the compiler's own gcov. */
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { arm } from '../../base/target/architecture.ts';
import { coverageNotes } from '../../host/build/driver.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { sanitizeKernel } from '../../base/target/kernels.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { execOk } from '../../board/ssh/exec.ts';
import { pull } from '../../board/ssh/transfer.ts';

const gcov = `${arm.crossCompile}gcov`;

export interface FileCoverage {
  /** "kernel/session.c" */
  readonly file: string;
  /** as it was compiled */
  readonly source: readonly string[];
  /** how often each line that has code ran */
  readonly lines: ReadonlyMap<number, number>;
}

/** Of what gcov writes with --json-format (gcov(1)), what is used here. */
const report = z.object({
  files: z.array(
    z.object({ file: z.string(), lines: z.array(z.object({ line_number: z.number(), count: z.number() })) }),
  ),
});

export async function coverageOf(connection: Connection, context: Context): Promise<readonly FileCoverage[]> {
  const directory = join(context.outputs.directory(), 'coverage');
  await mkdir(directory, { recursive: true });
  const counters = await pullCounters(connection, directory);
  const notes = coverageNotes(context.root, sanitizeKernel);
  for (const name of await readdir(notes)) await copyFile(join(notes, name), join(directory, name));
  const total = new Map<string, Map<number, number>>();
  for (const counter of counters) add(total, await readCounters(directory, counter));
  const files = [...total].map(async ([file, lines]): Promise<FileCoverage> => {
    const source = (await readFile(join(directory, basename(file)), 'utf8')).split('\n');
    return { file, lines, source };
  });
  return (await Promise.all(files)).sort((a, b) => a.file.localeCompare(b.file));
}

/** The driver's .gcda files; the kernel names them by the path they were compiled in. */
async function pullCounters(connection: Connection, directory: string): Promise<readonly string[]> {
  // Files in debugfs have no size, so they are copied before anything that believes in sizes sees them.
  const collect = [
    'rm -rf /tmp/gcov; mkdir /tmp/gcov',
    "find /sys/kernel/debug/gcov -path '*/kernel/*.gcda' | while read -r file; do cat $file >/tmp/gcov/${file##*/}; done",
    'cd /tmp/gcov; ls',
  ].join('; ');
  const names = (await execOk(connection, collect, { timeoutMs: 60_000 })).split('\n').filter((name) => name !== '');
  if (names.length === 0) throw new Failure('test', 'the board has no coverage data: the driver was built without');
  for (const name of names) await pull(connection, `/tmp/gcov/${name}`, join(directory, name));
  return names;
}

async function readCounters(directory: string, name: string): Promise<z.infer<typeof report>> {
  const { stdout } = await execa(gcov, ['--json-format', '--stdout', name], { cwd: directory });
  return report.parse(JSON.parse(stdout));
}

/** A header's lines are in the counters of each file that includes it: only what is compiled by itself counts. */
function add(total: Map<string, Map<number, number>>, { files }: z.infer<typeof report>): void {
  for (const { file, lines } of files) {
    if (!/(^|\/)kernel\/\w+\.c$/.test(file)) continue;
    const path = `kernel/${basename(file)}`;
    const counts = total.get(path) ?? new Map<number, number>();
    total.set(path, counts);
    for (const { line_number: line, count } of lines) counts.set(line, (counts.get(line) ?? 0) + count);
  }
}
