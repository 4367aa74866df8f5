// SPDX-License-Identifier: MIT
/** The cache keeps nothing that is wrong, and makes again what an older version of the harness left wrong in it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { makeKeyPair } from '../../scripts/lib/board/ssh/key-pair.ts';
import { boardKeys } from '../../scripts/lib/emulated/emulator/keys.ts';
import { cacheDirectory, cached } from '../../scripts/lib/host/cache/cached.ts';
import { writeManifest } from '../../scripts/lib/host/cache/manifest.ts';

async function emptyCache(t: ExecutionContext): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-cache-'));
  const before = process.env['RPMSG_SDB_CACHE'];
  process.env['RPMSG_SDB_CACHE'] = cache;
  t.teardown(async () => {
    if (before === undefined) delete process.env['RPMSG_SDB_CACHE'];
    else process.env['RPMSG_SDB_CACHE'] = before;
    await rm(cache, { recursive: true });
  });
}

/** What ssh2 1.17 writes when a key begins with a zero byte: it is one byte short. */
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
