// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent } from '../../scripts/lib/base/record/events.ts';
import { historyPlots } from '../../scripts/lib/run/report/history.ts';
import { eventLines, suite } from './report-events.ts';
import { test } from './together.ts';

const figure = (value: number, name = 'bulk', of = suite): NewEvent & { event: 'figure' } => ({
  event: 'figure',
  suite: of,
  name,
  title: `the ${name}`,
  value,
  unit: 'MiB/s',
});

test('figures of earlier runs on the same board are set beside those of this one', async (t) => {
  const out = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-history-'));
  t.teardown(() => rm(out, { recursive: true }));
  const run = async (name: string, ...events: NewEvent[]) => {
    await mkdir(join(out, name));
    await writeFile(join(out, name, 'events.jsonl'), eventLines(events));
    return join(out, name);
  };
  await run('20260101-000000-a', figure(10));
  await run('20260102-000000-a', figure(99, 'bulk', 'another-board'));
  await run('20260103-000000-a', figure(12), figure(5, 'other'));
  await run('20260104-000000-a', { event: 'run-ended', exitCode: 0 });
  const now = await run('20260105-000000-a', figure(11));
  await run('20260106-000000-a', figure(1000));
  await mkdir(join(out, 'build'));
  const [plot, ...more] = await historyPlots(now, suite, [figure(11)]);
  t.deepEqual(more, []);
  t.deepEqual(plot?.points, [
    { series: 'the bulk', x: -2, y: 10 },
    { series: 'the bulk', x: -1, y: 12 },
    { series: 'the bulk', x: 0, y: 11 },
  ]);
  t.deepEqual(await historyPlots(now, 'a-new-board', [figure(11)]), []);
});
