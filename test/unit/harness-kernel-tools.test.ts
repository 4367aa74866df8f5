// SPDX-License-Identifier: MIT
/**
 * What `npm run build -- --kdir` does with kernels that are built in other ways, and on hosts that cannot build for
 * them.
 */
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { runLogged } from '../../scripts/lib/base/process/run-logged.ts';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { tool } from '../../scripts/lib/host/build/driver-build.ts';
import { buildDriverFor } from '../../scripts/lib/host/build/driver-for-directory.ts';
import { fitted, sign } from '../../scripts/lib/host/build/kernel-tools.ts';
import { sourceTrees } from '../../scripts/lib/host/build/sources.ts';
import { kernelBuild } from '../../scripts/lib/host/kernel/build-directory.ts';
import { inTree } from './native.ts';
import { test } from '../together/counted.ts';

async function scratch(t: ExecutionContext, name = 'rpmsg-sdb-kdir-'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), name));
  t.teardown(() => rm(directory, { recursive: true }));
  return directory;
}

/** A kernel build directory. It has what is looked at before make runs. */
async function kernel(t: ExecutionContext, settings: string, name?: string): Promise<string> {
  const kdir = await scratch(t, name);
  await put(join(kdir, 'include/config/auto.conf'), settings);
  return kdir;
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const jobIn = (root: string) => ({
  root,
  log: quiet,
  outputs: new Outputs(root, 'unit'),
  signal: new AbortController().signal,
});

async function failure(t: ExecutionContext, work: Promise<unknown>): Promise<Failure> {
  const error = await t.throwsAsync(work, { instanceOf: Failure });
  return error;
}

test('a compiler that is not there is named, with the package that brings it or what to say instead', async (t) => {
  const kdir = await kernel(t, 'CONFIG_CC_IS_GCC=y\n');
  const own = await failure(t, fitted({ kdir, makeArguments: ['ARCH=arm', 'CROSS_COMPILE=arm-nobodys-'] }));
  t.regex(own.message, /^arm-nobodys-gcc, which the kernel in .* does not run$/);
  t.regex(own.remedy ?? '', /CROSS_COMPILE/);
  const env = { PATH: '/nonexistent' };
  const debian = await failure(t, fitted({ kdir, env, makeArguments: ['CROSS_COMPILE=aarch64-linux-gnu-'] }));
  t.regex(debian.remedy ?? '', /apt-get install .*gcc-aarch64-linux-gnu$/);
});

test("a kernel of clang's has its modules made with clang, in the version that is said", async (t) => {
  const kdir = await kernel(t, 'CONFIG_CC_IS_CLANG=y\n');
  const bin = await scratch(t);
  await put(join(bin, 'clang'), '#!/bin/sh\n');
  await chmod(join(bin, 'clang'), 0o755);
  const build = { kdir, makeArguments: ['CROSS_COMPILE=arm-x-'], env: { PATH: `${bin}:/bin` } };
  const fit = await fitted(build);
  t.deepEqual(fit.makeArguments, ['CROSS_COMPILE=arm-x-', 'LLVM=1']);
  t.is(tool(fit, 'strip', 'llvm-strip'), 'llvm-strip');
  t.is(tool(build, 'strip', 'llvm-strip'), 'arm-x-strip');
  const older = await failure(t, fitted({ ...build, makeArguments: ['LLVM=-99'] }));
  t.regex(older.message, /^clang-99/);
  t.regex(older.remedy ?? '', /clang-99 lld-99 llvm-99$/);
});

test('make alone finds out about clang too, unless a compiler is named', async (t) => {
  const kdir = await kernel(t, 'CONFIG_CC_IS_CLANG=y\n');
  const said = async (...words: string[]) =>
    (await execa('make', ['-s', '-C', inTree('.'), `KDIR=${kdir}`, 'MAKE=echo LLVM=$(LLVM)', ...words])).stdout;
  t.regex(await said(), /^LLVM=1 /);
  t.regex(await said('LLVM=-14'), /^LLVM=-14 /);
  t.regex(await said('CC=some-gcc'), /^LLVM= /);
  t.regex(await said(`KDIR=${await kernel(t, 'CONFIG_CC_IS_GCC=y\n')}`), /^LLVM= /);
});

test('a kernel that compares symbol versions and has no list of them is told before anything is compiled', async (t) => {
  const kbuild = (...words: string[]) =>
    execa('make', ['-f', 'Kbuild', 'src=.', 'srctree=/nonexistent', 'objtree=/nonexistent', ...words], {
      cwd: inTree('.'),
      reject: false,
    });
  const told = /no Module\.symvers in \/nonexistent: build the kernel there/;
  t.regex((await kbuild('CONFIG_MODVERSIONS=y')).stderr, told);
  t.notRegex((await kbuild()).stderr, told);
  t.notRegex((await kbuild('CONFIG_MODVERSIONS=y', 'KBUILD_MODPOST_WARN=1')).stderr, told);
});

test('the reason why make stopped is shown, not only that it did', async (t) => {
  const log = join(await scratch(t), 'log');
  const script =
    'echo "/bin/sh: 1: some-gcc: not found"; echo "Kbuild:7: *** no list of symbols.  Stop."; echo "make: *** [all] Error 127"; exit 2';
  const run = runLogged({ command: 'sh', arguments: ['-c', script], log, failure: { class: 'test', message: 'no' } });
  const { message } = await failure(t, run);
  t.regex(message, /some-gcc: not found/);
  t.regex(message, /no list of symbols/);
});

test('a kernel directory with white space in its path is told so', async (t) => {
  const kdir = await kernel(t, '', 'rpmsg sdb kdir-');
  const { message, remedy } = await failure(t, fitted({ kdir, makeArguments: [] }));
  t.regex(message, /white space/);
  t.is(remedy, 'move the kernel build directory');
});

test('in a checkout with white space in its path make says what to do, and the harness builds', async (t) => {
  t.timeout(300_000);
  const root = await scratch(t, 'rpmsg sdb checkout-');
  for (const path of sourceTrees.driver) await cp(inTree(path), join(root, path), { recursive: true });
  // A few files stand for all of them. trace.c is among them, because through it the kernel's headers include a file of
  // the checkout. That path is what this test is about.
  await put(
    join(root, 'kernel/few.c'),
    '#include <linux/module.h>\nMODULE_LICENSE("GPL");\nMODULE_DESCRIPTION("few");\n',
  );
  await appendFile(join(root, 'Kbuild'), '\nrpmsg_sdb-y := kernel/few.o kernel/message.o kernel/trace.o\n');
  const alone = await execa('make', ['-C', root, 'KDIR=/nonexistent'], { reject: false });
  t.regex(alone.stderr, /no white space in a path: move this folder/);
  const { dir, release, makeArguments } = await kernelBuild('6.1', quiet);
  const driver = await buildDriverFor({ kdir: dir, makeArguments }, release, jobIn(root));
  t.is(driver.release, release);
  t.true(driver.path.startsWith(join(root, 'out/build')));
});

test("a module is signed with the kernel's own key and hash, and who has none is told", async (t) => {
  const settings =
    'CONFIG_MODULE_SIG=y\nCONFIG_MODULE_SIG_FORCE=y\nCONFIG_MODULE_SIG_HASH="sha512"\nCONFIG_MODULE_SIG_KEY="certs/signing_key.pem"\n';
  const kdir = await kernel(t, settings);
  const module = join(kdir, 'a.ko');
  await writeFile(module, 'module');
  const warned: string[] = [];
  const job = { ...jobIn(kdir), log: { ...quiet, warn: (text: string) => void warned.push(text) } };
  await sign(module, { kdir, makeArguments: [] }, job);
  t.regex(warned.join(), /takes signed modules only.*scripts\/sign-file sha512 KEY CERTIFICATE/);

  for (const name of ['certs/signing_key.pem', 'certs/signing_key.x509']) await put(join(kdir, name), '');
  await put(join(kdir, 'scripts/sign-file'), '#!/bin/sh\necho "signed $1 ${2##*/} ${3##*/}" >> "$4"\n');
  await chmod(join(kdir, 'scripts/sign-file'), 0o755);
  await sign(module, { kdir, makeArguments: [] }, job);
  t.is(await readFile(module, 'utf8'), 'modulesigned sha512 signing_key.pem signing_key.x509\n');
  t.is(warned.length, 1);
});
