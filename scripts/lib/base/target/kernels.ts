// SPDX-License-Identifier: MIT
/** The kernels of the emulated board: Debian's, by the name that --kernel takes, and one of our own. */
import { type Architecture, arm, arm64 } from './architecture.ts';

/** A suite has one kernel. Its meta packages say which update of it. */
export const suites = {
  '5.10': 'bullseye',
  '6.1': 'bookworm',
  '6.12': 'trixie',
  '7.2': 'sid',
} as const;

export type Series = keyof typeof suites;

export interface BoardKernel {
  readonly series: Series;
  readonly architecture: Architecture;
  /** Debian's kernel for many boards of this architecture, as in linux-image-<flavour> */
  readonly flavour: string;
  /** what the programs on the board are built for: the kernel's own, or its 32-bit predecessor */
  readonly programs: Architecture;
}

function armhf(series: Series): BoardKernel {
  return { series, architecture: arm, flavour: 'armmp', programs: arm };
}

function aarch64(series: Series, programs: Architecture): BoardKernel {
  return { series, architecture: arm64, flavour: 'arm64', programs };
}

/** Oldest first. 5.10 has no RPMSG_VIRTIO: modules are built for it, but no board runs it. */
export const boardKernels = {
  '5.10': armhf('5.10'),
  '6.1': armhf('6.1'),
  '6.12': armhf('6.12'),
  '7.2': armhf('7.2'),
  'arm64-6.1': aarch64('6.1', arm64),
  'arm64-6.1-compat': aarch64('6.1', arm),
  'arm64-6.12': aarch64('6.12', arm64),
} as const satisfies Readonly<Record<string, BoardKernel>>;

/** A 6.1 for armhf of our own, built with every detector that Debian's leave out. */
export const sanitizeKernel = 'sanitize';

export type DebianKernel = keyof typeof boardKernels;
export type KernelVersion = DebianKernel | typeof sanitizeKernel;

export const kernelVersions = [...(Object.keys(boardKernels) as DebianKernel[]), sanitizeKernel] as const;

export function boardKernel(version: KernelVersion): BoardKernel {
  return version === sanitizeKernel ? boardKernels['6.1'] : boardKernels[version];
}
