// SPDX-License-Identifier: MIT
import type { Log } from '../../base/log/log.ts';
import { PackageGone } from './fetch.ts';
import { pinned, type Selection, unpin } from './pin.ts';
import type { Stanza } from './stanza.ts';

/** Hands work the selected packages. When the archive has replaced them, looks them up again and works with those. */
export async function withPackages<T>(
  selection: Selection,
  log: Log,
  work: (packages: readonly Stanza[]) => Promise<T>,
): Promise<T> {
  try {
    return await work(await pinned(selection, log));
  } catch (error) {
    if (!(error instanceof PackageGone)) throw error;
    log.info(`Debian ${selection.suite} has replaced a package (${error.message}); looking it up again`);
    await unpin(selection);
    return work(await pinned(selection, log));
  }
}
