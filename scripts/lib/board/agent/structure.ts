// SPDX-License-Identifier: MIT

/** A structure of a system call: its fields by offset, numbers of 32 bits and bigints of 64. What is not named is 0. */
export function structure(size: number, fields: Readonly<Record<number, number | bigint>>): Buffer {
  const bytes = Buffer.alloc(size);
  for (const [offset, value] of Object.entries(fields)) {
    if (typeof value === 'bigint') bytes.writeBigUInt64LE(value, Number(offset));
    else bytes.writeInt32LE(value | 0, Number(offset));
  }
  return bytes;
}
