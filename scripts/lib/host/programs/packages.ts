// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';
import { boardKernel, type KernelVersion } from '../../base/target/kernels.ts';

/** A Debian package this host must have, and how its presence is seen without asking dpkg (hosts need not be Debian). */
export interface HostPackage {
  readonly name: string;
  readonly reason: string;
  /** a command on PATH, or the absolute path of a file, that it brings */
  readonly provides: string;
}

/** A package whose presence shows by a command of the same name, unless it is said otherwise. */
function needed(name: string, reason: string, provides = name): HostPackage {
  return { name, reason, provides };
}

/** Compiler, binutils and C library for what runs on a board. */
export const crossPackages: Readonly<Record<Architecture['debian'], readonly HostPackage[]>> = {
  armhf: [
    needed(
      'gcc-arm-linux-gnueabihf',
      'cross-compiles the driver, the firmware and the agent',
      'arm-linux-gnueabihf-gcc',
    ),
    needed('libc6-dev-armhf-cross', 'C library for the agent on the board', '/usr/arm-linux-gnueabihf/include/stdio.h'),
  ],
  arm64: [
    needed('gcc-aarch64-linux-gnu', 'cross-compiles what runs on 64-bit boards', 'aarch64-linux-gnu-gcc'),
    needed(
      'libc6-dev-arm64-cross',
      'C library for the agent on a 64-bit board',
      '/usr/aarch64-linux-gnu/include/stdio.h',
    ),
  ],
};

/** The C++ compilers of tests alone: nobody needs one to build, deploy or stream. */
export const testPackages: readonly HostPackage[] = [
  needed('g++', "compiles the C++ header's sample for the unit tests on this host"),
  needed('g++-arm-linux-gnueabihf', "compiles the C++ header's sample for the board tests", 'arm-linux-gnueabihf-g++'),
];

const test64Packages: readonly HostPackage[] = [
  needed(
    'g++-aarch64-linux-gnu',
    "compiles the C++ header's sample for tests on 64-bit boards",
    'aarch64-linux-gnu-g++',
  ),
];

/** What boards with these kernels need on top of what every board needs. */
export function kernelPackages(...kernels: readonly KernelVersion[]): readonly HostPackage[] {
  return kernels.map(boardKernel).flatMap(({ architecture }) => crossPackages[architecture.debian]);
}

/** What board tests with these kernels need on top of that. */
export function boardTestPackages(...kernels: readonly KernelVersion[]): readonly HostPackage[] {
  const is64 = kernels.some((kernel) => boardKernel(kernel).programs.debian === 'arm64');
  return [...testPackages, ...(is64 ? test64Packages : [])];
}

/** What building and testing needs. The emulator has a list of its own. */
export const buildPackages: readonly HostPackage[] = [
  ...crossPackages.armhf,
  needed('make', 'builds the driver, the firmware and the agent'),
  needed('gcc', 'compiles the protocol code for the unit tests on this host'),
  needed('libc6-dev', 'C library headers for the unit tests', '/usr/include/stdio.h'),
  needed('kmod', 'reads the kernel version a module was built for', 'modinfo'),
  needed('openssl', 'the kernel build tools are linked against its library'),
];

/** What the static checks of `npm test` need on top. */
export const checkPackages: readonly HostPackage[] = [
  needed('sparse', 'checks the address spaces and locks in the driver'),
  needed('rsync', 'takes the sources for Buildroot as Buildroot does'),
  needed('perl', "runs the kernel's checkpatch and kernel-doc"),
  needed('clang-format', 'checks how the C is laid out'),
  needed('coccinelle', "looks for known kinds of mistakes with the kernel's semantic patches", 'spatch'),
  needed(
    'lava-common',
    "checks the LAVA job with LAVA's own schemas",
    '/usr/lib/python3/dist-packages/lava_common/schemas/__init__.py',
  ),
  needed('mypy', "checks the types of the targets' Python"),
];

/** What building the sanitizer's kernel needs on top. */
export const sanitizePackages: readonly HostPackage[] = [
  needed('flex', "reads the sanitizer kernel's configuration"),
  needed('bison', "reads the sanitizer kernel's configuration"),
  needed('patch', "patches the sanitizer kernel's sources"),
  needed('bc', "computes the sanitizer kernel's time constants"),
];

/** What `npm run fuzz` needs: libFuzzer is part of clang's runtime, of the same version. */
export const fuzzPackages: readonly HostPackage[] = [
  needed('clang-14', 'compiles the fuzz targets'),
  needed('libclang-rt-14-dev', 'libFuzzer and the sanitizers', '/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux'),
];

/** What building the driver for every kernel of the matrix needs on top. */
export const matrixPackages = crossPackages.arm64;

/** What making and running an emulated board needs on top. */
export const emulatorPackages: readonly HostPackage[] = [
  needed('qemu-system-arm', 'runs the emulated board'),
  needed('dpkg-dev', "unpacks QEMU's sources for their headers", 'dpkg-source'),
  needed('python3', "runs QEMU's generator of headers"),
  needed('device-tree-compiler', "edits the emulated board's device tree", 'dtc'),
  needed('cpio', "packs the emulated board's file system"),
  needed('xz-utils', "unpacks Debian's kernel and modules", 'xz'),
  needed('patchelf', "lets newer kernels' build tools run on this host"),
  needed('openssh-client', "makes the emulated boards' keys", 'ssh-keygen'),
  needed('util-linux', 'locks of the cache (flock)', 'flock'),
  needed(
    'debian-archive-keyring',
    "checks the signatures of Debian's archive",
    '/usr/share/keyrings/debian-archive-keyring.gpg',
  ),
];
