// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { sourceFiles } from '../../scripts/lib/build/sources.ts';
import { inTree } from './native.ts';
import { RecipeRun } from './recipe-run.ts';
import { parseRecipe, sourcePaths, type Recipe } from './recipe-text.ts';

const folder = 'recipes-kernel/rpmsg-sdb-mod';
const rule = `${folder}/files/60-rpmsg-sdb.rules`;

/** Every name that a recipe here may set: a typing error makes a variable that bitbake takes and nobody reads. */
const known =
  /^(SUMMARY|DESCRIPTION|SECTION|LICENSE|LIC_FILES_CHKSUM|FILESEXTRAPATHS:prepend|SRC_URI|S|EXTRA_OEMAKE|KERNEL_MODULE_AUTOLOAD|KERNEL_MODULE_PROVIDE_VIRTUAL|(FILES|RPROVIDES):\$\{PN\})$/;

const text = (path: string): Promise<string> => readFile(inTree(path), 'utf8');

async function recipe(path: string): Promise<Recipe> {
  return parseRecipe(await text(path));
}

async function listed(t: ExecutionContext, path: string): Promise<string[]> {
  const { paths, odd } = sourcePaths(await recipe(path));
  t.deepEqual(odd, [], 'written as file://PATH;subdir=${BP}');
  return paths.sort();
}

async function recipes(): Promise<string[]> {
  const names = await readdir(inTree(folder));
  return names.filter((name) => name.endsWith('.bb')).map((name) => `${folder}/${name}`);
}

