// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { quiet } from '../../../scripts/lib/base/log/quiet.ts';
import { arm } from '../../../scripts/lib/base/target/architecture.ts';
import { machineOf, programWords } from '../../../scripts/lib/emulated/emulator/machine.ts';
import { Monitor } from '../../../scripts/lib/emulated/emulator/monitor.ts';
import { instanceFiles } from '../../../scripts/lib/emulated/emulator/attached.ts';
import { type CoreName, handOf, programOf } from './programs.ts';
import { Qtest } from './qtest.ts';
import { gicdIspendr, nvic, rcc } from './registers.ts';
import { until } from './until.ts';

/** The orders that a core gets: see hand.h. */
const orders = {
  idle: 0,
  read: 1,
  write: 2,
  invalidate: 3,
  clean: 4,
  cleanAndInvalidate: 5,
  cleanSetAndWay: 6,
  map: 7,
  domains: 8,
  space: 9,
  forgetPage: 10,
  forgetSpace: 11,
  forgetAll: 12,
  readAsApplication: 13,
  run: 14,
  runAsApplication: 15,
  mapLong: 16,
} as const;

/** A core that accesses registers. */
export interface Core {
  read(address: number): Promise<number>;
  write(address: number, value: number): Promise<void>;
  /** MPU only: does something to its caches and its MMU. */
  order(what: keyof typeof orders, address: number): Promise<void>;
  /** MPU only: reads with the rights of an application. */
  readAsApplication(address: number): Promise<number>;
  /** Calls a function, and gives what it returns. The MCU's address of a function is odd. */
  run(address: number): Promise<number>;
  runAsApplication(address: number): Promise<number>;
  /** Reads, and returns what the core's fault register then says: 0 if nothing went wrong. */
  faultOfRead(address: number): Promise<number>;
  /** The same of a function that is called. */
  faultOfRun(address: number): Promise<number>;
}

/** The machine, with a log of what it has refused. */
export class Machine {
  readonly bus: Qtest;
  readonly mcu: Core;
  readonly mpu: Core;
  readonly #directory: string;
  readonly #process;
  #told = 0;

  private constructor(directory: string, bus: Qtest, words: readonly [string, ...string[]]) {
    this.#directory = directory;
    this.bus = bus;
    this.mcu = hand(bus, 'mcu');
    this.mpu = hand(bus, 'mpu');
    const [program, ...rest] = words;
    this.#process = execa(program, rest, { reject: false });
  }

  /** Starts it with no core running, for registers alone. Time passes all the same. */
  static standing(t: ExecutionContext, ...more: readonly string[]): Promise<Machine> {
    return Machine.#start(t, ['-global', 'cortex-a7-arm-cpu.start-powered-off=on', ...more]);
  }

  /** Starts it with both kinds of core, which do what they are told. The MCU is held in reset until BOOT_MCU. */
  static async running(t: ExecutionContext, ...more: readonly string[]): Promise<Machine> {
    const [mpu, mcu] = await Promise.all([programOf('mpu'), programOf('mcu')]);
    const loader = `loader,file=${mcu},addr=0x38000000,force-raw=on`;
    return Machine.#start(t, ['-kernel', mpu, '-device', loader, ...more]);
  }

  static async #start(t: ExecutionContext, more: readonly string[]): Promise<Machine> {
    t.timeout(300_000, 'QEMU is unpacked and the machine is compiled when they are not in the cache');
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-qtest-'));
    const emulated = await machineOf(arm, quiet);
    const bus = await Qtest.listen(join(directory, 'bus'));
    const machine = new Machine(directory, bus, [
      ...programWords(emulated),
      ...emulated.arguments,
      ...['-qtest', `unix:${join(directory, 'bus')}`, '-qtest-log', '/dev/null'],
      ...['-qmp', `unix:${join(directory, instanceFiles.monitor)},server=on,wait=off`],
      ...['-d', 'guest_errors,unimp', '-D', join(directory, 'log'), ...more],
    ]);
    t.teardown(() => machine.#stop());
    return machine;
  }

