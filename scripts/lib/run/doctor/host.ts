// SPDX-License-Identifier: MIT
import { statfs, writeFile, rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../../host/cache/make-directory.ts';
import { cacheRoot } from '../../host/cache/root.ts';
import { findProvided, missingPackages } from '../../host/programs/missing.ts';
import {
  buildPackages,
  checkPackages,
  emulatorPackages,
  testPackages,
  type HostPackage,
} from '../../host/programs/packages.ts';
import { installCommand } from '../../host/programs/prepare.ts';
import type { Finding } from './finding.ts';

/** All that this host needs for building and testing. */
export const allPackages: readonly HostPackage[] = [
  ...buildPackages,
  ...testPackages,
  ...checkPackages,
  ...emulatorPackages,
];

/** What a first run downloads and makes, with some to spare: the README says so as well. */
export const wantedBytes = 1e9;

export async function hostFindings(): Promise<Finding[]> {
  return [nodeFinding(), machineFinding(), await cacheFinding(), ...packageFindings()];
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 18);
  const base = { about: 'host', what: 'Node.js', detail: process.versions.node } as const;
  return fits ? { ...base, state: 'ok' } : { ...base, state: 'missing', remedy: 'install Node.js 20.18 or newer' };
}

function machineFinding(): Finding {
  const memory = `${(totalmem() / 1e9).toFixed(0)} GB of memory`;
  const small = totalmem() < 3e9 ? 'note' : 'ok';
  return { about: 'host', what: 'machine', state: small, detail: `${availableParallelism()} cores, ${memory}` };
}

async function cacheFinding(): Promise<Finding> {
  const root = cacheRoot();
  const base = { about: 'host', what: 'cache' } as const;
  try {
    await makeDirectory(root);
    const probe = join(root, `.doctor-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    const { bavail, bsize } = await statfs(root);
    const free = bavail * bsize;
    const detail = `${root}, ${(free / 1e9).toFixed(1)} GB free`;
    if (free >= wantedBytes) return { ...base, state: 'ok', detail };
    return { ...base, state: 'note', detail, remedy: 'RPMSG_SDB_CACHE=DIR moves it to a larger disk' };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...base, state: 'missing', detail, remedy: 'RPMSG_SDB_CACHE=DIR moves it to where you may write' };
  }
}

function packageFindings(): Finding[] {
  const missing = missingPackages(allPackages);
  const unique = allPackages.filter((entry, i) => allPackages.findIndex((other) => other.name === entry.name) === i);
  return unique.map((entry): Finding => {
    const base = { about: 'host', what: entry.name } as const;
    if (!missing.some((lacking) => lacking.name === entry.name)) {
      return { ...base, state: 'ok', detail: findProvided(entry.provides) ?? entry.provides };
    }
    return { ...base, state: 'missing', detail: entry.reason, remedy: installCommand([entry]) };
  });
}
