// SPDX-License-Identifier: MIT
/** What deploy and the doctor say of a board that has ST's driver too. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, release } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { otherDriverScript } from '../../scripts/lib/board/deploy/other-driver.ts';
import { test } from './together.ts';

interface Said {
  readonly code: number;
  readonly text: string;
}

/** Asks about a board that has these files. */
async function said(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<Said> {
  const root = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-root-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const { exitCode, stdout } = await execa('sh', ['-c', otherDriverScript(root)], { reject: false });
  return { code: exitCode ?? -1, text: stdout.replaceAll(root, '') };
}

const module = `lib/modules/${release()}/updates/stm32_rpmsg_sdb.ko.xz`;
const rule = 'blacklist stm32_rpmsg_sdb\n';

test('a board without it is left in peace', async (t) => {
  t.deepEqual(await said(t, {}), { code: 0, text: 'none' });
  t.is((await said(t, { [`lib/modules/${release()}/extra/rpmsg_sdb.ko`]: '' })).code, 0);
  t.is((await said(t, { 'lib/modules/0.0.1/extra/stm32_rpmsg_sdb.ko': '' })).code, 0, 'of another kernel');
});

test('one that udev may load at any time is found, and one that is loaded', async (t) => {
  t.deepEqual(await said(t, { [module]: '' }), {
    code: 1,
    text: `/${module} may be loaded at any start of the firmware`,
  });
  const loaded = { 'sys/module/stm32_rpmsg_sdb/refcnt': '0' };
  t.deepEqual(await said(t, loaded), { code: 1, text: 'stm32_rpmsg_sdb is loaded' });
  t.is((await said(t, { ...loaded, 'etc/modprobe.d/x.conf': rule })).code, 1, 'what is loaded asks no rule');
});

for (const directory of ['etc', 'run', 'usr/lib', 'lib'])
  test(`a rule in /${directory}/modprobe.d is enough`, async (t) => {
    t.is((await said(t, { [module]: '', [`${directory}/modprobe.d/rpmsg_sdb.conf`]: rule })).code, 0);
    t.is((await said(t, { [module]: '', [`${directory}/modprobe.d/x.conf`]: `# ${rule}` })).code, 1, 'a comment');
  });
