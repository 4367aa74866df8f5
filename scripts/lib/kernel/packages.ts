// SPDX-License-Identifier: MIT
import { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';
import type { AptRoot } from '../debian/apt-root.ts';
import { closure } from '../debian/closure.ts';
import type { Selection } from '../debian/pin.ts';
import type { Stanza } from '../debian/stanza.ts';
import { withPackages } from '../debian/with-packages.ts';
import { type DebianKernel, suites } from './versions.ts';

export interface KernelPackages {
  /** uname -r */
  readonly release: string;
  /** vmlinuz and modules */
  readonly image: readonly Stanza[];
  /** headers, and the build tools with the libraries they were linked against */
  readonly build: readonly Stanza[];
}

/** Hands work the kernel's packages. */
export function withKernelPackages<T>(
  version: DebianKernel,
  log: Log,
  work: (packages: KernelPackages) => Promise<T>,
): Promise<T> {
  return withPackages(selectionOf(version), log, (packages) => work(sorted(version, packages)));
}

function selectionOf(version: DebianKernel): Selection {
  return { name: 'kernel', suite: suites[version], revision: 1, select };
}

// Both meta packages at once, so that image and headers are always of the same build.
async function select(apt: AptRoot, host: string): Promise<readonly Stanza[]> {
  const kernel = await closure(
    apt,
    ['linux-image-armmp', 'linux-headers-armmp'],
    (name) => (name.startsWith('linux-kbuild-') ? host : 'armhf'),
    (name) => /^linux-(image|binary|modules|headers|kbuild|base-.*armmp)/.test(name),
  );
  // The build tools run on this host, whose libc may be older than the suite's. The few that need more than libc
  // (objtool, resolve_btfids, sign-file) have no part in building a module for ARM.
  return [...kernel, await apt.show('libc6', host)];
}

function sorted(version: DebianKernel, packages: readonly Stanza[]): KernelPackages {
  const release = packages.flatMap(({ name }) => /^linux-image-(\d.*-armmp)$/.exec(name)?.[1] ?? [])[0];
  if (!release?.startsWith(`${version}.`)) {
    throw new Failure('host', `Debian ${suites[version]} has kernel ${release ?? '?'}, not ${version}`, {
      remedy: 'take a version of rpmsg_sdb that knows this kernel, or test on the others with --kernel',
    });
  }
  const ofImage = ({ name }: Stanza): boolean => /^linux-(image|binary|modules)-\d/.test(name);
  return {
    release,
    image: packages.filter((one) => ofImage(one) || one.name === `linux-base-${release}`),
    build: packages.filter((one) => !ofImage(one) && !/^linux-\w+-armmp$/.test(one.name)),
  };
}
