// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import type { Architecture } from '../../base/target/architecture.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { machineName, machineObject, program as qemuArm } from '../stm32mp157/machine-object.ts';

/** The hardware that QEMU is told to be. Everything here is part of a snapshot's key. */
export interface Machine {
  /** QEMU's program for it */
  readonly program: string;
  /** what it calls itself */
  readonly version: string;
  /** an object that brings the machine, for QEMU alone to load: nothing that starts it can */
  readonly preload?: string;
  readonly arguments: readonly string[];
  /** Linux's name for its console */
  readonly console: string;
  /** its other UARTs, which are the coprocessor's, in the order of QEMU's serial ports */
  readonly uarts: readonly string[];
}

/** What would be wrong on hardware is told of in QEMU's log. The ROM of the default network card may be missing. */
const bare = ['-d', 'guest_errors', '-nodefaults', '-display', 'none'];
const memory = ['-m', '512'];

async function stm32mp157(log: Log, hasCaches: boolean): Promise<Machine> {
  const version = await versionOf(qemuArm);
  return {
    program: qemuArm,
    version,
    preload: await machineObject(version, log),
    arguments: ['-M', hasCaches ? `${machineName},caches=on` : machineName, ...memory, ...bare],
    console: 'ttySTM0',
    // The console is UART4.
    uarts: ['usart1', 'usart2', 'usart3', 'uart5', 'usart6', 'uart7', 'uart8'],
  };
}

/** Two cores of the kind that the STM32MP2 has. The second is the coprocessor. */
async function virt(): Promise<Machine> {
  const program = 'qemu-system-aarch64';
  return {
    program,
    version: await versionOf(program),
    // The coprocessor's addresses have 32 bits.
    arguments: ['-M', 'virt,highmem=off,gic-version=2', '-cpu', 'cortex-a35', '-smp', '2', ...memory, ...bare],
    console: 'ttyAMA0',
    uarts: [],
  };
}

const machines: Readonly<Record<Architecture['kernel'], (log: Log, hasCaches: boolean) => Promise<Machine>>> = {
  arm: stm32mp157,
  arm64: virt,
};

export function machineOf({ kernel }: Architecture, log: Log, hasCaches = false): Promise<Machine> {
  return machines[kernel](log, hasCaches);
}

/** The words that start its QEMU, without any argument. */
export function programWords({ program, preload }: Machine): [string, ...string[]] {
  return preload === undefined ? [program] : ['env', `LD_PRELOAD=${preload}`, program];
}

async function versionOf(program: string): Promise<string> {
  try {
    return (await execa(program, ['--version'])).stdout;
  } catch (error) {
    throw new Failure('host', `${program} does not run on this host`, {
      remedy: 'apt-get install qemu-system-arm',
      cause: error,
    });
  }
}
