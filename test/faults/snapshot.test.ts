// SPDX-License-Identifier: MIT
/**
 * The snapshot that emulated boards start from. One that cannot be restored is made again. Nothing else is held against
 * it.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { boardParts, type BoardParts } from '../../scripts/lib/emulated/emulator/parts.ts';
import { bootSnapshot, type Snapshot } from '../../scripts/lib/emulated/emulator/snapshot.ts';
import { startQemu } from '../../scripts/lib/emulated/emulator/start-qemu.ts';
import { setUpMs } from './fixture/lab.ts';
import { test } from '../together/counted.ts';

let directory: string;
let parts: BoardParts;
let snapshot: Snapshot;

const isKept = () => existsSync(join(snapshot.directory, '.manifest.json'));

test.before(async (t) => {
  t.timeout(setUpMs);
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-snapshot-'));
  const { boot, keys } = await boardParts('6.1', quiet);
  // A name of its own makes this a board whose snapshot nobody else has.
  const machine = { ...boot.machine, arguments: [...boot.machine.arguments, '-name', directory] };
  parts = { boot: { ...boot, machine }, keys };
  snapshot = await bootSnapshot(parts, directory, quiet);
});
test.after.always(async () => {
  await rm(snapshot.directory, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
});
test.beforeEach((t) => t.timeout(600_000));

test.serial('a plugin that QEMU does not load costs nobody the snapshot', async (t) => {
  const starting = startQemu(parts, directory, { plugin: join(directory, 'none.so') }, quiet);
  const failure = await t.throwsAsync(starting, { instanceOf: Failure });
  t.regex(failure.message, /none\.so/);
  t.true(isKept());
});

test.serial('a board that is late costs its snapshot, unless one has started from that before', async (t) => {
  const start = async (o: Parameters<typeof startQemu>[2]) => (await startQemu(parts, directory, o, quiet)).stop();
  await start({ restoreWithinMs: 1 });
  t.false(isKept());
  await start({});
  t.true(isKept());
  await start({ restoreWithinMs: 1 });
  t.true(isKept());
});

test.serial('a snapshot that QEMU does not take is made again, and the board is up meanwhile', async (t) => {
  await writeFile(snapshot.state, 'no state of a machine');
  const qemu = await startQemu(parts, directory, {}, quiet);
  await qemu.stop();
  t.false(isKept());
  const again = await startQemu(parts, directory, {}, quiet);
  await again.stop();
  t.true(isKept());
});
