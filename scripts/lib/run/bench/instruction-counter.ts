// SPDX-License-Identifier: MIT
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../board/ssh/connection.ts';
import { execOk } from '../../board/ssh/exec.ts';
import { ExecutedInstructions, type Executed } from '../../emulated/emulator/instructions.ts';
import { benchAgent, type BenchWords, type Region } from './agent.ts';
import { KernelFunctions, type KernelFunction } from './kernel-functions.ts';
import { spread } from './statistics.ts';

const timeoutMs = 20_000;

const oneCore = 'for each in /sys/devices/system/cpu/cpu[1-9]*/online; do [ ! -e $each ] || echo 0 >$each; done';

/**
 * Counts what measurements of the agent take in instructions, all told: the application, the kernel, and interrupts that
 * come meanwhile. It is for a board that was started with the plugin that counts.
 */
export class InstructionCounter {
  readonly #connection: Connection;
  readonly #directory: string;
  readonly #functions: KernelFunctions;
  readonly #executed: ExecutedInstructions;

  private constructor(connection: Connection, directory: string, functions: KernelFunctions) {
    this.#connection = connection;
    this.#directory = directory;
    this.#functions = functions;
    this.#executed = new ExecutedInstructions(directory);
  }

  /**
   * directory is the board's. The driver is loaded, and its functions have their addresses. From here on Linux has one
   * core, so that all of its work is counted, and none of it is waiting for the other core.
   */
  static async on(connection: Connection, directory: string): Promise<InstructionCounter> {
    await execOk(connection, oneCore, { timeoutMs });
    const kallsyms = await execOk(connection, 'cat /proc/kallsyms', { timeoutMs });
    return new InstructionCounter(connection, directory, new KernelFunctions(kallsyms));
  }

  /** `agent bench` on the board. */
  async count(what: string, words: BenchWords): Promise<Counted> {
    await this.#executed.take();
    const { regions } = await benchAgent(this.#connection, what, words);
    return new Counted(regions, await this.#executed.take(), this.#functions);
  }

  /** A file beside the board's others that says in which functions the instructions are. */
  async tell(file: string, counted: Counted, names: readonly string[]): Promise<void> {
    await writeFile(join(this.#directory, file), counted.table(names));
  }
}

type IsMeant = (where: KernelFunction) => boolean;

export class Counted {
  readonly #regions: readonly Region[];
  readonly #executed: readonly Executed[];
  readonly #functions: KernelFunctions;

  constructor(regions: readonly Region[], executed: readonly Executed[], functions: KernelFunctions) {
    this.#regions = regions;
    this.#executed = executed;
    this.#functions = functions;
  }

  /** Instructions for an event of each region of that name, one after the other: all, or only those of some functions. */
  of(name: string, isMeant: IsMeant = () => true): number[] {
    return this.#counts(name).map(({ executed, events }) => {
      let sum = 0;
      for (const [address, count] of executed) if (isMeant(this.#functions.at(address))) sum += count;
      return sum / events;
    });
  }

  /**
   * Instructions of an event, as the sum of each function's median over the regions of that name. So what Linux does now
   * and then does not count, such as a tick, if it is in less than half of the regions: they are to be short.
   */
  typical(name: string, isMeant: IsMeant = () => true): number {
    let sum = 0;
    for (const [where, count] of this.#byFunction(name)) if (isMeant(where)) sum += count;
    return sum;
  }

  /** Of each function the fewest instructions that an event of any of these names has in it. */
  shared(names: readonly string[]): number {
    const [first = new Map<KernelFunction, number>(), ...others] = names.map((name) => this.#byFunction(name));
    let sum = 0;
    for (const [where, count] of first) sum += Math.min(count, ...others.map((one) => one.get(where) ?? 0));
    return sum;
  }

  /** A line for each function that has at least one instruction in an event, with a column for each name. */
  table(names: readonly string[]): string {
    const columns = names.map((name) => this.#byFunction(name));
    const functions = [...new Set(columns.flatMap((column) => [...column.keys()]))];
    const most = (one: KernelFunction) => Math.max(...columns.map((column) => column.get(one) ?? 0));
    const row = (cells: readonly string[], last: string) =>
      `${cells.map((cell) => cell.padStart(12)).join('')}  ${last}\n`;
    return [
      row(names, 'instructions for an event, medians; one a line and function'),
      ...functions
        .filter((one) => most(one) >= 1)
        .sort((a, b) => most(b) - most(a))
        .map((one) =>
          row(
            columns.map((column) => (column.get(one) ?? 0).toFixed(1)),
            functionText(one),
          ),
        ),
    ].join('');
  }

  /** Medians over the regions of that name. */
  #byFunction(name: string): Map<KernelFunction, number> {
    const regions = this.#counts(name).map(({ executed, events }) => {
      const sums = new Map<KernelFunction, number>();
      for (const [address, count] of executed) {
        const where = this.#functions.at(address);
        sums.set(where, (sums.get(where) ?? 0) + count / events);
      }
      return sums;
    });
    const functions = new Set(regions.flatMap((sums) => [...sums.keys()]));
    return new Map([...functions].map((one) => [one, spread(regions.map((sums) => sums.get(one) ?? 0)).value]));
  }

  #counts(name: string): { executed: Executed; events: number }[] {
    return this.#regions
      .filter((region) => region.name === name)
      .flatMap(({ mark, events }) => {
        const executed = mark === undefined ? undefined : this.#executed[mark];
        return executed === undefined ? [] : [{ executed, events }];
      });
  }
}

function functionText({ names, module }: KernelFunction): string {
  return module === undefined ? names.join(', ') : `${names.join(', ')} [${module}]`;
}
