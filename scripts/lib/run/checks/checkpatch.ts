// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs } from '../../host/build/sources.ts';
import type { Check } from './check.ts';
import { driverFiles } from './c-files.ts';
import { findings } from './findings.ts';
import { kernelScripts } from './kernel-scripts.ts';
import { remembered } from './remembered.ts';

/** The kernel's own style check, as strict as it gets. It reads .checkpatch.conf where it is started. */
export function checkpatch(job: BuildJob): Check {
  const options = ['--no-tree', '--strict', '--terse', '--show-types', '--no-summary'];
  return remembered({
    id: 'checkpatch',
    name: 'driver: checkpatch --strict is silent',
    inputs: async (log) => [
      await kernelScripts(log),
      ...options,
      ...(await sourceInputs(job.root, ['.checkpatch.conf', 'kernel'])),
    ],
    run: async (log) => {
      const script = join(await kernelScripts(log), 'scripts', 'checkpatch.pl');
      return findings('perl', [script, ...options, '-f', ...(await driverFiles(job.root))], job);
    },
  });
}
