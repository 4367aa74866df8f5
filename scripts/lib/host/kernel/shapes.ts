// SPDX-License-Identifier: MIT
/** What a kernel is here, whoever made it: a directory to build modules in, and an image to boot. */
import type { Architecture } from '../../base/target/architecture.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';

export interface KernelBuild {
  readonly version: KernelVersion;
  readonly architecture: Architecture;
  /** uname -r */
  readonly release: string;
  /** what make -C takes */
  readonly dir: string;
  readonly makeArguments: readonly string[];
  /** more of them, for the driver only */
  readonly driverArguments?: readonly string[];
}

export interface KernelImage {
  readonly version: KernelVersion;
  /** uname -r */
  readonly release: string;
  /** what QEMU's -kernel takes */
  readonly image: string;
  /** lib/modules/<release>: board-modules.ts and what they need, stripped, with modules.dep */
  readonly modules: string;
  /** what it brings for the emulated board, where that is a board that it knows */
  readonly deviceTree?: string;
}
