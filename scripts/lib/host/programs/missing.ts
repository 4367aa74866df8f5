// SPDX-License-Identifier: MIT
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { HostPackage } from './packages.ts';

/** Debian keeps administrators' tools (modinfo) off the PATH of ordinary users. */
const extraPath = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Which of the packages this host lacks, judged by what they bring. */
export function missingPackages(packages: readonly HostPackage[]): HostPackage[] {
  const seen = new Set<string>();
  return packages.filter((entry) => {
    if (seen.has(entry.name)) return false;
    seen.add(entry.name);
    return findProvided(entry.provides) === undefined;
  });
}

/** Full path of a command or file, undefined when this host has none. */
export function findProvided(provides: string): string | undefined {
  if (isAbsolute(provides)) return isReadable(provides, constants.R_OK) ? provides : undefined;
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...extraPath];
  return directories.map((directory) => join(directory, provides)).find((path) => isReadable(path, constants.X_OK));
}

function isReadable(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
