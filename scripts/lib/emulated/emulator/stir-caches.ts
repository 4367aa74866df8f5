// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import type { CacheSettings } from '../../base/target/caches.ts';
import type { Log } from '../../base/log/log.ts';
import type { QemuProcess } from './qemu-process.ts';

/**
 * From now on lines of the board's caches are evicted and loaded by chance. The seed is logged. A snapshot has no such
 * settings, so they are set at each start.
 */
export async function stirCaches(qemu: QemuProcess, settings: CacheSettings, log: Log): Promise<void> {
  const { evictions, speculations, seed = randomInt(1, 1_000_000) } = settings;
  const monitor = await qemu.monitor();
  const set = (property: string, value: number): Promise<unknown> =>
    monitor.execute('qom-set', { path: '/machine/cache', property, value });
  await set('seed', seed);
  await set('evictions-ms', evictions);
  await set('speculations-ms', speculations);
  monitor.close();
  log.info(`caches: evictions=${evictions},speculations=${speculations},seed=${seed}`);
}
