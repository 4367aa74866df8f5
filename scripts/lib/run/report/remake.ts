// SPDX-License-Identifier: MIT
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { eventsFile } from '../../base/record/event-log.ts';
import { verdictOf } from './verdict.ts';
import { writeReports } from './write-reports.ts';

/** `npm run report`: of one run (killed, or still running) in its folder, of several in the first one's. */
export async function remakeReports(context: Context, ...folders: string[]): Promise<void> {
  const { log, root, options } = context;
  const wanted = folders.length === 0 ? [join(root, 'out', 'latest')] : folders.map((folder) => resolve(folder));
  const files = wanted.map((folder) => join(folder, eventsFile));
  for (const file of files) {
    await access(file).catch((cause: unknown) => {
      throw new Failure('usage', `there is no ${file}`, { remedy: 'npm run report -- FOLDER-OF-A-RUN', cause });
    });
  }
  const directory = wanted[0] ?? root;
  if (options.dryRun) return log.result(`would make the reports in ${directory}`, { directory });
  const { run, page } = await writeReports(directory, files);
  const { kind, headline } = verdictOf(run);
  log.result(`${headline}\nreport: ${page}`, { kind, headline, report: page });
}
