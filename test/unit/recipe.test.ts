// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { sourceFiles } from '../../scripts/lib/host/build/sources.ts';
import { inTree } from './native.ts';
import { RecipeRun } from './recipe-run.ts';
import { parseRecipe, readRecipe, sourcePaths, type Recipe } from './recipe-text.ts';
import { test } from './together.ts';

const folder = 'recipes-kernel/rpmsg-sdb-mod';
const rule = `${folder}/files/60-rpmsg-sdb.rules`;
const blacklist = `${folder}/files/rpmsg_sdb.conf`;
const { version } = JSON.parse(readFileSync(inTree('package.json'), 'utf8')) as { version: string };
const file = (name: string) => `${folder}/${name}_${version}.bb`;

/** Every name that a recipe here may set. A typing error makes a variable that bitbake takes and nobody reads. */
const known = new RegExp(
  `^(${[
    'SUMMARY|DESCRIPTION|HOMEPAGE|SECTION|LICENSE|LIC_FILES_CHKSUM|NO_GENERIC_LICENSE\\[GPL-2\\.0-with-Linux-syscall-note\\]',
    'DEPENDS|RPMSG_SDB_(SOURCE|GIT|FROM_layer|FROM_release)|FILESEXTRAPATHS:prepend|SRC_URI|EXTERNALSRC_BUILD|S|B',
    'do_compile\\[cleandirs\\]|do_(configure|compile)\\[noexec\\]|EXTRA_OEMAKE|INHIBIT_DEFAULT_DEPS|COMPATIBLE_HOST',
    'KERNEL_MODULE_(AUTOLOAD|PROBECONF|PROVIDE_VIRTUAL)|module_conf_rpmsg_sdb',
    '(FILES|ALLOW_EMPTY|RPROVIDES|RCONFLICTS|RDEPENDS|RRECOMMENDS):\\$\\{PN\\}|RDEPENDS:\\$\\{PN\\}-dev',
  ].join('|')})$`,
);

const text = (path: string): Promise<string> => readFile(inTree(path), 'utf8');

const recipe = (path: string): Promise<Recipe> => readRecipe(inTree(path));

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

test('each recipe lists every file that its build needs, and no other', async (t) => {
  const uapi = 'kernel/uapi/rpmsg_sdb.h';
  const sdbctl = (await readdir(inTree('tools/sdbctl'))).filter((name) => /^Makefile$|\.[ch1]$/.test(name));
  const needed = new Map([
    ['rpmsg-sdb-mod', ['COPYING', 'Kbuild', 'Makefile', ...(await inKernel(/\.[ch]$/))]],
    ['rpmsg-sdb-headers', ['COPYING', 'Makefile', uapi]],
    ['rpmsg-sdb-udev', ['LICENSES/MIT.txt', 'Makefile', rule]],
    ['rpmsg-sdb-python', ['LICENSES/MIT.txt', 'tools/python/rpmsg_sdb.py']],
    ['rpmsg-sdb-cpp', ['LICENSES/MIT.txt', 'tools/cpp/rpmsg_sdb.hpp']],
    ['rpmsg-sdb-tools', ['LICENSES/MIT.txt', uapi, ...sdbctl.map((name) => `tools/sdbctl/${name}`)]],
  ]);
  t.deepEqual([...needed.keys()].map(file).sort(), (await recipes()).sort());
  for (const [name, files] of needed) t.deepEqual(await listed(t, file(name)), files.sort(), name);
});

test('Kbuild links every C file of the driver', async (t) => {
  const objects = ((await text('Kbuild')).match(/kernel\/\w+\.o/g) ?? []).map((name) => name.replace(/o$/, 'c'));
  t.deepEqual(objects.sort(), (await inKernel(/\.c$/)).sort());
});

test('each recipe is written in what bitbake knows', async (t) => {
  for (const path of await recipes()) {
    const { variables, inherits, functions } = await recipe(path);
    for (const name of functions.keys()) t.regex(name, /^(python|do_compile|do_install)$/, path);
    t.deepEqual(
      [...variables.keys()].filter((name) => !known.test(name)),
      [],
      path,
    );
    t.true(
      inherits.every((name) => ['module', 'allarch', 'python3-dir'].includes(name)),
      path,
    );
  }
});

