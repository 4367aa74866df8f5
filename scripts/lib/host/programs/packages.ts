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

/** Compiler, binutils and C library for what runs on a board. */
export const crossPackages: Readonly<Record<Architecture['debian'], readonly HostPackage[]>> = {
  armhf: [
    {
      name: 'gcc-arm-linux-gnueabihf',
      reason: 'cross-compiles the driver, the firmware and the agent',
      provides: 'arm-linux-gnueabihf-gcc',
    },
    {
      name: 'libc6-dev-armhf-cross',
      reason: 'C library for the agent, which runs on the board',
      provides: '/usr/arm-linux-gnueabihf/include/stdio.h',
    },
  ],
  arm64: [
    {
      name: 'gcc-aarch64-linux-gnu',
      reason: 'cross-compiles the driver for 64-bit kernels, and what runs on them',
      provides: 'aarch64-linux-gnu-gcc',
    },
    {
      name: 'libc6-dev-arm64-cross',
      reason: 'C library for the agent on a 64-bit board',
      provides: '/usr/aarch64-linux-gnu/include/stdio.h',
    },
  ],
};

/** What boards with these kernels need on top of what every board needs. */
export function kernelPackages(...kernels: readonly KernelVersion[]): readonly HostPackage[] {
  return kernels.map(boardKernel).flatMap(({ architecture }) => crossPackages[architecture.debian]);
}

/** What building and testing needs. The emulator has a list of its own. */
export const buildPackages: readonly HostPackage[] = [
  ...crossPackages.armhf,
  { name: 'make', reason: 'builds the driver, the firmware and the agent', provides: 'make' },
  { name: 'gcc', reason: 'compiles the protocol code for the unit tests on this host', provides: 'gcc' },
  { name: 'libc6-dev', reason: 'C library headers for the unit tests', provides: '/usr/include/stdio.h' },
  { name: 'kmod', reason: 'reads the kernel version a module was built for', provides: 'modinfo' },
  { name: 'openssl', reason: 'the kernel build tools are linked against its library', provides: 'openssl' },
];

/** What the static checks of `npm test` need on top. */
export const checkPackages: readonly HostPackage[] = [
  { name: 'sparse', reason: 'checks the address spaces and locks in the driver', provides: 'sparse' },
  { name: 'rsync', reason: 'takes the sources for Buildroot as Buildroot does', provides: 'rsync' },
  { name: 'perl', reason: "runs the kernel's checkpatch and kernel-doc", provides: 'perl' },
  { name: 'clang-format', reason: 'checks how the C is laid out', provides: 'clang-format' },
  {
    name: 'coccinelle',
    reason: "looks for known kinds of mistakes with the kernel's semantic patches",
    provides: 'spatch',
  },
  {
    name: 'lava-common',
    reason: "checks the LAVA job with LAVA's own schemas",
    provides: '/usr/lib/python3/dist-packages/lava_common/schemas/__init__.py',
  },
  { name: 'mypy', reason: "checks the types of the targets' Python", provides: 'mypy' },
];

/** What building the sanitizer's kernel needs on top. */
export const sanitizePackages: readonly HostPackage[] = [
  { name: 'flex', reason: "reads the sanitizer kernel's configuration", provides: 'flex' },
  { name: 'bison', reason: "reads the sanitizer kernel's configuration", provides: 'bison' },
  { name: 'patch', reason: "patches the sanitizer kernel's sources", provides: 'patch' },
  { name: 'bc', reason: "computes the sanitizer kernel's time constants", provides: 'bc' },
];

/** What `npm run fuzz` needs: libFuzzer is part of clang's runtime, of the same version. */
export const fuzzPackages: readonly HostPackage[] = [
  { name: 'clang-14', reason: 'compiles the fuzz targets', provides: 'clang-14' },
  {
    name: 'libclang-rt-14-dev',
    reason: 'libFuzzer and the sanitizers',
    provides: '/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux',
  },
];

/** What building the driver for every kernel of the matrix needs on top. */
export const matrixPackages = crossPackages.arm64;

/** What making and running an emulated board needs on top. */
export const emulatorPackages: readonly HostPackage[] = [
  { name: 'qemu-system-arm', reason: 'runs the emulated board', provides: 'qemu-system-arm' },
  { name: 'dpkg-dev', reason: "unpacks QEMU's sources for their headers", provides: 'dpkg-source' },
  { name: 'python3', reason: "runs QEMU's generator of headers", provides: 'python3' },
  { name: 'device-tree-compiler', reason: "edits the emulated board's device tree", provides: 'dtc' },
  { name: 'cpio', reason: "packs the emulated board's file system", provides: 'cpio' },
  { name: 'xz-utils', reason: "unpacks Debian's kernel and modules", provides: 'xz' },
  { name: 'patchelf', reason: "lets newer kernels' build tools run on this host", provides: 'patchelf' },
  { name: 'openssh-client', reason: "makes the emulated boards' keys", provides: 'ssh-keygen' },
  { name: 'util-linux', reason: 'locks of the cache (flock)', provides: 'flock' },
  {
    name: 'debian-archive-keyring',
    reason: "checks the signatures of Debian's archive",
    provides: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
];
