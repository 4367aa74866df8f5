// SPDX-License-Identifier: MIT
// tools/python on the board: programs that use the bindings, and the samples as a person starts them.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { boardOfThisProcess } from '../../scripts/lib/board/inventory/board-file.ts';
import { patience } from '../../scripts/lib/board/inventory/patience.ts';
import { defaultKernel } from '../../scripts/lib/emulated/emulator/as-board.ts';
import { boardKernel } from '../../scripts/lib/base/target/kernels.ts';
import type { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { exec, execOk } from '../../scripts/lib/board/ssh/exec.ts';
import { pull, push } from '../../scripts/lib/board/ssh/transfer.ts';
import { pythonOnBoard } from './fixture/board-python.ts';
import { connectTo } from './fixture/connection.ts';
import { PythonPrograms, type Ended } from './fixture/python-programs.ts';
import { afterTests, boardTest } from './fixture/board-test.ts';
import { untilItWaits, untilKnown } from './fixture/started-program.ts';
import { until } from './fixture/until.ts';

const folder = '/tmp/rpmsg-sdb-python';
const tools = join(import.meta.dirname, '../../tools/python');
/** The first test also waits until Python is on the board. */
const timeout = 120_000;
/** An emulated board takes seconds to start Python, and many when its host is busy. */
const patienceMs = 60_000;

interface Installed {
  readonly connection: Connection;
  readonly programs: PythonPrograms;
}

let ready: Promise<Installed> | undefined;
const installed = (): Promise<Installed> => (ready ??= install());

async function install(): Promise<Installed> {
  const board = boardOfThisProcess();
  if (!board) throw new Error('these tests are run with npm test');
  const connection = await connectTo(board);
  await execOk(connection, `rm -rf ${folder} && mkdir ${folder}`);
  const python = await pythonOnBoard(connection, boardKernel(board.kernel ?? defaultKernel).programs, folder);
  const samples = (await readdir(join(tools, 'samples'))).map((name) => join(tools, 'samples', name));
  for (const file of [join(tools, 'rpmsg_sdb.py'), ...samples]) {
    await push(connection, file, `${folder}/${basename(file)}`);
  }
  const programs = await PythonPrograms.start(connection, python, folder, patienceMs * patience(board));
  return { connection, programs };
}

afterTests(async () => {
  if (!ready) return;
  const { connection, programs } = await ready;
  await programs.end();
  await exec(connection, `rm -rf ${folder}`);
  connection.close();
});

/** Runs a sample. Its words are divided as a shell would do it. */
async function run(words: string): Promise<Ended> {
  const { programs } = await installed();
  return programs.run(words.split(' '));
}

/** Runs a program that has the bindings as `sdb`. Returns what it printed, a JSON text. */
async function program(text: string): Promise<unknown> {
  const { programs } = await installed();
  const { code, stdout, stderr } = await programs.run([
    `import json, errno, os, sys\nimport rpmsg_sdb as sdb\n${text}`,
  ]);
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as unknown;
}

boardTest(
  'Python: a buffer is allocated, described, exported, imported and given up',
  async ({ t }) => {
    const answer = await program(`
with sdb.Device() as device:
    before = device.query()
    buffer = device.allocate(5000)
    place = buffer.place()
    cached = device.allocate(4096, sdb.CACHED | sdb.TO_COPROCESSOR)
    cached.data[:4] = b"four"
    cached.sync(sdb.SYNC_FOR_COPROCESSOR, 0, 4)
    os.close(cached.export_range(0, 4096))
    fd = cached.export()
    again = device.import_dmabuf(fd)
    os.close(fd)
    numbers = sorted(device.buffers)
    seen = bytes(again.data[:4]).decode()
    again.free()
    after = device.query()
    try:
        device.allocate(0)
        refused = 0
    except OSError as error:
        refused = error.errno
    kept = buffer.data[:4]
try:
    sdb.Device(exclusive=True)
    alone = False
except OSError as error:
    alone = error.errno == errno.EBUSY
del kept
sdb.Device(exclusive=True).close()
print(json.dumps([alone, before.version, before.buffers, buffer.size, place.size, place.address, place.channel_index, numbers, seen, after.buffers, refused == errno.EINVAL]))
`);
    const [alone, version, none, size, placed, address, index, numbers, seen, left, refused] = answer as unknown[];
    t.deepEqual([version, none, size, placed, index, numbers], [2, 0, 8192, 8192, 0, [0, 1, 2]]);
    t.true(Number(address) > 0 && Number(address) % 4096 === 0);
    t.true(alone, 'the slice keeps the device open');
    t.deepEqual([seen, left, refused], ['four', 2, true]);
  },
  { timeout },
);

boardTest(
  'Python: transfers are read and buffers handed back, with a wait and with asyncio',
  async ({ t, coprocessor }) => {
    await coprocessor.request('features 7');
    const running = program(`
import asyncio
async def some(device, count):
    taken = []
    async for transfer in device:
        taken.append([transfer.buffer, transfer.length, transfer.sequence, bytes(device.buffers[transfer.buffer].data[:transfer.length]).hex()])
        device.hand_back(transfer)
        if len(taken) == count:
            return taken
async def ticks(device):
    await asyncio.sleep(0)
    return "the loop goes on"
async def both(device):
    return await asyncio.gather(some(device, 6), ticks(device))
with sdb.Device(exclusive=True) as device:
    for _ in range(2):
        device.allocate(4096)
    taken = [device.hand_over_all(20)]
    taken.append([[t.buffer, t.length, t.missed] for t in device.read(20)][0])
    device.hand_back(sdb.Transfer(taken[1][0]))
    taken += asyncio.run(both(device))
    print(json.dumps(taken))
`);
    await untilKnown(coprocessor, 2, running);
    await coprocessor.request('stream 9 0 50 flow');
    const [agreed, first, rest, ticked] = (await running) as [
      boolean,
      number[],
      [number, number, number, string][],
      string,
    ];
    await coprocessor.request('stop');
    t.true(agreed);
    t.deepEqual([first[1], first[2], ticked], [9, 0, 'the loop goes on']);
    t.is(rest.length, 6);
    for (const [buffer, length, sequence, data] of rest) {
      t.is(length, 9);
      t.is(data, patternBytes(buffer, sequence, 9).toString('hex'));
    }
  },
  { timeout },
);

boardTest(
  'Python: the wait for a transfer ends with its time, and with ENODEV when the coprocessor stops',
  async ({ t, board, remoteproc }) => {
    const running = program(`
import asyncio
with sdb.Device() as device:
    device.allocate(4096)
    empty = device.read(0.05)
    takes = device.hand_over_all(0.05)
    back = device.hand_back(sdb.Transfer(0))
    async def wait():
        waiting = [asyncio.ensure_future(device.read_async()) for _ in range(2)]
        await asyncio.sleep(0)
        # The test stops the coprocessor when it sees this.
        open("waiting", "w").close()
        return [error.errno for error in await asyncio.gather(*waiting, return_exceptions=True)]
    print(json.dumps([empty, takes, back, asyncio.run(wait())]))
`);
    await untilItWaits(board, `${folder}/waiting`, running);
    await remoteproc.stop();
    t.deepEqual(await running, [[], false, false, [19, 19]]);
  },
  { timeout },
);

boardTest(
  'Python: the sample capture writes what was filled, and the sample plot draws it',
  async ({ t, coprocessor }) => {
    await coprocessor.request('features 7');
    const capturing = run('capture.py captured 8 16384');
    await untilKnown(coprocessor, 4, capturing);
    await coprocessor.request('stream 10001 0 0 flow');
    const { code, stdout, stderr } = await capturing;
    await coprocessor.request('stop');
    t.is(code, 0, stderr);
    t.is(stdout, '8 transfers, 80008 bytes, 0 missed\n');
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-python-'));
    try {
      await pull((await installed()).connection, `${folder}/captured`, join(directory, 'captured'));
      const { stdout: captured } = await execa('cat', [join(directory, 'captured')], { encoding: 'buffer' });
      const wanted = Array.from({ length: 8 }, (_, i) => patternBytes(i % 4, Math.floor(i / 4), 10_001));
      t.true(Buffer.concat(wanted).equals(captured));
    } finally {
      await rm(directory, { recursive: true });
    }
    const plotting = run('plot.py 2');
    await untilKnown(coprocessor, 4, plotting);
    await coprocessor.request('stream 1000 0 0 flow');
    const plotted = await plotting;
    await coprocessor.request('stop');
    t.is(plotted.code, 0, plotted.stderr);
    t.is(plotted.stdout.split('1000 bytes, 0 missed').length, 3);
    // A frame has sixteen rows, and something is drawn in them.
    t.is(plotted.stdout.split('\n').length, 2 * 17 + 1);
    t.regex(plotted.stdout, /##/);
  },
  { timeout },
);

boardTest(
  'Python: the sample send hands a file over, and says when the coprocessor takes no buffers',
  async ({ t, coprocessor }) => {
    const none = await run('send.py send.py 4096');
    t.deepEqual([none.code, none.stderr], [1, 'this coprocessor takes no buffers\n']);
    await coprocessor.request('features 7');
    await coprocessor.request('heard');
    const sending = run('send.py rpmsg_sdb.py 4096');
    await untilKnown(coprocessor, 2, sending);
    const { stdout: size } = await exec((await installed()).connection, `wc -c < ${folder}/rpmsg_sdb.py`);
    const bytes = Number(size);
    let got = 0;
    const handed: number[] = [];
    while (got < bytes) {
      const lines = await until(
        'the coprocessor hears of a buffer',
        () => coprocessor.heard(),
        (heard) => heard.some((line) => /B\dL/.test(line)),
        patienceMs,
      );
      for (const [, buffer, length] of lines.join('\n').matchAll(/B(\d)L([0-9a-f]{8})/g)) {
        handed.push(parseInt(length ?? '', 16));
        got += handed.at(-1) ?? 0;
        await coprocessor.fill(Number(buffer), 1);
      }
    }
    const { code, stdout, stderr } = await sending;
    t.is(code, 0, stderr);
    t.is(stdout, `${String(bytes)} bytes\n`);
    t.deepEqual(handed, [...Array.from({ length: Math.floor(bytes / 4096) }, () => 4096), bytes % 4096]);
  },
  { timeout },
);
