// SPDX-License-Identifier: MIT
/** An emulated board that does not start: what is told of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { instanceFiles } from '../../scripts/lib/emulated/emulator/attached.ts';
import { reach } from '../../scripts/lib/emulated/emulator/reach.ts';
import { loopbackBoard, type LoopbackBoard } from './loopback-board.ts';
import { temporary } from './temporary.ts';

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
