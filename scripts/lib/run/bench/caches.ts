// SPDX-License-Identifier: MIT
/** What the model of a cache costs Linux's boot, and an application that maps its buffers past caches: that of ST's example. */
import { join } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import type { Log } from '../../base/log/log.ts';
import { cachesName, cachesEntry, emulatedName, type EmulatedEntry } from '../../board/inventory/load.ts';
import { tellingCaches } from '../../base/target/caches.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { deploy, type Deliverables } from '../../board/deploy/deploy.ts';
import { withConnection } from '../../board/link/connect.ts';
import { emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { coreThreads, cpuTime } from '../../emulated/emulator/cpu-time.ts';
import { boardParts } from '../../emulated/emulator/parts.ts';
import { coldBoot } from '../../emulated/emulator/start-qemu.ts';
import { ownBoard } from '../choice/claim.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';
import { streamVersion1 } from './version-1.ts';

const linuxCore = 'cortex-a7-arm-cpu';
const mebibyte = 1024 * 1024;

/** Slow enough for a busy host to miss none, or few. So each round is the same work. */
const stream = { buffers: 4, length: mebibyte, count: 100, rate: 20, check: 'words' };

/** The seconds that the host gave Linux's cores. What else the host does counts little. */
type Round = () => Promise<number>;

/** Two boards of the same kernel, in turns: one without the model, and one with it, as the scenarios about caches have it. */
export async function caches(
  context: Context,
  kernel: KernelVersion,
  files: Deliverables,
  rounds: number,
  log: Log,
): Promise<Measurement[]> {
  const directory = join(context.outputs.directory(), 'caches');
  const boots = await inTurns(rounds, [
    await boot(kernel, join(directory, emulatedName(kernel)), log, false),
    await boot(kernel, join(directory, cachesName(kernel)), log, true),
  ]);
  let streams: [number[], number[]] = [[], []];
  await streaming(context, emulatedEntry(kernel), files, log, (without) =>
    streaming(context, cachesEntry(kernel, tellingCaches), files, log, async (model) => {
      streams = await inTurns(rounds, [without, model]);
    }),
  );
  return [...compared('caches.boot', boots, 2), ...compared('caches.stream', streams, 1.1)];
}

async function inTurns(rounds: number, [without, model]: readonly [Round, Round]): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    times[0].push(await without());
    times[1].push(await model());
  }
  return times;
}

function compared(name: string, [without, model]: readonly [number[], number[]], most: number): Measurement[] {
  return [
    measurement(`${name}.off`, 's', spread(without)),
    measurement(`${name}.on`, 's', spread(model)),
    ratio(`${name}.on`, model, `${name}.off`, without, { goal: { atMost: most } }),
  ];
}

/** From the start of QEMU until the board lets us in over SSH. */
async function boot(kernel: KernelVersion, directory: string, log: Log, hasCaches: boolean): Promise<Round> {
  const parts = await boardParts(kernel, log, hasCaches);
  return async () => {
    const qemu = await coldBoot(parts, directory);
    const time = await cpuTime(await coreThreads(directory, linuxCore));
    await qemu.stop();
    return time / 1e9;
  };
}

/** A stream of which the application looks at each word. */
async function streaming(
  context: Context,
  entry: EmulatedEntry,
  files: Deliverables,
  log: Log,
  measure: (round: Round) => Promise<void>,
): Promise<void> {
  const claimed = await ownBoard(context, entry, log, { folder: join('caches', entry.name) });
  const threads = await coreThreads(claimed.directory ?? '', linuxCore);
  await withConnection(context, claimed.board, async (connection) => {
    await deploy(connection, claimed.board, files, log, context.signal);
    await measure(async () => {
      const before = await cpuTime(threads);
      const { transfers } = await streamVersion1(connection, stream);
      return (((await cpuTime(threads)) - before) / 1e9) * (stream.count / transfers);
    });
  });
  await claimed.stop();
}
