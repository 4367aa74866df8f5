// SPDX-License-Identifier: MIT

/**
 * What the test firmware writes (firmware): little-endian 32-bit words that depend on buffer, fill and offset. The same
 * three constants stand in the firmware and in the agent too. So an error on one side is seen.
 */
export function patternWord(index: number, seed: number, word: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(index, 0x85ebca77) + Math.imul(word, 0x01000193)) >>> 0;
}

export function patternBytes(index: number, seed: number, length: number, offset = 0): Buffer {
  const first = Math.floor(offset / 4);
  const words = Math.ceil((offset + length) / 4) - first;
  const bytes = Buffer.alloc(words * 4);
  for (let i = 0; i < words; i++) bytes.writeUInt32LE(patternWord(index, seed, first + i), i * 4);
  return bytes.subarray(offset - first * 4, offset - first * 4 + length);
}
