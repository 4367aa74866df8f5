// SPDX-License-Identifier: MIT
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cached } from '../../host/cache/cached.ts';
import { withLinuxSource } from '../../host/kernel/linux-source.ts';
import type { Log } from '../../base/log/log.ts';

/** What the checks read in the kernel's source tree. */
const wanted = [
  'scripts/checkpatch.pl',
  'scripts/spelling.txt',
  'scripts/const_structs.checkpatch',
  'scripts/kernel-doc',
  'scripts/coccinelle',
];

/** The folder with the kernel's own checks. They come only with its sources: 139 MB that are downloaded once, and 1 MB kept of them. */
export function kernelScripts(log: Log): Promise<string> {
  return withLinuxSource('6.1', log, (source) =>
    cached(
      'kernel-scripts',
      ['1', source.sha256, ...wanted],
      async (dir) => {
        const deb = await source.fetch(log);
        await log.step(`unpacking the checks of Linux ${source.version}`, () => source.unpack(deb, dir, wanted));
        await rm(dirname(deb), { recursive: true, force: true });
      },
      log,
    ),
  );
}