async function inKernel(pattern: RegExp): Promise<string[]> {
  const files = await sourceFiles(inTree('.'), ['kernel']);
  return files.map((file) => file.slice(inTree('.').length).replace(/^\//, '')).filter((file) => pattern.test(file));
}

test("the module's recipe lists every file that the build needs, and no other", async (t) => {
  const needed = ['COPYING', 'Kbuild', 'Makefile', rule, ...(await inKernel(/\.[ch]$/))];
  t.deepEqual(await listed(t, `${folder}/rpmsg-sdb-mod_0.1.bb`), needed.sort());
});

test("the tools' recipe lists every file that the build needs, and no other", async (t) => {
  const own = (await readdir(inTree('test/target/sdbctl'))).filter((name) => /^Makefile$|\.[ch1]$/.test(name));
  const needed = ['LICENSES/MIT.txt', 'kernel/uapi/rpmsg_sdb.h', ...own.map((name) => `test/target/sdbctl/${name}`)];
  t.deepEqual(await listed(t, `${folder}/rpmsg-sdb-tools_0.1.bb`), needed.sort());
});

test('Kbuild links every C file of the driver', async (t) => {
  const objects = ((await text('Kbuild')).match(/kernel\/\w+\.o/g) ?? []).map((name) => name.replace(/o$/, 'c'));
  t.deepEqual(objects.sort(), (await inKernel(/\.c$/)).sort());
});

test('each recipe is written in what bitbake knows', async (t) => {
  for (const path of await recipes()) {
    const { variables, inherits, functions } = await recipe(path);
    for (const name of functions.keys()) t.regex(name, /^do_(compile|install)(:append)?$/, path);
    t.deepEqual(
      [...variables.keys()].filter((name) => !known.test(name)),
      [],
      path,
    );
    t.true(
      inherits.every((name) => name === 'module'),
      path,
    );
  }
});

test('each recipe states the licence and the checksum of its text as they are', async (t) => {
  const checksum = createHash('md5')
    .update(await readFile(inTree('COPYING')))
    .digest('hex');
  const licenses = new Map([
    ['GPL-2.0-only', `file://COPYING;md5=${checksum}`],
    [
      'MIT',
      `file://LICENSES/MIT.txt;md5=${createHash('md5')
        .update(await text('LICENSES/MIT.txt'))
        .digest('hex')}`,
    ],
  ]);
  for (const path of await recipes()) {
    const { variables } = await recipe(path);
    t.is(variables.get('LIC_FILES_CHKSUM'), licenses.get(variables.get('LICENSE') ?? ''), path);
  }
});

test('each recipe unpacks where every series can find it', async (t) => {
  for (const path of await recipes()) {
    const { variables } = await recipe(path);
    t.is(variables.get('FILESEXTRAPATHS:prepend'), '${THISDIR}/../..:', path);
    t.is(variables.get('S'), "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}/${BP}", path);
  }
});

test("the module's package has the udev rule, loads the module, and is what its name in an image means", async (t) => {
  const { variables, functions, inherits } = await recipe(`${folder}/rpmsg-sdb-mod_0.1.bb`);
  t.deepEqual(inherits, ['module']);
  t.is(variables.get('KERNEL_MODULE_AUTOLOAD'), 'rpmsg_sdb');
  t.is(variables.get('RPROVIDES:${PN}'), 'kernel-module-rpmsg-sdb');
  t.is(variables.get('KERNEL_MODULE_PROVIDE_VIRTUAL'), '0', 'the module package does not go by that name');
  t.is(variables.get('FILES:${PN}'), '${nonarch_base_libdir}/udev/rules.d/60-rpmsg-sdb.rules');
  const packager = await RecipeRun.unpack(t, `${folder}/rpmsg-sdb-mod_0.1.bb`);
  await packager.run(functions.get('do_install:append') ?? '');
  t.deepEqual(await packager.installed(), ['/lib/udev/rules.d/60-rpmsg-sdb.rules', '/usr/include/linux/rpmsg_sdb.h']);
});

test("the tools' recipe builds what it lists with the distribution's flags, and installs what it packages", async (t) => {
  const path = `${folder}/rpmsg-sdb-tools_0.1.bb`;
  const { variables, functions } = await recipe(path);
  const packager = await RecipeRun.unpack(t, path, variables.get('EXTRA_OEMAKE'));
  await packager.run(functions.get('do_compile') ?? '');
  await packager.run(functions.get('do_install') ?? '');
  t.deepEqual(await packager.installed(), ['/usr/bin/sdbctl', '/usr/share/man/man1/sdbctl.1']);
  const { stdout } = await execa('readelf', ['--dynamic', '--wide', join(packager.destination, 'usr/bin/sdbctl')]);
  t.regex(stdout, /GNU_HASH/, 'what package QA sees the LDFLAGS by');
  t.regex(stdout, /NEEDED.*libc\.so/);
});

test('no patch in the layer is without the status that yocto-check-layer looks for', async (t) => {
  const files = await sourceFiles(inTree('.'), ['conf', 'kernel', 'recipes-kernel', 'scripts', 'test']);
  const patches = files.filter((file) => file.endsWith('.patch'));
  const contents = await Promise.all(patches.map((file) => readFile(file, 'utf8')));
  t.deepEqual(
    patches.filter((_, i) => !/^Upstream-Status: \w/m.test(contents[i] ?? '')),
    [],
  );
});

test('the layer knows every series it was tried on', async (t) => {
  const { variables } = parseRecipe(await text('conf/layer.conf'));
  const series = 'kirkstone mickledore scarthgap styhead walnascar whinlatter wrynose blacksail';
  t.is(variables.get('LAYERSERIES_COMPAT_rpmsg-sdb'), series);
  t.is(variables.get('BBFILE_COLLECTIONS'), 'rpmsg-sdb');
  t.is(variables.get('BBFILE_PATTERN_rpmsg-sdb'), '^${LAYERDIR}/');
  t.is(variables.get('BBFILES'), '${LAYERDIR}/recipes-*/*/*.bb');
});

test('the layer has what yocto-check-layer looks for', async (t) => {
  t.regex(await text('SECURITY.md'), /report/i);
  const readme = await text('README.md');
  t.regex(readme, /maintainer/i);
  t.regex(readme, /patch/i);
  t.regex(readme, /[\w.+-]+@[\w-]+\.[\w.-]+/, 'an e-mail address');
});

test('every place that states the version states the same', async (t) => {
  const { version } = JSON.parse(await text('package.json')) as { version: string };
  t.true(version.startsWith('0.1.'), 'the recipes are named _0.1.bb');
  t.is(/^PACKAGE_VERSION="(.*)"$/m.exec(await text('dkms.conf'))?.[1], version);
  t.is(/SDBCTL_VERSION "(.*)"/.exec(await text('test/target/sdbctl/main.c'))?.[1], version);
  t.is(/^\.TH .*"rpmsg_sdb (.*?)"/m.exec(await text('test/target/sdbctl/sdbctl.1'))?.[1], version);
  for (const file of await inKernel(/\.c$/)) {
    const stated = /MODULE_VERSION\("(.*)"\)/.exec(await text(file))?.[1];
    t.is(stated ?? version, version, file);
  }
});

test('make install puts the header and the udev rule where it is told', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-install-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const make = (...words: string[]) => execa('make', ['--no-print-directory', '-C', inTree('.'), ...words]);
  await make('install', `DESTDIR=${directory}`, 'includedir=/inc', 'udevrulesdir=/rules');
  await make('headers_install', `INSTALL_HDR_PATH=${directory}/hdr`);
  const installed = await readdir(directory, { recursive: true, withFileTypes: true });
  t.deepEqual(
    installed
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length))
      .sort(),
    ['/hdr/include/linux/rpmsg_sdb.h', '/inc/linux/rpmsg_sdb.h', '/rules/60-rpmsg-sdb.rules'],
  );
});

test("make finds the kernel by Yocto's name and by people's, and builds the module unless told otherwise", async (t) => {
  for (const name of ['KERNEL_SRC', 'KDIR']) {
    const { stdout } = await execa('make', ['-C', inTree('.'), `${name}=/kernel`, 'MAKE=echo']);
    t.regex(stdout, /^-C \/kernel M=\S+ .*modules$/m);
  }
});
