// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';

const xz = Buffer.from('\xfd7zXZ\0', 'latin1');

/**
 * The kernel inside a compressed ARM zImage, or undefined when it is compressed in another way than Debian's are.
 * The emulated core would need ten seconds for what the host does in a blink.
 */
export async function unpackZImage(zImage: Buffer): Promise<Buffer | undefined> {
  // arch/arm/boot/compressed/vmlinux.lds.S: a tagged table names where the payload's length word lies, at its very end.
  const tag = zImage.indexOf('KLSZ');
  if (tag < 0) return undefined;
  const end = zImage.readUInt32LE(tag + 4);
  if (end + 4 > zImage.length) return undefined;
  const length = zImage.readUInt32LE(end);
  // The decompressor holds the magic too, as a constant, so the first one found need not be the payload's.
  for (let start = zImage.indexOf(xz); start >= 0 && start < end; start = zImage.indexOf(xz, start + 1)) {
    const result = await execa('xz', ['--decompress', '--stdout'], {
      input: zImage.subarray(start, end),
      encoding: 'buffer',
      reject: false,
    });
    // Killed, or not there: that says nothing about the kernel.
    if (result.exitCode === undefined) {
      throw new Failure('host', `xz does not run: ${result.shortMessage ?? ''}`, { remedy: 'npm run doctor' });
    }
    if (result.stdout.length === length) return Buffer.from(result.stdout);
  }
  return undefined;
}
