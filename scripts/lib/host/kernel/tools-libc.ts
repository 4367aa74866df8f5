// SPDX-License-Identifier: MIT
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { execa } from 'execa';

/**
 * Makes the kernel's build tools below dir run with the libc that was unpacked beside them. Tools of a newer suite do
 * not start with the host's older libc. The paths written into them are those below final.
 */
export async function bindToLibc(dir: string, final: string): Promise<void> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
  const tools: string[] = [];
  for (const file of files)
    if (relative(dir, file).startsWith('usr/lib/linux-kbuild-') && (await isElf(file))) tools.push(file);
  const [first] = tools;
  if (!first) return;
  const { stdout: interpreter } = await execa('patchelf', ['--print-interpreter', first]);
  const loader = files.find((file) => basename(file) === basename(interpreter) && file.includes('-linux-gnu'));
  if (!loader) throw new Error(`no ${basename(interpreter)} in the libc package`);
  const moved = join(final, relative(dir, loader));
  await execa('patchelf', ['--set-interpreter', moved, '--set-rpath', dirname(moved), ...tools]);
}

async function isElf(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === '\x7fELF';
  } finally {
    await file.close();
  }
}
