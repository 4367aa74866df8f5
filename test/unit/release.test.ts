// SPDX-License-Identifier: MIT
/** The files of a release: what is in them, and that they depend on nothing but the commit. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { makeRelease } from '../../scripts/lib/run/release/files.ts';
import { readRelease, releaseTag, sectionOf, type Release } from '../../scripts/lib/run/release/version.ts';
import { inTree } from './native.ts';
import { readRecipe, sourcePaths } from './recipe-text.ts';
import { test } from '../together/counted.ts';

let directory: string;
let release: Release;

/** Makes them in a fresh clone. */
async function made(name: string): Promise<string> {
  const clone = join(directory, name);
  await execa('git', ['clone', '--quiet', '--shared', inTree('.'), clone]);
  const into = join(clone, 'out');
  await makeRelease(clone, release, into);
  return into;
}

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

test.before(async (t) => {
  t.timeout(120_000);
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-releases-'));
  release = await readRelease(inTree('.'));
  await made('one');
});
test.after.always(() => rm(directory, { recursive: true, force: true }));

// This test runs alone, because it changes settings of the whole process.
test.serial('made twice, under another umask, time zone and language, the files are the same to the bit', async (t) => {
  const before = { TZ: process.env['TZ'], LC_ALL: process.env['LC_ALL'], mask: process.umask(0o077) };
  process.env['TZ'] = 'Pacific/Chatham';
  process.env['LC_ALL'] = 'C';
  try {
    const [one, other] = [join(directory, 'one/out'), await made('other')];
    const names = (await readdir(one)).sort();
    t.is(names.length, 4);
    t.deepEqual((await readdir(other)).sort(), names);
    for (const name of names) t.is(await sha256(join(other, name)), await sha256(join(one, name)), name);
  } finally {
    process.umask(before.mask);
    for (const name of ['TZ', 'LC_ALL'] as const) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
});

test('the sums are those of the files', async (t) => {
  const into = join(directory, 'one/out');
  const { stdout } = await execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: into });
  t.deepEqual(stdout.split('\n').sort(), [
    `rpmsg-sdb-${release.version}.spdx.json: OK`,
    `rpmsg-sdb-${release.version}.tar.gz: OK`,
    `rpmsg-sdb-dkms_${release.version}_all.deb: OK`,
  ]);
});

test('the tarball has what the commit has', async (t) => {
  const { stdout } = await execa('tar', ['-tzf', join(directory, `one/out/rpmsg-sdb-${release.version}.tar.gz`)]);
  const { stdout: tracked } = await execa('git', ['ls-tree', '-r', '--name-only', 'HEAD'], { cwd: inTree('.') });
  const files = stdout.split('\n').filter((path) => !path.endsWith('/'));
  t.deepEqual(
    files.map((path) => path.replace(`rpmsg-sdb-${release.version}/`, '')).sort(),
    tracked.split('\n').sort(),
  );
});

test("the package for dkms has the files of the module's recipe, and all that make install has", async (t) => {
  const deb = join(directory, `one/out/rpmsg-sdb-dkms_${release.version}_all.deb`);
  const list = (await execa('dpkg-deb', ['--contents', deb])).stdout.split('\n');
  const files = list.filter((line) => line.startsWith('-')).map((line) => line.replace(/^.* \.\//, ''));
  const sources = `usr/src/rpmsg-sdb-${release.version}/`;
  const own = files.filter((path) => path.startsWith(sources)).map((path) => path.slice(sources.length));
  const { paths } = sourcePaths(
    await readRecipe(inTree(`recipes-kernel/rpmsg-sdb-mod/rpmsg-sdb-mod_${release.version}.bb`)),
  );
  for (const path of [...paths, 'dkms.conf']) t.true(own.includes(path), path);
  t.deepEqual(files.filter((path) => !path.startsWith(sources)).sort(), [
    'usr/include/linux/rpmsg_sdb.h',
    'usr/lib/modprobe.d/rpmsg_sdb.conf',
    'usr/lib/udev/rules.d/60-rpmsg-sdb.rules',
    'usr/share/doc/rpmsg-sdb-dkms/copyright',
  ]);
  t.true(
    list.every((line) => /^[-d]\S+ root\/root /.test(line)),
    'nobody of this host owns a file',
  );
  t.is((await execa('dpkg-deb', ['--field', deb, 'Version'])).stdout, release.version);
});

test('the bill of material names every file with its sum and licence, and everything that npm brings', async (t) => {
  const bill = JSON.parse(
    await readFile(join(directory, `one/out/rpmsg-sdb-${release.version}.spdx.json`), 'utf8'),
  ) as {
    files: {
      fileName: string;
      licenseInfoInFiles: string[];
      checksums: { algorithm: string; checksumValue: string }[];
    }[];
    packages: { name: string; checksums?: { checksumValue: string }[] }[];
    relationships: { spdxElementId: string; relatedSpdxElement: string }[];
  };
  const { stdout: tracked } = await execa('git', ['ls-tree', '-r', '--name-only', 'HEAD'], { cwd: inTree('.') });
  t.deepEqual(bill.files.map(({ fileName }) => fileName.slice(2)).sort(), tracked.split('\n').sort());
  const header = bill.files.find(({ fileName }) => fileName === './kernel/uapi/rpmsg_sdb.h');
  t.deepEqual(header?.licenseInfoInFiles, ['GPL-2.0-only WITH Linux-syscall-note']);
  const clone = join(directory, 'one/kernel/uapi/rpmsg_sdb.h');
  t.is(header?.checksums.find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue, await sha256(clone));
  t.true(bill.packages.some(({ name }) => name === 'typescript'));
  const tarball = join(directory, `one/out/rpmsg-sdb-${release.version}.tar.gz`);
  t.is(bill.packages[0]?.checksums?.[0]?.checksumValue, await sha256(tarball));
  const known = new Set([...JSON.stringify(bill).matchAll(/"SPDXID":"([^"]+)"/g)].map(([, id]) => id));
  for (const one of bill.relationships) t.true(known.has(one.spdxElementId) && known.has(one.relatedSpdxElement));
});

test("a version's section of the change log is found only when it has a date", (t) => {
  const log =
    '# x\n\n## Unreleased\n\nz\n\n## 0.2.0, 2027-01-31\n\nnew: a\n\n## 0.2.0-1, 2027-01-01\n\nold\n\n## 0.1.0\n';
  t.is(sectionOf(log, '0.2.0'), 'new: a');
  t.is(sectionOf(log, '0.1.0'), undefined);
  t.is(sectionOf(log, '0.3.0'), undefined);
});

test('the tag is the one that the recipes fetch', async (t) => {
  const { variables } = await readRecipe(inTree(`recipes-kernel/rpmsg-sdb-mod/rpmsg-sdb-mod_${release.version}.bb`));
  const wanted = /;tag=([^;]+);/.exec(variables.get('RPMSG_SDB_FROM_release') ?? '')?.[1];
  t.is(wanted?.replace('${PV}', '1.2.3'), releaseTag('1.2.3'));
});
