// SPDX-License-Identifier: MIT
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { AptRoot } from '../debian/apt-root.ts';
import { closure } from '../debian/closure.ts';
import type { Selection } from '../debian/pin.ts';
import type { Stanza } from '../debian/stanza.ts';
import { withPackages } from '../debian/with-packages.ts';
import { type BoardKernel, boardKernels, type DebianKernel, suites } from '../../base/target/kernels.ts';

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
  const kernel = boardKernels[version];
  return withPackages(selectionOf(kernel), log, (packages) => work(sorted(kernel, packages)));
}

function selectionOf(kernel: BoardKernel): Selection {
  return {
    name: `kernel-${kernel.flavour}`,
    suite: suites[kernel.series],
    revision: 1,
    architecture: kernel.architecture.debian,
    select: (apt, host) => select(kernel, apt, host),
  };
}

// Both meta packages at once, so that image and headers are always of the same build.
async function select({ architecture, flavour }: BoardKernel, apt: AptRoot, host: string): Promise<readonly Stanza[]> {
  const kernel = await closure(
    apt,
    [`linux-image-${flavour}`, `linux-headers-${flavour}`],
    (name) => (name.startsWith('linux-kbuild-') ? host : architecture.debian),
    (name) => /^linux-(image|binary|modules|headers|kbuild)/.test(name) || isBase(flavour, name),
  );
  // The build tools run on this host, whose libc may be older than the suite's. The few that need more than libc
  // (objtool, resolve_btfids, sign-file) have no part in building a module for ARM.
  return [...kernel, await apt.show('libc6', host)];
}

/** What newer suites have of a kernel besides its binary and its modules. */
function isBase(flavour: string, name: string): boolean {
  return name.startsWith('linux-base-') && name.endsWith(`-${flavour}`);
}

function sorted({ series, flavour }: BoardKernel, packages: readonly Stanza[]): KernelPackages {
  const release = packages
    .map(({ name }) => name.replace(/^linux-image-/, ''))
    .find((name) => /^\d/.test(name) && name.endsWith(`-${flavour}`));
  if (!release?.startsWith(`${series}.`)) {
    throw new Failure('host', `Debian ${suites[series]} has kernel ${release ?? '?'}, not ${series}`, {
      remedy: 'take a version of rpmsg_sdb that knows this kernel, or test on the others with --kernel',
    });
  }
  const ofImage = ({ name }: Stanza): boolean => /^linux-(image|binary|modules)-\d/.test(name);
  return {
    release,
    image: packages.filter((one) => ofImage(one) || one.name === `linux-base-${release}`),
    build: packages.filter((one) => !ofImage(one) && !isMeta(flavour, one.name)),
  };
}

function isMeta(flavour: string, name: string): boolean {
  return name === `linux-image-${flavour}` || name === `linux-headers-${flavour}`;
}
