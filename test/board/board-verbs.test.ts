// SPDX-License-Identifier: MIT
// The verbs that a firmware author uses on the emulated board, as he types them.
import { dirname } from 'node:path';
import getPort from 'get-port';
import { Monitor } from '../../scripts/lib/emulated/emulator/monitor.ts';
import { boardTest } from './fixture/board-test.ts';
import { Debugger } from './fixture/debugger.ts';
import { buildElsewhere, withOther } from './fixture/other-firmware.ts';
import { boardVerbs } from './fixture/verbs.ts';

const inRam = 0x1000_0000;
const sizeOfRam = 0x4_0000;
/** gdb's number of the program counter of an ARM core. */
const pc = 15;
/** QEMU's clusters of cores: Linux's come first, the Cortex-M4's second. */
const [linux, coprocessor] = [1, 2];

boardTest(
  'up --firmware runs an ELF file; coprocessor trace and uart print what it wrote and said, up --gdb shows where it is',
  (s) =>
    withOther(s, async () => {
      const { t, board } = s;
      const verb = await boardVerbs(t, board.board);
      const file = await buildElsewhere(t, inRam, '-DTRACED="a trace"', '-DSAID="a UART"');
      const port = await getPort({ host: '127.0.0.1' });
      const up = await verb('up', '--firmware', file, '--gdb', String(port));
      t.regex(up, /coprocessor trace/);
      t.true(up.includes(`target extended-remote :${port}`));
      t.is(await verb('coprocessor', 'trace'), 'hello from a trace');
      t.is(await verb('coprocessor', 'uart'), 'hello from a UART');

      const debug = await Debugger.attach(port);
      try {
        t.regex(await debug.ask(`vAttach;${coprocessor}`), /^T05thread:p02/);
        const at = await debug.register(pc);
        t.true(at >= inRam && at < inRam + sizeOfRam, `the firmware is at 0x${at.toString(16)}`);
      } finally {
        await debug.detach(coprocessor, linux);
        const monitor = await Monitor.connect(dirname(board.board.console ?? ''));
        await monitor.execute('human-monitor-command', { 'command-line': 'gdbserver none' });
        monitor.close();
      }
      t.is(await s.remoteproc.state(), 'running');
    }),
  { needs: ['emulated', 'coprocessor-dma'], timeout: 120_000 },
);
