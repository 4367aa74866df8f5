// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import type { Step } from '../../base/log/log.ts';

/** Unpacks the packages' files below dir, without running anything of theirs. */
export async function unpackPackages(debs: readonly string[], dir: string, step: Step): Promise<void> {
  for (const [index, deb] of debs.entries()) {
    step.progress(`package ${index + 1} of ${debs.length}`);
    await execa('dpkg-deb', ['--extract', deb, dir]);
  }
}