test('each recipe states the licence and the checksum of its text as they are', async (t) => {
  const stated: unknown[] = [];
  for (const path of await recipes()) {
    const { variables } = await recipe(path);
    stated.push(variables.get('LICENSE'));
    for (const entry of (variables.get('LIC_FILES_CHKSUM') ?? '').split(/\s+/).filter(Boolean)) {
      const [, licence = '', lines, checksum = ''] =
        /^file:\/\/([^;]+)(?:;endline=(\d+))?;md5=(\w+)$/.exec(entry) ?? [];
      const whole = await text(licence);
      const part =
        lines === undefined
          ? whole
          : whole
              .split(/(?<=\n)/)
              .slice(0, Number(lines))
              .join('');
      t.is(createHash('md5').update(part).digest('hex'), checksum, `${path}: ${licence}`);
    }
  }
  t.deepEqual(stated.sort(), ['GPL-2.0-only', 'GPL-2.0-with-Linux-syscall-note', 'MIT', 'MIT', 'MIT', 'MIT']);
});

test('each recipe unpacks where every series can find it', async (t) => {
  for (const path of await recipes()) {
    const { variables } = await recipe(path);
    t.is(variables.get('FILESEXTRAPATHS:prepend'), '${THISDIR}/../..:', path);
    t.is(variables.get('S'), "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}/${BP}", path);
  }
});

test("each recipe takes the layer's own files, and with one line the release of its version", async (t) => {
  for (const path of await recipes()) {
    const { variables } = await recipe(path);
    t.is(variables.get('RPMSG_SDB_SOURCE'), 'layer', path);
    t.is(variables.get('SRC_URI'), '${RPMSG_SDB_FROM_${RPMSG_SDB_SOURCE}}', path);
    t.is(variables.get('RPMSG_SDB_FROM_release'), '${RPMSG_SDB_GIT};tag=v${PV};destsuffix=${BP}', path);
  }
});

test("the module's package loads the module, and is what its name in an image means", async (t) => {
  const { variables, inherits } = await recipe(file('rpmsg-sdb-mod'));
  t.deepEqual(inherits, ['module']);
  t.is(variables.get('KERNEL_MODULE_AUTOLOAD'), 'rpmsg_sdb');
  t.is(variables.get('RPROVIDES:${PN}'), 'kernel-module-rpmsg-sdb');
  t.is(variables.get('KERNEL_MODULE_PROVIDE_VIRTUAL'), '0', 'the module package does not go by that name');
  t.is(variables.get('RRECOMMENDS:${PN}'), 'rpmsg-sdb-udev');
  t.false(variables.has('FILES:${PN}'), 'with KERNEL_SPLIT_MODULES = "0" the class adds to it without a blank');
});

test("beside ST's layer and ST's driver it is this driver that an image gets", async (t) => {
  const { variables } = await recipe(file('rpmsg-sdb-mod'));
  const layer = parseRecipe(await text('conf/layer.conf')).variables;
  t.is(layer.get('PREFERRED_VERSION_rpmsg-sdb-mod'), version, "ST's recipe of this name has a higher priority");
  t.is(variables.get('RCONFLICTS:${PN}'), 'kernel-module-stm32-rpmsg-sdb');
  t.is(variables.get('KERNEL_MODULE_PROBECONF'), 'rpmsg_sdb');
  const rules = (await text(blacklist)).split('\n').filter((line) => line && !line.startsWith('#'));
  t.deepEqual(rules, ['blacklist stm32_rpmsg_sdb']);
  t.is(variables.get('module_conf_rpmsg_sdb'), rules[0]);
});

test('external sources are built where they are, and nothing is said where there are none', async (t) => {
  const { variables } = await recipe(file('rpmsg-sdb-mod'));
  t.is(variables.get('EXTERNALSRC_BUILD'), "${@d.getVar('EXTERNALSRC') or ''}");
});

test('headers and udev rule are the same for every machine, and each package has its one file', async (t) => {
  const files = new Map([
    ['rpmsg-sdb-headers', '/usr/include/linux/rpmsg_sdb.h'],
    ['rpmsg-sdb-cpp', '/usr/include/rpmsg_sdb.hpp'],
    ['rpmsg-sdb-udev', '/lib/udev/rules.d/60-rpmsg-sdb.rules'],
  ]);
  for (const [name, installed] of files) {
    const { inherits, variables, functions } = await recipe(file(name));
    t.deepEqual(inherits, ['allarch'], name);
    t.is(variables.get('INHIBIT_DEFAULT_DEPS'), '1', `${name} needs no compiler`);
    const packager = await RecipeRun.unpack(t, file(name));
    await packager.run(functions.get('do_install') ?? '');
    t.deepEqual(await packager.installed(), [installed]);
  }
});

