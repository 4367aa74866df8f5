// SPDX-License-Identifier: MIT
/** A board that labgrid has. labgrid's coordinator hands it out, switches it and shows its console. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Coordinator, labgridHooks } from './fixture/labgrid/coordinator.ts';
import { startRack, type Rack } from './fixture/labgrid/rack.ts';
import { follow, root, type Running } from './fixture/harness.ts';
import { Lab, setUpMs } from './fixture/lab.ts';
import { test } from '../together/counted.ts';

/** The name of the place, and of the board. */
let place: string;
const tag = 'soc=stm32mp157';
const grep = 'every word right';
const victim = 'a stream of 4 buffers of 1 MiB: every word right, nothing lost';

let lab: Lab;
let rack: Rack;
let labgrid: Coordinator;
const closing: (() => Promise<void>)[] = [];

test.before(async (t) => {
  t.timeout(setUpMs);
  lab = await Lab.open();
  closing.push(() => lab.close());
  place = lab.name;
  rack = await startRack(lab.directory);
  closing.push(() => rack.close());
  labgrid = await Coordinator.start(place, tag, rack);
  closing.push(() => labgrid.stop());
});
test.after.always(async () => {
  for (const close of closing.reverse()) await close();
});
test.beforeEach((t) => t.timeout(400_000));

async function start(): Promise<Running> {
  const boards = await lab.inventory(labgridHooks());
  const words = [tag, '--', '--boards', boards, '--grep', grep, '--json'];
  return follow('hil', [join(root, '.ci/labgrid/run'), ...words], labgrid.env);
}

const isFree = async () => {
  const shown = await labgrid.client('--place', place, 'show');
  return shown.includes('acquired: None') && (await labgrid.client('reservations')) === '';
};

test.serial('a reserved board that panics is seen and switched through labgrid, and given back', async (t) => {
  const running = await start();
  await running.testStarted(place, victim);
  t.false(await isFree());
  await lab.wreck('echo c > /proc/sysrq-trigger');
  const ended = await running.ended;
  t.is(ended.exitCode, 5, ended.failure?.message);
  t.like(ended.failure, { class: 'kernel' });
  t.deepEqual(rack.switched, ['0', '1']);
  t.is(ended.failedTests.length, 1);
  t.regex(ended.lastLine, /^\d+ passed, 1 failed/);
  const seen = await readFile(join(ended.logs, `${place}.seen.log`), 'utf8');
  t.regex(seen, /console {4}\| .*sysrq: Trigger a crash/);
  t.true(await isFree());
});

test.serial('a job that is cancelled while it waits for a place leaves no reservation behind', async (t) => {
  await labgrid.client('--place', place, 'acquire');
  const running = await start();
  while (!(await labgrid.client('reservations')).includes('waiting')) await new Promise((r) => setTimeout(r, 200));
  running.kill('SIGTERM');
  t.is((await running.ended).exitCode, 130);
  t.is(await labgrid.client('reservations'), '');
  await labgrid.client('--place', place, 'release');
});

test.serial('a job that is cancelled while tests run gives the board back once it is in order', async (t) => {
  const running = await start();
  await running.testStarted(place, victim);
  running.kill('SIGTERM');
  t.is((await running.ended).exitCode, 130);
  t.deepEqual(await lab.processes(), []);
  t.true(await isFree());
});
