// SPDX-License-Identifier: MIT
import { cacheKernels } from '../../base/target/caches.ts';
import { kernelVersions } from '../../base/target/kernels.ts';
import { quote } from '../../base/process/quote.ts';
import { cachesName, emulatedName, inventoryVariable } from './load.ts';

const everywhere: ReadonlySet<string> = new Set([...kernelVersions.map(emulatedName), ...cacheKernels.map(cachesName)]);

/**
 * How a person names this board on a command line. The inventory is named too, unless it is the one that is always
 * read.
 */
export function boardOption(name: string): string {
  const file = process.env[inventoryVariable];
  return file === undefined || everywhere.has(name) ? `--board ${name}` : `--boards ${quote(file)} --board ${name}`;
}
