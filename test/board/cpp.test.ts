// SPDX-License-Identifier: MIT
// tools/cpp on the board: the header, by a program that uses it, and the sample as a person starts it.
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { temporaryDirectory } from '../../scripts/lib/base/process/temporary.ts';
import { boardKernel } from '../../scripts/lib/base/target/kernels.ts';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { boardOfThisProcess } from '../../scripts/lib/board/inventory/board-file.ts';
import { patience } from '../../scripts/lib/board/inventory/patience.ts';
import type { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { exec, execOk, type ExecResult } from '../../scripts/lib/board/ssh/exec.ts';
import { pull, push } from '../../scripts/lib/board/ssh/transfer.ts';
import { sourceInputs } from '../../scripts/lib/host/build/sources.ts';
import { cached } from '../../scripts/lib/host/cache/cached.ts';
import { defaultKernel } from '../../scripts/lib/emulated/emulator/as-board.ts';
import { compiled } from '../native/compiled.ts';
import { afterTests, boardTest } from './fixture/board-test.ts';
import { connectTo } from './fixture/connection.ts';
import { untilItWaits, untilKnown } from './fixture/started-program.ts';

const root = join(import.meta.dirname, '../..');
const folder = '/tmp/rpmsg-sdb-cpp';
const programs = { capture: 'tools/cpp/samples/capture.cpp', bindings: 'test/target/cpp/bindings.cpp' };
/** The first test waits for both programs to be compiled and brought there, too. */
const timeout = 120_000;

let ready: Promise<Connection> | undefined;
const installed = (): Promise<Connection> => (ready ??= install());

/** Returns the connection by which the programs came to the board. */
async function install(): Promise<Connection> {
  const board = boardOfThisProcess();
  if (!board) throw new Error('these tests are run with npm test');
  const { crossCompile } = boardKernel(board.kernel ?? defaultKernel).programs;
  const headers = await cached(
    'installed-headers',
    await sourceInputs(root, ['Makefile', 'kernel/uapi']),
    async (dir) => {
      await execa('make', ['-s', '-C', root, 'headers_install', `INSTALL_HDR_PATH=${dir}`]);
    },
  );
  const words = ['-std=c++17', '-O2', '-D_FILE_OFFSET_BITS=64', '-D_TIME_BITS=64', '-static', '-s'];
  const includes = [`-I${headers}/include`, `-I${root}/tools/cpp`];
  const connection = await connectTo(board);
  await execOk(connection, `rm -rf ${folder} && mkdir ${folder}`);
  for (const [name, source] of Object.entries(programs)) {
    const program = await compiled({ compiler: `${crossCompile}g++`, words: [...words, ...includes], files: [source] });
    await push(connection, program, `${folder}/${name}`, { mode: 0o755 });
  }
  return connection;
}

afterTests(async () => {
  if (!ready) return;
  const connection = await ready;
  await exec(connection, `rm -rf ${folder}`);
  connection.close();
});

const run = async (words: string): Promise<ExecResult> =>
  exec(await installed(), `cd ${folder} && ./${words}`, {
    timeoutMs: 60_000 * patience(boardOfThisProcess()),
  });

boardTest(
  'C++: the sample capture writes what was filled',
  async ({ t, coprocessor }) => {
    await coprocessor.request('features 7');
    await installed();
    const capturing = run('capture captured 8 16384');
    await untilKnown(coprocessor, 4, capturing);
    await coprocessor.request('stream 10001 0 0 flow');
    const { code, stdout, stderr } = await capturing;
    await coprocessor.request('stop');
    t.is(code, 0, stderr);
    t.is(stdout, '8 transfers, 80008 bytes, 0 missed\n');
    const captured = join(temporaryDirectory('cpp'), 'captured');
    t.teardown(() => rm(dirname(captured), { recursive: true }));
    await pull(await installed(), `${folder}/captured`, captured);
    const wanted = Array.from({ length: 8 }, (_, i) => patternBytes(i % 4, Math.floor(i / 4), 10_001));
    t.true(Buffer.concat(wanted).equals(await readFile(captured)));
  },
  { timeout },
);

boardTest(
  'C++: a buffer is given up when it goes, and each error is a system_error of its kind',
  async ({ t, board, remoteproc }) => {
    await installed();
    const running = run('bindings');
    await untilItWaits(board, `${folder}/waiting`, running);
    await remoteproc.stop();
    const { code, stdout, stderr } = await running;
    t.is(code, 0, stderr);
    const outlived = ['busy', 'nothing'];
    const allocated = ['0', '8192', '0', '8192'];
    const second = ['invalid', '1', '2'];
    const moved = ['1', '2', '1', '0', '8192'];
    const refused = ['invalid', '0', '0', '0', 'not supported'];
    t.deepEqual(JSON.parse(stdout), [...outlived, ...allocated, ...second, ...moved, ...refused, '2', 'gone']);
  },
  { timeout },
);
