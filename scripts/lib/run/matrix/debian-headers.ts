// SPDX-License-Identifier: MIT
import { closure } from '../../host/debian/closure.ts';
import type { Selection } from '../../host/debian/pin.ts';
import type { Stanza } from '../../host/debian/stanza.ts';
import { withPackages } from '../../host/debian/with-packages.ts';
import { Failure } from '../../base/failure/failure.ts';
import { kernelBuild, unpackedHeaders } from '../../host/kernel/build-directory.ts';
import { makeArguments } from '../../host/kernel/make-arguments.ts';
import { boardKernels, type DebianKernel, suites } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import type { PackagedKernel } from './kernels.ts';

export interface BuildDirectory {
  /** uname -r */
  readonly release: string;
  /** what make -C takes */
  readonly dir: string;
  readonly makeArguments: readonly string[];
}

/** A directory to build modules in, for any flavour of Debian's kernels. */
export async function debianHeaders(kernel: PackagedKernel, log: Log): Promise<BuildDirectory> {
  // The boards' own, which is in the cache already.
  const ofBoard = boardKernelOf(kernel);
  if (ofBoard !== undefined) return kernelBuild(ofBoard, log);
  return withPackages(selectionOf(kernel), log, (packages) => unpacked(kernel, packages, log));
}

function boardKernelOf({ version, flavour }: PackagedKernel): DebianKernel | undefined {
  const names = Object.keys(boardKernels) as DebianKernel[];
  return names.find((name) => boardKernels[name].series === version && boardKernels[name].flavour === flavour);
}

function selectionOf({ version, machine, flavour }: PackagedKernel): Selection {
  return {
    name: `headers-${flavour}`,
    suite: suites[version],
    revision: 1,
    architecture: machine.debian,
    select: async (apt, host) => [
      ...(await closure(
        apt,
        [`linux-headers-${flavour}`],
        (name) => (name.startsWith('linux-kbuild-') ? host : machine.debian),
        (name) => /^linux-(headers|kbuild)-/.test(name),
      )),
      // What the kernel's build tools run with, should the host's be older.
      await apt.show('libc6', host),
    ],
  };
}

async function unpacked(kernel: PackagedKernel, packages: readonly Stanza[], log: Log): Promise<BuildDirectory> {
  const { version, flavour } = kernel;
  const ending = `-${flavour}`;
  const release = packages
    .map(({ name }) => name.replace(/^linux-headers-/, ''))
    .find((name) => /^\d/.test(name) && name.endsWith(ending));
  if (!release?.startsWith(`${version}.`)) {
    throw new Failure('host', `Debian ${suites[version]} has kernel ${release ?? '?'} for ${flavour}, not ${version}`);
  }
  const needed = packages.filter(({ name }) => name !== `linux-headers${ending}`);
  return { release, dir: await unpackedHeaders(release, needed, log), makeArguments: makeArguments(kernel.machine) };
}
