// SPDX-License-Identifier: MIT
// Firmware that knows nothing of this project, good and bad, and what `board up --firmware` and `coprocessor trace` do
// with it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { boardTest } from './fixture/board-test.ts';
import { buildElsewhere, withOther } from './fixture/other-firmware.ts';
import { until } from './fixture/until.ts';

const inRam = 0x1000_0000;

boardTest(
  'firmware of somebody’s own starts, and its trace can be read',
  (s) =>
    withOther(s, async () => {
      // The second firmware has the name of the first.
      for (const place of ['elsewhere', 'nowhere']) {
        await s.board.runOtherFirmware(await buildElsewhere(s.t, inRam, `-DTRACED="${place}"`));
        s.t.is(await s.remoteproc.state(), 'running');
        s.t.is((await s.board.traceOfFirmware()).trimEnd(), `hello from ${place}`);
      }
    }),
  { needs: ['coprocessor-dma'] },
);

boardTest(
  'firmware without a resource table runs; who wants its trace is told what it lacks',
  (s) =>
    withOther(s, async () => {
      const said = await s.board.runOtherFirmware(await buildElsewhere(s.t, inRam));
      s.t.true(
        said.some((line) => line.includes('no resource table found')),
        said.join('\n'),
      );
      s.t.is(await s.remoteproc.state(), 'running');
      const error = await s.t.throwsAsync(s.board.traceOfFirmware(), { instanceOf: Failure });
      s.t.regex(error.remedy ?? '', /RSC_TRACE/);
    }),
  { needs: ['coprocessor-dma'] },
);

boardTest(
  'firmware that lies where the coprocessor has no memory is refused, with where it may lie',
  (s) =>
    withOther(s, async () => {
      const file = await buildElsewhere(s.t, 0x7000_0000, '-DTRACED="outside"');
      const error = await s.t.throwsAsync(s.board.runOtherFirmware(file), { instanceOf: Failure });
      s.t.regex(error.remedy ?? '', /RETRAM.*MCUSRAM/);
    }),
  { needs: ['coprocessor-dma'] },
);

boardTest(
  'a register that firmware has not clocked is told of by the emulator, which fails a test',
  (s) =>
    withOther(s, async () => {
      const tim6 = 0x4000_4000;
      await s.board.runOtherFirmware(await buildElsewhere(s.t, inRam, `-DREAD=${tim6}`));
      const told = await until(
        'the refused access',
        () => s.board.newComplaints(),
        (lines) => lines.length > 0,
      );
      s.t.is(told.length, 1);
      s.t.regex(told[0] ?? '', /^emulator: stm32mp15: tim6: read at 0x000 refused: its clock is off \(mcu at 0x1000/);
    }),
  { needs: ['emulated', 'coprocessor-dma'] },
);

boardTest('a file that no coprocessor can run never reaches the board', async ({ t, board, remoteproc }) => {
  const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-elsewhere-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const text = join(directory, 'firmware.bin');
  await writeFile(text, 'no ELF file, but longer than the head of one is: fifty-two bytes');
  for (const [file, remedy] of [
    [process.execPath, /Cortex-M4/],
    [text, /linker/],
  ] as const) {
    const error = await t.throwsAsync(board.runOtherFirmware(file), { instanceOf: Failure });
    t.is(error.failureClass, 'usage');
    t.regex(error.remedy ?? '', remedy);
  }
  t.is(await remoteproc.state(), 'running', 'what ran before still runs');
});
