// SPDX-License-Identifier: MIT
import { access, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Scratch } from '../../scripts/lib/run/tests/scratch.ts';
import { test } from './together.ts';

test('what tests leave in the temporary directory is seen, each kind once, and goes', async (t) => {
  const scratch = await Scratch.make();
  t.deepEqual(await scratch.leftovers(), []);
  for (const name of ['rpmsg-sdb-board-', 'rpmsg-sdb-board-', 'rpmsg-sdb-watch-'])
    await mkdtemp(join(scratch.directory, name));
  t.deepEqual(await scratch.leftovers(), ['rpmsg-sdb-board-*', 'rpmsg-sdb-watch-*']);
  await scratch.remove();
  await t.throwsAsync(access(scratch.directory));
});
