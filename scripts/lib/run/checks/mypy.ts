// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceFiles } from '../../host/build/sources.ts';
import { compilerVersion } from '../../host/programs/compiler.ts';
import type { Check } from './check.ts';
import { findings } from './findings.ts';
import { remembered } from './remembered.ts';

const settings = 'tools/python/mypy.ini';

/** The types of the Python bindings and samples are right. */
export function mypy(job: BuildJob): Check {
  const files = async (): Promise<string[]> =>
    (await sourceFiles(job.root, ['tools/python'])).filter((file) => file.endsWith('.py'));
  const words = ['--config-file', settings, '--cache-dir', 'out/mypy', '--no-error-summary'];
  return remembered({
    id: 'mypy',
    name: 'Python: types are right (mypy --strict)',
    inputs: async () => {
      const contents = [join(job.root, settings), ...(await files())].map((file) => readFile(file));
      return [await compilerVersion('mypy'), ...words, ...(await Promise.all(contents))];
    },
    run: async () => findings('mypy', [...words, ...(await files())], job),
  });
}
