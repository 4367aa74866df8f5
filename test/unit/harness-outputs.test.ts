// SPDX-License-Identifier: MIT
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { eventsVariable } from '../../scripts/lib/base/record/event-log.ts';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { placeFile } from '../../scripts/lib/host/build/place-file.ts';
import { test } from './together.ts';

function checkout(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'rpmsg-sdb-outputs-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  return root;
}

function runOf(root: string, boards: readonly string[]): Outputs {
  const outputs = new Outputs(root, 'test');
  outputs.nameAfter(boards);
  return outputs;
}

test.serial('a run of boards has a folder of its own, and the newest is out/latest', (t) => {
  const root = checkout(t);
  const first = runOf(root, ['emulated-6.1', 'rack/board 7']).directory();
  t.regex(first, /\/out\/\d{8}-\d{6}-emulated-6\.1\+rack-board-7(-\d+)?$/);
  const second = runOf(root, ['a', 'b', 'c', 'd']).directory();
  t.regex(second, /-a\+3-more$/);
  t.is(readlinkSync(join(root, 'out/latest')), basename(second));
  t.regex(runOf(root, []).directory(), /-host$/);
});

test.serial('two runs of one second are two runs', (t) => {
  const root = checkout(t);
  const folders = Array.from({ length: 5 }, () => runOf(root, ['a']).directory());
  t.is(new Set(folders).size, 5);
});

test.serial('other verbs keep to out/runs, and make no folder unless they have a file', (t) => {
  const root = checkout(t);
  const outputs = new Outputs(root, 'build');
  t.false(existsSync(join(root, 'out')));
  t.regex(outputs.file('a/b.log'), /\/out\/runs\/[\d-]+-build-\d+\/a-b\.log$/);
  t.false(existsSync(join(root, 'out/latest')));
});

test.serial('the oldest runs go, and nothing that is no run', (t) => {
  const root = checkout(t);
  for (let day = 10; day < 60; day++) mkdirSync(join(root, `out/202501${day}-000000-a`), { recursive: true });
  mkdirSync(join(root, 'out/build'));
  const now = runOf(root, ['a']).directory();
  const left = readdirSync(join(root, 'out'));
  t.is(left.filter((name) => /^\d{8}-/.test(name)).length, 30);
  t.true(left.includes(basename(now)) && left.includes('build'));
  t.false(left.includes('20250110-000000-a'));
});

test.serial('a process that is part of a run has its files and its events there', (t) => {
  const root = checkout(t);
  const whole = runOf(root, ['a', 'b']);
  process.env[eventsVariable] = whole.events.path;
  t.teardown(() => Reflect.deleteProperty(process.env, eventsVariable));
  const part = runOf(root, ['a']);
  t.is(part.events.path, whole.events.path);
  t.is(part.directory(), join(dirname(whole.events.path), 'part-a'));
  t.is(readlinkSync(join(root, 'out/latest')), basename(whole.directory()));
});

test('who reads what a build has made reads all of it, while another verb brings the next', async (t) => {
  const root = checkout(t);
  const [made, place] = [join(root, 'made'), join(root, 'place')];
  writeFileSync(place, 'the one before');
  const reader = openSync(place, 'r');
  writeFileSync(made, 'the next');
  await Promise.all([placeFile(made, place), placeFile(made, place)]);
  t.is(readFileSync(reader, 'utf8'), 'the one before');
  t.is(readFileSync(place, 'utf8'), 'the next');
  t.deepEqual(readdirSync(root).sort(), ['made', 'place']);
});