test('who compiles or installs for development with the C++ header gets the one that it includes', async (t) => {
  const { variables } = await recipe(file('rpmsg-sdb-cpp'));
  t.is(variables.get('DEPENDS'), 'rpmsg-sdb-headers');
  t.is(variables.get('RDEPENDS:${PN}-dev'), 'rpmsg-sdb-headers-dev');
  t.regex(await text('tools/cpp/rpmsg_sdb.hpp'), /^#include <linux\/rpmsg_sdb\.h>$/m);
});

test("Python's module goes where Python looks, with the parts of Python that it imports", async (t) => {
  const path = file('rpmsg-sdb-python');
  const { variables, functions } = await recipe(path);
  const packager = await RecipeRun.unpack(t, path);
  await packager.run(functions.get('do_install') ?? '');
  t.deepEqual(await packager.installed(), ['/usr/lib/python3/site-packages/rpmsg_sdb.py']);
  const module = await text('tools/python/rpmsg_sdb.py');
  const imported = [...module.matchAll(/^ *import (\w+)$/gm)].map(([, name]) => name);
  // In OE these modules of Python have packages of their own. All others that are imported are in python3-core.
  const own = ['fcntl', 'mmap', 'asyncio'].filter((name) => imported.includes(name)).map((name) => `python3-${name}`);
  const packages = `${variables.get('RDEPENDS:${PN}') ?? ''} ${variables.get('RRECOMMENDS:${PN}') ?? ''}`.split(' ');
  t.deepEqual(packages.sort(), ['kernel-module-rpmsg-sdb', 'python3-core', ...own].sort());
  const core = ['errno', 'os', 'select', 'struct', 'time'];
  t.deepEqual(imported.sort(), ['asyncio', 'fcntl', 'mmap', ...core].sort(), 'another import: which package has it?');
});

test("the tools' recipe builds what it lists with the distribution's flags, and installs what it packages", async (t) => {
  const path = file('rpmsg-sdb-tools');
  const { variables, functions } = await recipe(path);
  t.is(
    variables.get('RRECOMMENDS:${PN}'),
    'kernel-module-rpmsg-sdb',
    'of this name bitbake knows: no other for each MACHINE',
  );
  t.is(variables.get('do_compile[cleandirs]'), '${B}', 'other flags, another binary');
  t.not(variables.get('B') ?? '${S}', '${S}', 'what is emptied are not the sources');
  const packager = await RecipeRun.unpack(t, path);
  await packager.run(functions.get('do_compile') ?? '');
  await packager.run(functions.get('do_install') ?? '');
  t.deepEqual(await packager.installed(), ['/usr/bin/sdbctl', '/usr/share/man/man1/sdbctl.1']);
  const binary = join(packager.destination, 'usr/bin/sdbctl');
  const { stdout } = await execa('readelf', ['--file-header', '--sections', '--dynamic', '--wide', binary]);
  t.regex(stdout, /Machine: +ARM/, 'the compiler that was asked for');
  t.regex(stdout, /GNU_HASH/, 'what package QA sees the LDFLAGS by');
  t.regex(stdout, /NEEDED.*libc\.so/);
  t.regex(stdout, /\.symtab/, 'package QA: not already stripped');
  t.regex(stdout, /\.debug_info/, 'the CFLAGS');
  t.false((await readFile(binary)).includes(packager.workDirectory), 'package QA: no path of the build');
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

test('the layer says what bitbake needs to know of one, and every series it was tried on', async (t) => {
  const { variables } = parseRecipe(await text('conf/layer.conf'));
  t.deepEqual(Object.fromEntries(variables), {
    BBPATH: ':${LAYERDIR}',
    BBFILES: '${LAYERDIR}/recipes-*/*/*.bb',
    BBFILE_COLLECTIONS: 'rpmsg-sdb',
    'BBFILE_PATTERN_rpmsg-sdb': '^${LAYERDIR}/',
    'BBFILE_PRIORITY_rpmsg-sdb': '6',
    'LAYERDEPENDS_rpmsg-sdb': 'core',
    'LAYERSERIES_COMPAT_rpmsg-sdb': 'kirkstone mickledore scarthgap styhead walnascar whinlatter wrynose blacksail',
    'LAYERVERSION_rpmsg-sdb': '1',
    'PREFERRED_VERSION_rpmsg-sdb-mod': version,
  });
});

test('the layer has what yocto-check-layer looks for', async (t) => {
  t.regex(await text('SECURITY.md'), /report/i);
  const readme = await text('README.md');
  t.regex(readme, /maintainer/i);
  t.regex(readme, /patch/i);
  t.regex(readme, /[\w.+-]+@[\w-]+\.[\w.-]+/, 'an e-mail address');
});

test('every place that states the version states the same', async (t) => {
  t.is(/^PACKAGE_VERSION="(.*)"$/m.exec(await text('dkms.conf'))?.[1], version);
  t.is(/SDBCTL_VERSION "(.*)"/.exec(await text('tools/sdbctl/main.c'))?.[1], version);
  t.is(/^\.TH .*"rpmsg_sdb (.*?)"/m.exec(await text('tools/sdbctl/sdbctl.1'))?.[1], version);
  for (const source of await inKernel(/\.c$/)) {
    const stated = /MODULE_VERSION\("(.*)"\)/.exec(await text(source))?.[1];
    t.is(stated ?? version, version, source);
  }
});

test('make install puts header, udev rule and blacklist where it is told', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-install-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const make = (...words: string[]) => execa('make', ['--no-print-directory', '-C', inTree('.'), ...words]);
  await make('install', `DESTDIR=${directory}`, 'includedir=/inc', 'udevrulesdir=/rules', 'modprobedir=/modprobe');
  await make('headers_install', `INSTALL_HDR_PATH=${directory}/hdr`);
  const installed = await readdir(directory, { recursive: true, withFileTypes: true });
  t.deepEqual(
    installed
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length))
      .sort(),
    [
      '/hdr/include/linux/rpmsg_sdb.h',
      '/inc/linux/rpmsg_sdb.h',
      '/modprobe/rpmsg_sdb.conf',
      '/rules/60-rpmsg-sdb.rules',
    ],
  );
});

