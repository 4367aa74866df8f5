// SPDX-License-Identifier: MIT
import { cacheKernels, defaultCaches, type CacheSettings } from '../../base/target/caches.ts';
import { Failure } from '../../base/failure/failure.ts';
import { cachesEntry, type EmulatedEntry } from '../../board/inventory/load.ts';

/** The same emulated board with caches, where --caches asks for them; what it does not set is by default. */
export function withCaches(
  entry: EmulatedEntry,
  asked: Partial<CacheSettings> | true | undefined,
  byDefault = entry.caches ?? defaultCaches,
): EmulatedEntry {
  if (asked === undefined) return entry;
  if (!cacheKernels.includes(entry.kernel)) {
    throw new Failure('usage', `the board that runs ${entry.kernel} has no model of a cache`, {
      remedy: `choose one of ${cacheKernels.join(', ')}`,
    });
  }
  return cachesEntry(entry.kernel, { ...byDefault, ...(asked === true ? {} : asked) });
}
