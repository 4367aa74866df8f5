// SPDX-License-Identifier: MIT
/** An emulated board does not start: what is told of that, and when its snapshot is to blame. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { instanceFiles } from '../../scripts/lib/emulated/emulator/attached.ts';
import type { BoardParts } from '../../scripts/lib/emulated/emulator/parts.ts';
import { reach } from '../../scripts/lib/emulated/emulator/reach.ts';
import { snapshotInputs } from '../../scripts/lib/emulated/emulator/snapshot.ts';
import { startQemu } from '../../scripts/lib/emulated/emulator/start-qemu.ts';
import { cached } from '../../scripts/lib/host/cache/cached.ts';
import { loopbackBoard, type LoopbackBoard } from './loopback-board.ts';
import { programs } from './programs.ts';
import { temporary } from './temporary.ts';
import { test } from '../together/counted.ts';

const keys = { privateKey: '', authorized: '', hostKey: Buffer.of(), hostKeyFingerprint: 'SHA256:another' };

function place(): string {
  const directory = temporary('start');
  writeFileSync(join(directory, instanceFiles.console), 'the last words\n');
  return directory;
}

async function openLoopback(t: ExecutionContext): Promise<LoopbackBoard> {
  const board = await loopbackBoard();
  t.teardown(() => board.close());
  return board;
}

test('a board that cannot be logged into is told with its kind, its remedy and its console', async (t) => {
  const { address } = await openLoopback(t);
  const directory = place();
  const exited = new Promise<void>(() => undefined);
  const qemu = { port: address.port, directory, exited };
  const reaching = reach(qemu, { ...keys, privateKey: address.privateKey }, 10_000);
  const failure = await t.throwsAsync(reaching, { instanceOf: Failure });
  t.like(failure, { failureClass: 'board', kind: 'host-key', log: join(directory, instanceFiles.console) });
  t.regex(failure.message, /did not come up: .*shows the host key[^]*the last words/);
  t.regex(failure.remedy ?? '', /make sure that it is the right board/);
});

test('a board whose QEMU ends has not booted', async (t) => {
  const { address } = await openLoopback(t);
  const qemu = { port: 1, directory: place(), exited: Promise.resolve() };
  const reaching = reach(qemu, { ...keys, privateKey: address.privateKey }, 10_000);
  const failure = await t.throwsAsync(reaching, { instanceOf: Failure });
  t.like(failure, { failureClass: 'board', kind: 'boot' });
  t.regex(failure.message, /did not come up: it ended\. Its console ends with\n *the last words/);
});

test('a QEMU that does not start at all is not held against the snapshot', async (t) => {
  const before = process.env['RPMSG_SDB_CACHE'];
  process.env['RPMSG_SDB_CACHE'] = temporary('cache');
  t.teardown(() => {
    if (before === undefined) delete process.env['RPMSG_SDB_CACHE'];
    else process.env['RPMSG_SDB_CACHE'] = before;
  });
  const program = join(programs({ qemu: 'echo "qemu: cannot load the plugin"; exit 1' }), 'qemu');
  const machine = { program, version: '1', arguments: [], console: 'ttyS0', uarts: [] };
  const parts: BoardParts = { boot: { machine, kernel: 'k', initrd: 'i', deviceTree: 'd' }, keys };
  const snapshot = await cached('snapshot', snapshotInputs(parts), (dir) => {
    for (const name of ['state', instanceFiles.console]) writeFileSync(join(dir, name), 'as it was taken');
    return Promise.resolve();
  });
  const starting = startQemu(parts, place(), { plugin: 'none' }, quiet);
  const failure = await t.throwsAsync(starting, { instanceOf: Failure });
  t.regex(failure.message, /QEMU does not start: qemu: cannot load the plugin/);
  t.true(existsSync(join(snapshot, '.manifest.json')), 'it is taken for whole at the next start');
});
