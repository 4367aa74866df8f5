// SPDX-License-Identifier: MIT
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const day = 86_400_000;
/** As many of one kind stay however old they are within a month: several kernels, several checkouts. */
const fewEnough = 12;

/**
 * Removes what nobody used for a month, and leftovers of killed builders. Of a kind that has much, it removes what
 * nobody used for a day. It is called after something was added. So a cache that is only used never loses anything.
 */
export async function prune(kindDirectory: string, keep: string): Promise<void> {
  const now = Date.now();
  const entries: { path: string; age: number }[] = [];
  for (const name of await readdir(kindDirectory)) {
    const path = join(kindDirectory, name);
    const found = await stat(path).catch(() => undefined);
    if (path !== keep && found?.isDirectory()) entries.push({ path, age: now - found.mtimeMs });
  }
  entries.sort((a, b) => a.age - b.age);
  for (const [rank, { path, age }] of entries.entries()) {
    const limit = path.includes('.tmp-') || rank >= fewEnough ? day : 30 * day;
    if (age > limit) await rm(path, { recursive: true, force: true });
  }
}
