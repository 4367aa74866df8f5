// SPDX-License-Identifier: MIT
// ST's released logic analyser firmware. Its licence keeps it out of this repository, so whoever has its ELF file names
// it. The commands are those that ST's application sends to it (meta-st-stm32mpu-app-logicanalyser, backend.c).
import { MAP_PRIVATE, O_NONBLOCK, O_RDWR, POLLIN } from '../../scripts/lib/board/agent/constants.ts';
import type { Task } from '../../scripts/lib/board/agent/task.ts';
import { boardTest } from './fixture/board-test.ts';
import { withOther } from './fixture/other-firmware.ts';
import { Session, takeSignals, type Buffer1 } from './fixture/session.ts';
import { until } from './fixture/until.ts';

const variable = 'RPMSG_SDB_ST_FIRMWARE';
const file = process.env[variable] ?? '';
const lacks = file === '' ? `${variable} does not name ST's ELF file` : undefined;

const MiB = 1 << 20;
/** The firmware uses this many buffers by itself. */
const count = 3;
/**
 * The firmware tags its samples with the buffer's index. A buffer's first samples may still have another tag; those
 * from here on have its own.
 */
const settled = 64 << 10;

/**
 * One of the firmware's two channels of the name rpmsg-tty. One takes commands and sends what is sampled slowly; the
 * other sends the firmware's trace.
 */
class Terminal {
  readonly #task: Task;
  readonly #fd: number;
  #heard = '';

  private constructor(task: Task, fd: number) {
    this.#task = task;
    this.#fd = fd;
  }

  static async open(task: Task, number: number): Promise<Terminal> {
    const path = `/dev/ttyRPMSG${number}`;
    await until(
      `${path} to appear`,
      () => task.exists(path),
      (there) => there,
      15_000,
    );
    const terminal = new Terminal(task, await task.open(path, O_RDWR | O_NONBLOCK));
    // The firmware learns from the first message whom to answer.
    await terminal.say('r');
    return terminal;
  }

  async say(text: string): Promise<void> {
    await this.#task.write(this.#fd, Buffer.from(text));
  }

  async hear(text: string): Promise<void> {
    while (!this.#heard.includes(text)) {
      const [events] = await this.#task.poll(15_000, { fd: this.#fd, events: POLLIN });
      if (events === 0) throw new Error(`the firmware did not say "${text}", but: ${this.#heard}`);
      this.#heard += (await this.#task.read(this.#fd, 512)).toString('latin1');
    }
    this.#heard = this.#heard.slice(this.#heard.indexOf(text) + text.length);
  }
}

boardTest(
  "ST's released logic analyser samples at 6 and at 12 MHz into three buffers of 1 MiB, and each fill is its own",
  (s) =>
    withOther(s, async () => {
      const { t, agent, board } = s;
      await board.shell('modprobe rpmsg_tty');
      await board.runOtherFirmware(file);
      const commands = await Terminal.open(agent, 0);
      const trace = await Terminal.open(agent, 1);
      await until(
        'the device to appear',
        () => board.isThere('/dev/rpmsg_sdb'),
        (there) => there,
      );
      const session = await Session.open(agent);
      const buffers: Buffer1[] = [];
      for (let id = 0; id < count; id++) {
        const eventfd = await session.eventfd(id);
        buffers.push({ eventfd, mapping: await session.map(MiB, { flags: MAP_PRIVATE }) });
        // The firmware keeps one announcement, until it has looked at it.
        await trace.hear(`mArrayDdrBuffCount=${id}\n`);
      }
      await trace.hear('LA ready');
      for (const megahertz of ['006', '012']) {
        // The firmware puts a pattern on the pins that it samples: the buffer's index in bits 3 to 6, and a counter
        // below it.
        await commands.say(`S${megahertz}Msy`);
        await trace.hear('start sampling high frequency');
        for (let fill = 0; fill < 4 * count; fill++) {
          const id = fill % count;
          const { eventfd, mapping } = buffers[id] ?? t.fail('no such buffer');
          await takeSignals(agent, eventfd, 1, 15_000);
          t.is(await session.size(id), MiB);
          for (let at = settled; at < MiB; at += MiB / 8) {
            for (const sample of await mapping.peek(at, 16)) t.is(sample >> 3, id);
          }
        }
        await commands.say('Exit');
        await trace.hear('fStopRequested');
      }
      // The firmware reads from SYSCFG how the chip was booted. Linux does not clock that block, so it reads 0, and
      // goes on with that.
      for (const line of await board.newComplaints()) t.regex(line, /syscfg: read at 0x000 refused.*\(mcu/);
    }),
  { needs: ['emulated', 'coprocessor-dma'], lacks, timeout: 120_000 },
);
