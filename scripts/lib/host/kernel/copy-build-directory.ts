// SPDX-License-Identifier: MIT
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** What building a module reads of a built kernel tree, as in a distribution's header package. */
const folders = ['include', 'scripts', 'arch/arm/include'];
const files = ['.config', 'Makefile', 'Module.symvers', 'arch/arm/Makefile'];

/** Objects of the build's own tools; the tools themselves stay. */
const leftOut = /\.(o|cmd|d|a)$|^\.gitignore$/;

/** Copies a hundredth of the tree: enough to build modules, small enough to keep. */
export async function copyBuildDirectory(tree: string, to: string): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(tree, file), join(to, file));
  }
  for (const folder of folders) {
    await cp(join(tree, folder), join(to, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !leftOut.test(relative(tree, path)),
    });
  }
}
