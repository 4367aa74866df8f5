// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { remembered } from '../../scripts/lib/run/checks/remembered.ts';
import type { Log } from '../../scripts/lib/base/log/log.ts';
import { sideBySide } from '../../scripts/lib/base/process/side-by-side.ts';
import { test } from './together.ts';

const log = { info: () => undefined } as unknown as Log;

/** A check of a text. It finds what is in the text, and counts how often it looked. */
function counted(text: () => string) {
  const counts = { looked: 0 };
  const check = remembered({
    id: 'counted',
    name: 'counted',
    inputs: async () => [text()],
    run: async () => {
      counts.looked++;
      return text().includes('wrong') ? text() : undefined;
    },
  });
  return { check, counts };
}

test.serial('a check that found nothing does not look again until what it looks at has changed', async (t) => {
  const cache = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-cache-'));
  const before = process.env['RPMSG_SDB_CACHE'];
  process.env['RPMSG_SDB_CACHE'] = cache;
  t.teardown(async () => {
    if (before === undefined) delete process.env['RPMSG_SDB_CACHE'];
    else process.env['RPMSG_SDB_CACHE'] = before;
    await rm(cache, { recursive: true });
  });
  let text = 'right';
  const { check, counts } = counted(() => text);
  t.is(await check.run(log), undefined);
  t.is(await check.run(log), undefined);
  t.is(counts.looked, 1);

  text = 'wrong';
  await t.throwsAsync(check.run(log), { message: 'wrong' });
  await t.throwsAsync(check.run(log), { message: 'wrong' });
  t.is(counts.looked, 3, 'what was found is found again');

  text = 'right';
  t.is(await check.run(log), undefined);
  t.is(counts.looked, 3);
});

test('work side by side is answered in order, and never more at a time than asked for', async (t) => {
  let now = 0;
  let most = 0;
  const results = await sideBySide([5, 1, 3, 1, 2], 2, async (ms) => {
    most = Math.max(most, ++now);
    await sleep(ms);
    now--;
    return ms * 10;
  });
  t.deepEqual(results, [50, 10, 30, 10, 20]);
  t.is(most, 2);
});

test('when one of several fails, what has begun still ends, and nothing else begins', async (t) => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = sideBySide([1, 20, 3, 4], 2, async (ms) => {
    begun.push(ms);
    await sleep(ms);
    if (ms === 1) throw new Error('one');
    ended.push(ms);
    return ms;
  });
  await t.throwsAsync(work, { message: 'one' });
  t.deepEqual(begun, [1, 20]);
  t.deepEqual(ended, [20]);
});
