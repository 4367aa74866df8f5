// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';
import { uImage } from './uimage.ts';
import { unpackZImage } from './unpack-zimage.ts';

/** Debian's kernels are for many chips, one of which needs the memory before this. */
const debianTextOffset = 0x208000;

/** Makes of a distribution's vmlinuz what QEMU's -kernel starts soonest. */
const forms: Readonly<Record<Architecture['kernel'], (vmlinuz: Buffer, name: string) => Promise<Buffer>>> = {
  async arm(zImage, name) {
    const kernel = await unpackZImage(zImage);
    return kernel ? uImage(kernel, name, debianTextOffset) : zImage;
  },
  // Not compressed, and it says in its header where it is to be loaded (Documentation/arm64/booting.rst).
  arm64: (image) => Promise.resolve(image),
};

export function bootable({ kernel }: Architecture, vmlinuz: Buffer, name: string): Promise<Buffer> {
  return forms[kernel](vmlinuz, name);
}
