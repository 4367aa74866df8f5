// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';
import { uImage } from './uimage.ts';
import { unpackZImage } from './unpack-zimage.ts';

/** Debian's kernels are for many chips. One of these needs the memory before this offset. */
const debianTextOffset = 0x208000;

/** Turns a distribution's vmlinuz into what QEMU's -kernel starts fastest. */
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