test("make finds the kernel by Yocto's name and by people's, and builds the module unless told otherwise", async (t) => {
  const make = async (...words: string[]) => (await execa('make', ['-C', inTree('.'), 'MAKE=echo', ...words])).stdout;
  for (const name of ['KERNEL_SRC', 'KDIR']) {
    t.regex(await make(`${name}=/kernel`), /^-C \/kernel M=\S+ .*modules$/m);
    t.regex(await make(`${name}=/kernel`, 'clean'), /^-C \/kernel M=\S+ .*clean$/m);
    for (const root of ['DESTDIR', 'INSTALL_MOD_PATH'])
      t.regex(
        await make(`${name}=/kernel`, `${root}=/root`, 'modules_install'),
        /^-C \/kernel M=\S+ INSTALL_MOD_PATH=\/root modules_install$/m,
      );
  }
});

test('dkms builds and finds the module that Kbuild makes, and leaves alone the kernels that cannot have it', async (t) => {
  const script = `. ./dkms.conf; printf '%s\n' "$BUILT_MODULE_NAME" "$MAKE" "$BUILD_EXCLUSIVE_KERNEL" "$BUILD_EXCLUSIVE_CONFIG"`;
  const { stdout } = await execa('bash', ['-euc', script], { cwd: inTree('.'), env: { kernel_source_dir: '/kernel' } });
  const [name, make, kernels, configuration] = stdout.split('\n');
  t.is(`${name ?? ''}.o`, /^obj-m := (\S+)$/m.exec(await text('Kbuild'))?.[1] ?? '');
  t.is(make, 'make KDIR=/kernel modules');
  const wanted = new RegExp(kernels ?? '$.');
  for (const release of ['5.10.0-32-armmp', '5.15.67', '6.1.0-50-armmp', '7.2.13+deb14-arm64', '10.0.0', '12.3'])
    t.regex(release, wanted);
  for (const release of ['4.19.0-27-amd64', '5.1.21', '5.4.0', '5.9.16', '3.16.0']) t.notRegex(release, wanted);
  t.is(configuration, 'CONFIG_REMOTEPROC CONFIG_RPMSG CONFIG_HAS_DMA');
});

test("the udev rule makes the node the group's, under ST's name too", async (t) => {
  const [line, ...others] = (await text(rule)).split('\n').filter((each) => each && !each.startsWith('#'));
  t.deepEqual(others, []);
  t.deepEqual(line?.split(', '), [
    'SUBSYSTEM=="rpmsg_sdb"',
    'KERNEL=="rpmsg_sdb*"',
    'GROUP="dialout"',
    'MODE="0660"',
    'SYMLINK+="rpmsg-sdb%n"',
  ]);
});
