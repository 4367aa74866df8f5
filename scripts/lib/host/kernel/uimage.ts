// SPDX-License-Identifier: MIT
import { crc32 } from 'node:zlib';

/** Where an STM32MP15 has its DDR. */
const memory = 0xc0000000;

/**
 * A bare ARM kernel in the legacy U-Boot format (doc/uImage in U-Boot; include/image.h there has the layout). QEMU loads
 * a raw file at the address of a zImage; only this header makes it load an uncompressed kernel where it must be: textOffset
 * bytes into the memory (TEXT_OFFSET in arch/arm/Makefile, which depends on the kernel's configuration).
 */
export function uImage(kernel: Buffer, name: string, textOffset: number): Buffer {
  const loadAddress = memory + textOffset;
  const header = Buffer.alloc(64);
  const fields = [0x27051956, 0, 0, kernel.length, loadAddress, loadAddress, crc32(kernel)];
  fields.forEach((value, index) => header.writeUInt32BE(value, index * 4));
  header.set([5 /* Linux */, 2 /* ARM */, 2 /* kernel */, 0 /* not compressed */], 28);
  header.write(name.slice(0, 31), 32, 'latin1');
  header.writeUInt32BE(crc32(header), 4);
  return Buffer.concat([header, kernel]);
}
