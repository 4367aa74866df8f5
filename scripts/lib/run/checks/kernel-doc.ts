// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs } from '../../host/build/sources.ts';
import type { Check } from './check.ts';
import { driverFiles } from './c-files.ts';
import { findings } from './findings.ts';
import { kernelScripts } from './kernel-scripts.ts';
import { remembered } from './remembered.ts';

/** Structured comments name every member and parameter there is, and no other, and what a function returns. */
export function kernelDoc(job: BuildJob): Check {
  return remembered({
    id: 'kernel-doc',
    name: 'driver: kernel-doc is silent',
    inputs: async (log) => [await kernelScripts(log), ...(await sourceInputs(job.root, ['kernel']))],
    run: async (log) => {
      const script = join(await kernelScripts(log), 'scripts', 'kernel-doc');
      return findings('perl', [script, '-none', '-Werror', ...(await driverFiles(job.root))], job);
    },
  });
}
