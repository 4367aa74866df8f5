// SPDX-License-Identifier: MIT
// ST's released logic analyser firmware, which its licence keeps out of this repository: who has its ELF file names it.
// Its commands are those that ST's application for it sends (meta-st-stm32mpu-app-logicanalyser, backend.c).
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
/** As many buffers as it takes by itself. */
const count = 3;
/** It writes its samples' tag, the buffer's index, a little after it has gone on to a buffer. */
const settled = 64 << 10;

/** One of the firmware's two channels of the name rpmsg-tty: commands and what is sampled slowly, or its trace. */
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
    // The firmware learns whom to answer from the first message.
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
        // It keeps one announcement only until it has looked at it.
        await trace.hear(`mArrayDdrBuffCount=${id}\n`);
      }
      await trace.hear('LA ready');
      for (const megahertz of ['006', '012']) {
        // With a pattern on the pins that it samples: the buffer's index in bits 3 to 6, below it a counter.
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
      // It asks how the chip was booted from a block that Linux does not clock. It takes 0 for an answer as well.
      for (const line of await board.newComplaints()) t.regex(line, /syscfg: read at 0x000 refused.*\(mcu/);
    }),
  { needs: ['emulated', 'coprocessor-dma'], lacks, timeout: 120_000 },
);
