// SPDX-License-Identifier: MIT
/** Whether the board's kernel will take the driver, found out without touching anything there. */
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import type { Board } from '../inventory/board.ts';
import { symbolVersions, vermagicOf, type Driver } from '../../host/build/module-info.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quoteWords } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec, execOk } from '../ssh/exec.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

const timeoutMs = 30_000;
/** Modules that use the same symbols as the driver. Each tells the versions of the symbols that it was built with. */
const witnesses = ['rpmsg_char', 'rpmsg_ctrl', 'virtio_rpmsg_bus', 'rpmsg_ns', 'rpmsg_core', 'stm32_rproc', 'udmabuf'];

/**
 * Compares release, vermagic and symbol versions. A kernel does not tell the last two, but its own modules carry them.
 * On a board without modules only the release can be compared. Then insmod decides.
 */
export async function checkKernel(c: Connection, board: Board, driver: Driver): Promise<void> {
  const release = (await execOk(c, 'uname -r', { timeoutMs })).trim();
  if (release !== driver.release) {
    throw refused(board, `the driver was built for ${driver.release}, ${board.name} runs ${release}`);
  }
  const directory = temporaryDirectory('modules');
  try {
    for (const module of await fetchWitnesses(c, release, directory)) {
      await compare(board, driver, module);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compare(board: Board, driver: Driver, module: string): Promise<void> {
  const vermagic = await vermagicOf(module);
  if (vermagic !== driver.vermagic) {
    throw refused(board, `the driver was built as "${driver.vermagic}", modules of ${board.name} as "${vermagic}"`);
  }
  const own = await symbolVersions(driver.path);
  const differing = [...(await symbolVersions(module))].filter(([name, crc]) => (own.get(name) ?? crc) !== crc);
  if (differing.length > 0) {
    const names = differing.map(([name]) => name);
    const some = names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
    throw refused(
      board,
      `the driver was built against another build of ${driver.release}: ${basename(module)} of ${board.name} has other versions of ${some}`,
    );
  }
}

function refused(board: Board, why: string): Failure {
  return new Failure('board', `${why}: nothing was touched`, {
    kind: 'wrong-kernel',
    remedy: `give the kernel that the board runs: kdir, sdk or kernel of ${board.name} in the inventory, or boot the other one`,
  });
}

/** Copies of the board's own modules, those of the witnesses that it has. */
async function fetchWitnesses(c: Connection, release: string, directory: string): Promise<string[]> {
  const patterns = witnesses.map((name) => `-name ${name}.ko*`).join(' -o ');
  const find = `find /lib/modules/${release}/ -type f \\( ${patterns.replaceAll('*', '\\*')} \\) -exec wc -c {} \\;`;
  const found = await exec(c, find, { timeoutMs });
  const files = found.stdout.split('\n').flatMap((line) => {
    const [, size, path] = /^\s*(\d+) (.+)$/.exec(line) ?? [];
    return size === undefined || path === undefined ? [] : [{ size: Number(size), path }];
  });
  if (files.length === 0) return [];
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await execOk(c, quoteWords(['cat', ...files.map(({ path }) => path)]), { timeoutMs, stdout });
  const all = Buffer.concat(chunks);
  let offset = 0;
  const copies: string[] = [];
  for (const { size, path } of files) {
    const copy = join(directory, basename(path));
    await writeFile(copy, all.subarray(offset, offset + size));
    offset += size;
    copies.push(copy);
  }
  return copies;
}
