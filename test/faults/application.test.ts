// SPDX-License-Identifier: MIT
/**
 * What CI runs for an application's repository. The example passes, one that fails says so, and both leave a report.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './fixture/harness.ts';
import { test } from '../together/counted.ts';

let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-application-'));
});
test.after.always(() => rm(directory, { recursive: true, force: true }));
test.beforeEach((t) => t.timeout(600_000));

/** Runs a test of an application. Returns the exit code, and what is in the report. */
async function ran(program: string) {
  const report = join(directory, 'report');
  const { exitCode } = await execa(join(root, '.ci/application/run'), [program, report], {
    cwd: directory,
    stdin: 'ignore',
    reject: false,
  });
  const read = (name: string) => readFile(join(report, name), 'utf8');
  return { exitCode, junit: await read('junit.xml'), output: await read('output.txt'), board: await read('board.txt') };
}

async function program(text: string): Promise<string> {
  const path = join(directory, 'on-board');
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

test.serial('an application: the example builds, runs on the board, and gets what the coprocessor fills', async (t) => {
  const { exitCode, junit, output, board } = await ran(join(root, '.ci/application/example/test'));
  t.is(exitCode, 0, board);
  t.regex(output, /buffer 0: 1000 bytes/);
  t.regex(junit, /failures="0"/);
});

test.serial('an application: one whose test fails is a failure with its exit code', async (t) => {
  const failing = await program('echo "]]> & <half>"; board exec -- false; exit 7');
  const { exitCode, junit, output } = await ran(failing);
  t.is(exitCode, 7);
  t.regex(output, /half/);
  t.regex(junit, /failures="1"[\s\S]*exit code 7/);
  t.notRegex(junit, /]]> &/, 'nothing that a test says ends the section it stands in');
});

test.serial('an application: what its kernel complains of fails a test that passes', async (t) => {
  const complaining = await program(`board exec -- 'echo "WARNING: at the end" > /dev/kmsg'`);
  const { exitCode, output } = await ran(complaining);
  t.is(exitCode, 5);
  t.regex(output, /kernel complained/);
});
