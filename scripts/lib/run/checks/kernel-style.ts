// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs } from '../../host/build/sources.ts';
import type { Check } from './check.ts';
import { driverFiles } from './c-files.ts';
import { findings } from './findings.ts';
import { kernelScripts } from './kernel-scripts.ts';
import { remembered } from './remembered.ts';

/** A script of the kernel's own that judges the driver's files; settings: what it reads beside them. */
interface KernelScript {
  readonly name: string;
  readonly file: string;
  readonly options: readonly string[];
  readonly settings: readonly string[];
}

function scriptCheck({ name, file, options, settings }: KernelScript, job: BuildJob): Check {
  return remembered({
    id: file.replace('.pl', ''),
    name,
    inputs: async (log) => [
      await kernelScripts(log),
      ...options,
      ...(await sourceInputs(job.root, [...settings, 'kernel'])),
    ],
    run: async (log) => {
      const script = join(await kernelScripts(log), 'scripts', file);
      return findings('perl', [script, ...options, ...(await driverFiles(job.root))], job);
    },
  });
}

/** The kernel's own style check, as strict as it gets. It reads .checkpatch.conf where it is started. */
export function checkpatch(job: BuildJob): Check {
  const options = ['--no-tree', '--strict', '--terse', '--show-types', '--no-summary', '-f'];
  const name = 'driver: checkpatch --strict is silent';
  return scriptCheck({ name, file: 'checkpatch.pl', options, settings: ['.checkpatch.conf'] }, job);
}

/** Structured comments name every member and parameter there is, and no other, and what a function returns. */
export function kernelDoc(job: BuildJob): Check {
  const name = 'driver: kernel-doc is silent';
  return scriptCheck({ name, file: 'kernel-doc', options: ['-none', '-Werror'], settings: [] }, job);
}
