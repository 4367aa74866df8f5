// SPDX-License-Identifier: MIT
/** The cache keeps nothing that is wrong. What an older version of the harness left wrong in it is made again. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { makeKeyPair } from '../../scripts/lib/board/ssh/key-pair.ts';
import { boardKeys } from '../../scripts/lib/emulated/emulator/keys.ts';
import { cacheDirectory, cached } from '../../scripts/lib/host/cache/cached.ts';
import { buildSdbctl } from '../../scripts/lib/host/build/board-programs.ts';
import { sourceTrees } from '../../scripts/lib/host/build/sources.ts';
import { unpackZImage } from '../../scripts/lib/host/kernel/unpack-zimage.ts';
import { wantedBytes } from '../../scripts/lib/run/doctor/host.ts';
import { findings } from '../../scripts/lib/run/checks/findings.ts';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { asFailure } from '../../scripts/lib/base/cli/as-failure.ts';
import { makeDirectory } from '../../scripts/lib/host/cache/make-directory.ts';
import { inTree } from './native.ts';
import { temporary } from './temporary.ts';
import { writeManifest } from '../../scripts/lib/host/cache/manifest.ts';
import { test } from '../together/counted.ts';

async function emptyCache(t: ExecutionContext): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-cache-'));
  t.teardown(() => rm(cache, { recursive: true }));
  exportValue(t, 'RPMSG_SDB_CACHE', cache);
}

/** Sets a variable of the environment until the test is over. */
function exportValue(t: ExecutionContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.teardown(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before;
  });
}

/** The public key as ssh2 1.17 writes it when a key begins with a zero byte: one byte too short. */
function shortened(authorized: string): string {
  const [type = '', key = ''] = authorized.split(' ');
  const wire = Buffer.from(key, 'base64').subarray(0, -1);
  wire.writeUInt32BE(31, 15);
  return `${type} ${wire.toString('base64')} rpmsg-sdb emulated boards\n`;
}

test.serial('a key of the emulated boards that is malformed is made again, and a right one stays', async (t) => {
  await emptyCache(t);
  const entry = cacheDirectory('keys', ['1']);
  await mkdir(entry, { recursive: true });
  const { authorized } = await makeKeyPair(join(entry, 'id_ed25519'), 'as it should be');
  await writeFile(join(entry, 'id_ed25519.pub'), shortened(authorized));
  await writeFile(join(entry, 'host_key'), 'of no matter here');
  await writeManifest(entry);

  const keys = await boardKeys();
  const told = await execa('ssh-keygen', ['-y', '-f', keys.privateKey]);
  t.is(`${told.stdout}\n`, keys.authorized);
  t.deepEqual(await boardKeys(), keys);
  t.is(await readFile(`${keys.privateKey}.pub`, 'utf8'), keys.authorized);
});

test.serial('a key of a board whose halves do not belong together is made again', async (t) => {
  await emptyCache(t);
  const entry = cacheDirectory('keys', ['1']);
  await mkdir(entry, { recursive: true });
  await makeKeyPair(join(entry, 'id_ed25519'), 'right');
  const wrong = Buffer.alloc(19 + 64, 1);
  await writeFile(join(entry, 'host_key'), wrong);
  await writeManifest(entry);
  t.notDeepEqual((await boardKeys()).hostKey, wrong);
});

test.serial('what does not pass its check is not kept, and is made again when it is asked for', async (t) => {
  await emptyCache(t);
  const answer = (content: string): Promise<string> =>
    cached(
      'answers',
      [],
      (dir) => writeFile(join(dir, 'answer'), content),
      undefined,
      async (dir) => {
        if ((await readFile(join(dir, 'answer'), 'utf8')) !== '42') throw new Error('not the answer');
      },
    );
  await t.throwsAsync(answer('41'), { message: 'not the answer' });
  t.is(await readFile(join(await answer('42'), 'answer'), 'utf8'), '42');
});

test.serial('what the shell has exported for another build has no part in what is kept', async (t) => {
  await emptyCache(t);
  const root = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-exported-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const tree of sourceTrees.sdbctl) await cp(inTree(tree), join(root, tree), { recursive: true });
  const exported = { CFLAGS: '-not-an-option', MAKEFLAGS: 'WERROR=-not-an-option', LDFLAGS: '-not-an-option' };
  for (const [name, value] of Object.entries(exported)) exportValue(t, name, value);
  const outputs = new Outputs(root, 'unit');
  await t.notThrowsAsync(buildSdbctl({ root, log: quiet, outputs, signal: new AbortController().signal }));
});

test('an empty cache that many fill at once is made', async (t) => {
  const root = temporary('cache');
  // One of them may find no parent, and be overtaken by another that makes it.
  for (let round = 0; round < 50; round++) {
    const kinds = Array.from({ length: 8 }, (_, kind) => join(root, String(round), 'cache', String(kind)));
    await t.notThrowsAsync(Promise.all(kinds.map(makeDirectory)));
  }
});

test('a check whose tool is killed is not remembered as one that found nothing', async (t) => {
  const o = { root: tmpdir(), signal: new AbortController().signal };
  await t.throwsAsync(findings('sh', ['-c', 'echo warning: of no matter; kill -KILL $$'], o), { instanceOf: Failure });
});

test.serial('a kernel is not taken as it is because the program that unpacks it is not there', async (t) => {
  exportValue(t, 'PATH', '/nonexistent');
  const image = Buffer.alloc(64);
  image.write('KLSZ');
  image.writeUInt32LE(60, 4);
  image.write('\xfd7zXZ\0', 16, 'latin1');
  await t.throwsAsync(unpackZImage(image), { instanceOf: Failure, message: /^xz does not run/ });
});

test.serial('a cache that cannot be made is told at once, wherever it is to be', async (t) => {
  for (const place of ['/proc/nothing/at/all', '/dev/null/cache', '/sys/nothing']) {
    exportValue(t, 'RPMSG_SDB_CACHE', place);
    const failure = await t.throwsAsync(
      cached('test', ['1'], async () => undefined),
      { instanceOf: Failure },
    );
    t.is(failure.failureClass, 'host', place);
    t.regex(failure.remedy ?? '', /RPMSG_SDB_CACHE/);
  }
});

test.serial('a full disk is told as such, whichever program has met it and whatever it was taken for', async (t) => {
  await emptyCache(t);
  const said = 'Error writing to file - write (28: No space left on device)';
  const met = [
    new Failure('host', `cannot download a package: ${said}`, { remedy: 'connect this host to the network once' }),
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    Object.assign(new Error('EDQUOT: quota exceeded, write'), { code: 'EDQUOT' }),
  ];
  for (const error of met) {
    const failure = await t.throwsAsync(
      cached('full', [error.message], () => Promise.reject(error)),
      { instanceOf: Failure },
    );
    t.like(failure, { failureClass: 'host', kind: 'disk-full' });
    t.regex(failure.remedy ?? '', /RPMSG_SDB_CACHE/);
    t.is(asFailure(failure, 'build'), failure);
    t.like(asFailure(error, 'build'), { failureClass: 'host', kind: 'disk-full' });
  }
  const ofBoard = new Failure('board', 'cannot write /x on desk: no space left on device', { kind: 'disk-full' });
  t.is(asFailure(ofBoard, 'build'), ofBoard);
});

test('the room that doctor wants for the cache is what the README says', async (t) => {
  const readme = await readFile(inTree('README.md'), 'utf8');
  t.is(Number(/Leave (\d+) GB free/.exec(readme)?.[1]) * 1e9, wantedBytes);
});
