// SPDX-License-Identifier: MIT
import type { Log } from '../../base/log/log.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { boardParts } from '../../emulated/emulator/parts.ts';
import type { QemuProcess } from '../../emulated/emulator/qemu-process.ts';
import { bootSnapshot } from '../../emulated/emulator/snapshot.ts';
import { coldBoot, restore } from '../../emulated/emulator/start-qemu.ts';
import { measurement, type Measurement } from './measurement.ts';
import { spread } from './statistics.ts';

/** From the start of QEMU until an emulated board lets us in over SSH. directory is for its files. */
export async function starts(
  kernel: KernelVersion,
  directory: string,
  rounds: number,
  log: Log,
): Promise<Measurement[]> {
  const parts = await boardParts(kernel, log);
  const snapshot = await bootSnapshot(parts, directory, log);
  const [booted, restored]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    booted.push(await secondsOf(() => coldBoot(parts, directory)));
    restored.push(await secondsOf(() => restore(parts, snapshot, directory)));
  }
  return [
    measurement('start.booted', 's', spread(booted), { goal: { atMost: 10 } }),
    measurement('start.restored', 's', spread(restored), { goal: { atMost: 2 } }),
  ];
}

async function secondsOf(start: () => Promise<QemuProcess>): Promise<number> {
  const begun = performance.now();
  const qemu = await start();
  const taken = performance.now() - begun;
  await qemu.stop();
  return taken / 1000;
}
