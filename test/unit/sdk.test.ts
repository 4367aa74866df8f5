// SPDX-License-Identifier: MIT
// `--sdk FILE`: what the harness takes from the environment file of a Yocto SDK. The files here stand for one.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { sdkBuild } from '../../scripts/lib/host/build/sdk.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

const directory = temporary('sdk');
const target = ['export ARCH=arm', 'export CROSS_COMPILE=arm-ostl-linux-gnueabi-'];

async function environmentFile(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** An SDK's sysroot with kernel sources, as kernel-devsrc brings them. */
async function sysroot(): Promise<string> {
  const root = join(directory, 'sysroot');
  await mkdir(join(root, 'usr/src/kernel'), { recursive: true });
  await writeFile(join(root, 'usr/src/kernel/Makefile'), '');
  return root;
}

test("an SDK's environment is the build's, with its kernel sources, and without flags that ld does not know", async (t) => {
  const root = await sysroot();
  const more = [`export SDKTARGETSYSROOT=${root}`, 'export CC="gcc\n-mthumb"', 'export LDFLAGS=-Wl,-O1', 'echo hello'];
  const build = await sdkBuild(await environmentFile('whole', ...target, ...more), undefined);
  t.is(build.kdir, join(root, 'usr/src/kernel'));
  t.deepEqual(build.makeArguments, ['ARCH=arm', 'CROSS_COMPILE=arm-ostl-linux-gnueabi-']);
  t.like(build.env, { CC: 'gcc\n-mthumb', LDFLAGS: '' });
});

test("the kernel that is named goes before the SDK's", async (t) => {
  const file = await environmentFile('named', ...target, 'export KDIR=/own', `export SDKTARGETSYSROOT=${directory}`);
  t.is((await sdkBuild(file, undefined)).kdir, '/own');
  t.is((await sdkBuild(file, '/named')).kdir, '/named');
});

test('what is no environment file, or an SDK without kernel sources, is said to be', async (t) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    [join(directory, 'absent'), /^there is no SDK environment file/],
    [await environmentFile('broken', 'exit 3'), /cannot be sourced/],
    [await environmentFile('other', 'export KDIR=/own'), /sets no ARCH or CROSS_COMPILE/],
    [await environmentFile('bare', ...target, `export SDKTARGETSYSROOT=${directory}`), /no kernel sources/],
  ];
  for (const [file, message] of wrong) {
    const error = await t.throwsAsync(sdkBuild(file, undefined), { instanceOf: Failure, message });
    t.is(error.failureClass, 'usage');
  }
});
