// SPDX-License-Identifier: MIT
/**
 * The external tree for Buildroot: its steps run with the files that it takes and with the make commands that Buildroot
 * gives.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { sourceFiles, sourceInputs } from '../../scripts/lib/host/build/sources.ts';
import { vermagicOf, symbolVersions } from '../../scripts/lib/host/build/module-info.ts';
import { cached } from '../../scripts/lib/host/cache/cached.ts';
import { kernelBuild } from '../../scripts/lib/host/kernel/build-directory.ts';
import { compilerVersion } from '../../scripts/lib/host/programs/compiler.ts';
import { inTree } from './native.ts';
import { test } from '../together/counted.ts';

const packages = ['rpmsg-sdb', 'rpmsg-sdb-tools'];
const folder = (name: string): string => `buildroot/package/${name}`;
const text = (path: string): Promise<string> => readFile(inTree(path), 'utf8');

/** Buildroot's name for the variables of a package. */
const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** The part of Buildroot that the packages here use: its variables, and a target for each of their steps. */
function harness(name: string, target: string): string {
  const step = (of: string): string => `$(@D)/.${of}:\n\t$(${upper(name)}_${of}_CMDS)\n`;
  return [
    `BR2_EXTERNAL_RPMSG_SDB_PATH = ${inTree('buildroot')}`,
    `TARGET_DIR = ${target}\nSTAGING_DIR = ${target}/staging`,
    'INSTALL = install\nTARGET_MAKE_ENV = PATH="$(PATH)"',
    'TARGET_CC = arm-linux-gnueabihf-gcc\nTARGET_CFLAGS = -O2 -g0 -D_FILE_OFFSET_BITS=64\nTARGET_LDFLAGS = -Wl,--as-needed',
    `include ${inTree(folder(name), `${name}.mk`)}`,
    ...['BUILD', 'INSTALL_STAGING', 'INSTALL_TARGET'].map((of) => step(of).replace('$(@D)', '%')),
    'value-%:\n\t@printf "%s" "$(${*})"'.replace('${*}', '$*'),
    '',
  ].join('\n');
}

class PackageRun {
  readonly build: string;
  readonly target: string;
  readonly #makefile: string;

  private constructor(directory: string) {
    this.build = join(directory, 'build');
    this.target = join(directory, 'target');
    this.#makefile = join(directory, 'Makefile');
  }

