// SPDX-License-Identifier: MIT
/** Debian's armhf kernels, oldest first. 5.10 has no RPMSG_VIRTIO: modules are built for it, but no board runs it. */
const debianKernels = ['5.10', '6.1', '6.12', '7.2'] as const;

/** A 6.1 of our own, built with every detector that Debian's leave out. */
export const sanitizeKernel = 'sanitize';

export const kernelVersions = [...debianKernels, sanitizeKernel] as const;

export type DebianKernel = (typeof debianKernels)[number];
export type KernelVersion = (typeof kernelVersions)[number];

/** A suite carries one kernel; which update of it, its meta packages say. */
export const suites: Readonly<Record<DebianKernel, string>> = {
  '5.10': 'bullseye',
  '6.1': 'bookworm',
  '6.12': 'trixie',
  '7.2': 'sid',
};
