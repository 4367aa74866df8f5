// SPDX-License-Identifier: MIT
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { BuildJob } from '../build/job.ts';
import { sourceFiles } from '../build/sources.ts';
import { cached } from '../cache/cached.ts';
import { fetchPackages } from '../debian/fetch.ts';
import { pinned, type Selection } from '../debian/pin.ts';
import { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';
import type { Check } from '../test-run/check.ts';

const selection: Selection = {
  name: 'checkpatch',
  suite: 'bookworm',
  revision: 1,
  select: async (apt) => [await apt.show('linux-source-6.1', 'all')],
};

/** What checkpatch reads, in the kernel's source tree. */
const wanted = ['scripts/checkpatch.pl', 'scripts/spelling.txt', 'scripts/const_structs.checkpatch'];

/** The kernel's own style check, as strict as it gets. */
export function checkpatch(job: BuildJob): Check {
  return {
    name: 'driver: checkpatch --strict is silent',
    async run(log) {
      const scripts = await checkpatchScripts(log);
      const files = (await sourceFiles(job.root, ['kernel'])).filter((file) => /\.[ch]$/.test(file));
      const result = await execa(
        'perl',
        [
          join(scripts, 'checkpatch.pl'),
          '--no-tree',
          '--strict',
          '--terse',
          '--show-types',
          '--no-summary',
          '-f',
          ...files,
        ],
        { reject: false, all: true, cancelSignal: job.signal },
      );
      const found = result.all.replaceAll(`${job.root}/`, '').trim();
      if (result.failed && found === '') throw new Failure('host', 'checkpatch does not run', { cause: result.cause });
      return found === '' ? undefined : found;
    },
  };
}

/** checkpatch comes only with the kernel's sources: 139 MB that are downloaded once, and three files kept of them. */
async function checkpatchScripts(log: Log): Promise<string> {
  const packages = await pinned(selection, log);
  return cached(
    'checkpatch',
    packages.map(({ sha256 }) => sha256),
    async (dir) => {
      const [deb = ''] = await fetchPackages("checkpatch: downloading the kernel's sources", packages, log);
      await log.step('checkpatch: unpacking', async () => {
        // execa keeps what passes through a pipe unless told otherwise, and gives up at 100 MB.
        const passing = { buffer: false } as const;
        const members = wanted.map((name) => `linux-source-6.1/${name}`);
        await execa('dpkg-deb', ['--fsys-tarfile', deb], passing)
          .pipe('tar', ['-xO', './usr/src/linux-source-6.1.tar.xz'], passing)
          .pipe('tar', ['-xJ', '-C', dir, '--strip-components=2', ...members]);
      });
      // 139 MB for three small files: not worth keeping.
      await rm(dirname(deb), { recursive: true, force: true });
    },
    log,
  );
}
