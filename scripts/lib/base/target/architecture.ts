// SPDX-License-Identifier: MIT

/** What programs and kernels are built for. */
export interface Architecture {
  /** Debian's name for it */
  readonly debian: 'armhf' | 'arm64';
  /** the kernel's name for it, its ARCH */
  readonly kernel: 'arm' | 'arm64';
  /** width of a pointer */
  readonly bits: 32 | 64;
  /** in front of the names of compiler and binutils */
  readonly crossCompile: string;
  /** Debian's folder for its libraries, below lib and usr/lib */
  readonly multiarch: string;
}

export const arm: Architecture = {
  debian: 'armhf',
  kernel: 'arm',
  bits: 32,
  crossCompile: 'arm-linux-gnueabihf-',
  multiarch: 'arm-linux-gnueabihf',
};

export const arm64: Architecture = {
  debian: 'arm64',
  kernel: 'arm64',
  bits: 64,
  crossCompile: 'aarch64-linux-gnu-',
  multiarch: 'aarch64-linux-gnu',
};
