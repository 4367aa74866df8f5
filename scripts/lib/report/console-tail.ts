// SPDX-License-Identifier: MIT
import { open } from 'node:fs/promises';
import type { Board } from '../board/board.ts';
import type { Slice } from './run.ts';

const keptBytes = 32 * 1024;
const keptLines = 120;

/** The end of what the board's console said, undefined where it is not recorded or said nothing. */
export async function consoleTail({ console }: Board): Promise<Slice | undefined> {
  if (console === undefined) return undefined;
  const file = await open(console).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, keptBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').trimEnd().split(/\r*\n/);
    const omitted = Math.max(0, lines.length - keptLines);
    if (lines.length === 1 && lines[0] === '') return undefined;
    return { from: 'console', lines: lines.slice(omitted).map((text) => ({ text })), omitted };
  } finally {
    await file.close();
  }
}
