// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { test } from '../together/counted.ts';

const module = join(import.meta.dirname, '../../scripts/lib/base/process/temporary.ts');

test('temporary directories go with the process that has made them, although its work was not done', async (t) => {
  const script = `
    import { writeFileSync } from 'node:fs';
    const { temporaryDirectory } = await import(${JSON.stringify(module)});
    for (const name of ['one', 'another']) {
      const directory = temporaryDirectory(name);
      writeFileSync(directory + '/file', '');
      console.log(directory);
    }
    setTimeout(() => process.exit(3), 1);
    await new Promise(() => setInterval(() => undefined, 1000));`;
  const words = ['--import=tsx/esm', '--input-type=module', '-e', script];
  const { exitCode, stdout } = await execa(process.execPath, words, { reject: false });
  t.is(exitCode, 3);
  const directories = stdout.split('\n');
  t.is(directories.length, 2);
  for (const directory of directories) {
    t.regex(directory, /rpmsg-sdb-(one|another)-/);
    t.false(existsSync(directory));
  }
});
