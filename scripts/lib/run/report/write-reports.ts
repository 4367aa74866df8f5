// SPDX-License-Identifier: MIT
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageOf } from './html/page.ts';
import { junitOf } from './junit.ts';
import { mergeEvents, readEvents } from './read-events.ts';
import { runOf, type Run } from './run.ts';
import { tapOf } from './tap.ts';

export interface Reports {
  readonly run: Run;
  /** the HTML page */
  readonly page: string;
}

/** Makes report.html, junit.xml and run.tap in `directory` from what these files of events tell. */
export async function writeReports(directory: string, eventFiles: readonly string[]): Promise<Reports> {
  const run = runOf(mergeEvents(await Promise.all(eventFiles.map(readEvents))));
  const page = join(directory, 'report.html');
  await Promise.all([
    writeFile(page, await pageOf(run)),
    writeFile(join(directory, 'junit.xml'), junitOf(run)),
    writeFile(join(directory, 'run.tap'), tapOf(run)),
  ]);
  return { run, page };
}