  static async sync(t: ExecutionContext, name: string): Promise<PackageRun> {
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-buildroot-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const one = new PackageRun(directory);
    await writeFile(one.#makefile, harness(name, one.target));
    const filter = await one.value(`${upper(name)}_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS`);
    const site = await one.value(`${upper(name)}_SITE`);
    // Buildroot's manual, "Using Buildroot during development"
    await execa('sh', ['-c', `rsync -au ${filter} --exclude .git "$1"/ "$2"`, 'sh', site, one.build]);
    return one;
  }

  async value(name: string): Promise<string> {
    return (await this.#make(`value-${name}`)).stdout;
  }

  async step(name: 'BUILD' | 'INSTALL_STAGING' | 'INSTALL_TARGET'): Promise<void> {
    await this.#make(`${this.build}/.${name}`);
  }

  files(of: 'build' | 'target'): Promise<string[]> {
    return filesBelow(this[of]);
  }

  #make(goal: string) {
    return execa('make', ['--no-print-directory', '-f', this.#makefile, goal], { env: { MAKEFLAGS: '' } });
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(directory.length + 1)).sort();
}

test('the external tree says what Buildroot looks for, and has each of its packages in the menu', async (t) => {
  t.regex(await text('buildroot/external.desc'), /^name: RPMSG_SDB\ndesc: .{1,60}\n$/);
  const menu = await text('buildroot/Config.in');
  t.deepEqual((await readdir(inTree('buildroot/package'))).sort(), packages);
  for (const name of packages) {
    t.true(menu.includes(`source "$BR2_EXTERNAL_RPMSG_SDB_PATH/package/${name}/Config.in"`), name);
    t.regex(await text(`${folder(name)}/Config.in`), new RegExp(`^config BR2_PACKAGE_${upper(name)}$`, 'm'));
  }
});

test('each package states its version, its licence and where the sources are', async (t) => {
  const { version } = JSON.parse(await text('package.json')) as { version: string };
  for (const name of packages) {
    const run = await PackageRun.sync(t, name);
    t.is(await run.value(`${upper(name)}_VERSION`), version);
    t.is(await run.value(`${upper(name)}_SITE_METHOD`), 'local');
    t.true((await run.files('build')).includes(await run.value(`${upper(name)}_LICENSE_FILES`)), name);
  }
});

test('the packages take what their builds need, and nothing else of the checkout', async (t) => {
  const relative = async (tree: readonly string[]): Promise<string[]> =>
    (await sourceFiles(inTree('.'), tree)).map((file) => file.slice(inTree('.').length).replace(/^\//, ''));
  const driver = (await relative(['kernel'])).filter((file) => /\.[ch]$/.test(file));
  const rule = 'recipes-kernel/rpmsg-sdb-mod/files/60-rpmsg-sdb.rules';
  const taken = await (await PackageRun.sync(t, 'rpmsg-sdb')).files('build');
  t.deepEqual(taken, ['COPYING', 'Kbuild', 'Makefile', rule, ...driver].sort());
  const tools = (await relative(['tools/sdbctl'])).filter((file) => /Makefile$|\.[ch1]$/.test(file));
  const takenByTools = await (await PackageRun.sync(t, 'rpmsg-sdb-tools')).files('build');
  t.deepEqual(takenByTools, ['LICENSES/MIT.txt', 'kernel/uapi/rpmsg_sdb.h', ...tools].sort());
});

test("the module is built and installed with the commands of Buildroot's infrastructure for kernel modules", async (t) => {
  t.timeout(300_000);
  const run = await PackageRun.sync(t, 'rpmsg-sdb');
  const { dir, release, makeArguments } = await kernelBuild('6.1', quiet);
  // package/pkg-kernel-module.mk and LINUX_MAKE_FLAGS in linux/linux.mk; the folder of the sources ends in "/."
  const words = [
    ...['-C', dir, ...makeArguments, 'KCFLAGS=-Wno-attribute-alias', 'WERROR=0', 'REGENERATE_PARSERS=1'],
    'DEPMOD=true',
  ];
  // Modules are compressed, as a kernel may want them. Signing fails without a key, which does not end the build.
  const compressed = ['CONFIG_MODULE_COMPRESS_XZ=y', 'CONFIG_MODULE_COMPRESS_NONE='];
  const compiler = await compilerVersion('arm-linux-gnueabihf-gcc');
  const inputs = ['1', compiler, ...words, ...compressed, ...(await sourceInputs(run.build, ['.']))];
  const installed = await cached('unit-buildroot', inputs, async (into) => {
    const places = [`INSTALL_MOD_PATH=${into}/target`, `PWD=${run.build}/.`, `M=${run.build}/.`];
    await execa('make', [`-j${availableParallelism()}`, ...words, ...places, 'modules']);
    await execa('make', [...words, ...places, 'modules_install', ...compressed]);
  });
  await cp(join(installed, 'target'), run.target, { recursive: true });
  await run.step('INSTALL_TARGET');
  await run.step('INSTALL_STAGING');
  const [module = '', ...others] = (await run.files('target')).sort(
    (a, b) => Number(b.includes('.ko')) - Number(a.includes('.ko')),
  );
  t.is(module, `lib/modules/${release}/extra/rpmsg_sdb.ko.xz`);
  t.deepEqual(others.sort(), [
    'etc/modules-load.d/rpmsg_sdb.conf',
    'lib/udev/rules.d/60-rpmsg-sdb.rules',
    'staging/usr/include/linux/rpmsg_sdb.h',
  ]);
  // Deploy compares this with the board's own modules, which are compressed as well.
  t.true((await vermagicOf(join(run.target, module))).startsWith(`${release} `));
  t.true((await symbolVersions(join(run.target, module))).size > 20);
});

test("the tools are built with Buildroot's compiler and flags, and installed", async (t) => {
  const run = await PackageRun.sync(t, 'rpmsg-sdb-tools');
  await run.step('BUILD');
  await run.step('INSTALL_TARGET');
  t.deepEqual(await run.files('target'), ['usr/bin/sdbctl', 'usr/share/man/man1/sdbctl.1']);
  const { stdout } = await execa('readelf', [
    '--file-header',
    '--dynamic',
    '--wide',
    join(run.target, 'usr/bin/sdbctl'),
  ]);
  t.regex(stdout, /Machine: +ARM/);
  t.regex(stdout, /NEEDED.*libc\.so/, 'the LDFLAGS');
});
