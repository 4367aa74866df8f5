// SPDX-License-Identifier: MIT
import { InvalidArgumentError } from 'commander';
import type { CacheSettings } from '../target/caches.ts';

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** "4096", "32K", "1M", "256MiB": bytes, binary units. */
export function parseBytes(text: string): number {
  const match = /^(\d+)\s*([kmg]?)(?:i?b)?$/i.exec(text);
  const bytes = match ? Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? NaN) : NaN;
  if (!Number.isSafeInteger(bytes) || bytes === 0) {
    throw new InvalidArgumentError('Give a size such as 4096, 32K, 1M or 256MiB.');
  }
  return bytes;
}

/** A whole number from 1 up. */
export function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number from 1 up.');
  return count;
}

/** A whole number, 0 included: the coprocessor takes a rate of 0 as "as fast as possible". */
export function parseRate(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give fills per second, 0 for as fast as possible.');
  return Number(text);
}

/** Decimal or 0x…, as the coprocessor's test endpoint takes them (32 bits); returned as it was typed. */
export function parseNumber32(text: string): string {
  if (!/^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) || Number(text) > 0xffffffff) {
    throw new InvalidArgumentError('Give a 32-bit number, decimal or 0x….');
  }
  return text;
}

/** What --caches is, wherever it is taken. */
export const cachesHelp =
  'with caches that the coprocessor does not see; settings: evictions=MS,speculations=MS,seed=N';

/** "seed=7,evictions=200,speculations=0", any of them. */
export function parseCaches(text: string): Partial<CacheSettings> {
  const fields = text.split(',').map((word): readonly [string, number] => {
    const [, key = '', number = ''] = /^(evictions|speculations|seed)=(\d{1,9})$/.exec(word) ?? [];
    if (key === '') {
      throw new InvalidArgumentError('Give evictions=MS, speculations=MS and seed=N, separated by commas.');
    }
    return [key, Number(number)];
  });
  return Object.fromEntries(fields);
}

/** Seconds, fractions allowed. */
export function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(seconds > 0) || seconds > 86_400) {
    throw new InvalidArgumentError('Give seconds, more than 0 and no more than a day.');
  }
  return seconds;
}