  async #stop(): Promise<void> {
    this.bus.close();
    this.#process.kill('SIGKILL');
    await this.#process;
    await rm(this.#directory, { recursive: true });
  }

  /** Writes its state to a file, and leaves it stopped. */
  async save(file: string): Promise<void> {
    const monitor = await Monitor.connect(this.#directory);
    await monitor.execute('stop');
    await monitor.execute('migrate', { uri: `exec:cat >${file}` });
    await until(async () => statusOf(await monitor.execute('query-migrate')) === 'completed');
    monitor.close();
  }

  /** Goes on from the state that it was started with. */
  async resume(): Promise<void> {
    const monitor = await Monitor.connect(this.#directory);
    await until(async () => statusOf(await monitor.execute('query-status')) !== 'inmigrate');
    await monitor.execute('cont');
    monitor.close();
  }

  /** A folder that is removed with the machine. */
  get directory(): string {
    return this.#directory;
  }

  /** What has been logged since this was last asked, without the address of the core's instruction. */
  async said(): Promise<string[]> {
    const log = await readFile(join(this.#directory, 'log'), 'utf8');
    const fresh = log.slice(this.#told);
    this.#told = log.length;
    return fresh
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^stm32mp15: /, '').replace(/ at 0x[0-9a-f]{8}\)$/, ')'));
  }

  async bootMcu(): Promise<void> {
    await this.bus.write(rcc.MP_GCR, 1);
    await this.untilTurns('mcu');
  }

  turns(core: CoreName): Promise<number> {
    return this.bus.read(handOf(core));
  }

  async untilTurns(core: CoreName): Promise<void> {
    const before = await this.turns(core);
    while ((await this.turns(core)) === before);
  }

  /** Waits until a core has stood still for so long that it would have done something, on a busy host too. */
  async untilStill(core: CoreName): Promise<void> {
    let [turns, since] = [-1, 0];
    await until(async () => {
      const now = await this.turns(core);
      if (now !== turns) [turns, since] = [now, performance.now()];
      return performance.now() - since > 500;
    });
  }

  /** Lets an interrupt come to the MCU once. */
  async awaitOnMcu(irq: number): Promise<void> {
    await this.mcu.write(nvic.ISER + (irq >> 5) * 4, 1 << (irq & 31));
  }

  /** How often an interrupt of this number has come to the MCU. */
  taken(irq: number): Promise<number> {
    return this.bus.read(handOf('mcu') + 20 + irq * 4);
  }

  /** Whether the MPU's interrupt controller sees this interrupt. */
  async pendingOnMpu(spi: number): Promise<boolean> {
    return (((await this.mpu.read(gicdIspendr + ((spi + 32) >> 5) * 4)) >>> ((spi + 32) & 31)) & 1) === 1;
  }
}

const statusOf = (answer: unknown): string => (answer as { status: string }).status;

/** A core that waits for orders: see hand.h. */
function hand(bus: Qtest, core: CoreName): Core {
  const base = handOf(core);
  const order = async (what: keyof typeof orders, address: number, value = 0): Promise<void> => {
    await bus.write(base + 8, address);
    await bus.write(base + 12, value);
    await bus.write(base + 4, orders[what]);
    while ((await bus.read(base + 4)) !== orders.idle);
  };
  const valueOf = async (what: keyof typeof orders, address: number): Promise<number> => {
    await order(what, address);
    return bus.read(base + 12);
  };
  return {
    read: (address) => valueOf('read', address),
    write: (address, value) => order('write', address, value),
    order,
    readAsApplication: (address) => valueOf('readAsApplication', address),
    run: (address) => valueOf('run', address),
    runAsApplication: (address) => valueOf('runAsApplication', address),
    async faultOfRead(address) {
      await order('read', address);
      return bus.read(base + 16);
    },
    async faultOfRun(address) {
      await order('run', address);
      return bus.read(base + 16);
    },
  };
}
