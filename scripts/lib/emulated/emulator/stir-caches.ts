// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import type { CacheSettings } from '../../base/target/caches.ts';
import type { Log } from '../../base/log/log.ts';
import type { QemuProcess } from './qemu-process.ts';

/** Has the lines of a board's caches come and go from now on, by a seed that is told. A snapshot knows nothing of it. */
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
