// SPDX-License-Identifier: MIT
import { benchAgent, bytesPerSecond, regionsOf, type BenchWords } from './agent.ts';
import type { InstructionCounter } from './instruction-counter.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import type { BenchBoard } from './bench-board.ts';
import { spread } from './statistics.ts';
import { streamVersion1 } from './version-1.ts';

const mebibyte = 1024 * 1024;

/** 496-byte payloads in a round of direct mode: as many as take about as long as the buffers. */
const directPayloads = 3000;

const inMebibytes = (rate: number) => rate / mebibyte;

/**
 * Four buffers of a MiB against what the firmware fills with nobody listening, against direct mode and against memcpy(). A DMA
 * fills them, if the coprocessor has one: its core has its time for messages then.
 */
export async function bulk({ board, connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const dma = board.features.includes('coprocessor-dma') ? 1 : 0;
  // There are many, so that the request that starts the stream does not count. A DMA fills a hundred a second.
  const count = dma === 1 ? 300 : 1000;
  const words = { buffers: 4, length: mebibyte, count, records: 4, direct: directPayloads, dma };
  const output = await benchAgent(connection, 'transfers', { ...words, rounds });
  const copies = await benchAgent(connection, 'copy', { length: mebibyte, count: 200, rounds });
  const rate = (name: string) => regionsOf(output, name).map(bytesPerSecond).map(inMebibytes);
  const fill = rate('fill');
  const direct = rate('direct');
  const records = rate('records');
  const copy = regionsOf(copies, 'copy').map(bytesPerSecond).map(inMebibytes);
  const x = mebibyte;
  return [
    measurement('bulk.fill', 'MiB/s', spread(fill), { x }),
    measurement('bulk.direct', 'MiB/s', spread(direct)),
    measurement('bulk.memcpy', 'MiB/s', spread(copy), { x }),
    measurement('bulk.v2', 'MiB/s', spread(records), { x }),
    ratio('bulk.v2', records, 'bulk.fill', fill, { x, goal: { atLeast: 0.95 } }),
    // No goal: the DMA's own rate is 8.5 times that of rpmsg_char on the emulated board. Instructions have one.
    ratio('bulk.v2', records, 'bulk.direct', direct),
    ratio('bulk.v2', records, 'bulk.memcpy', copy, { x }),
  ];
}

/** The bytes of a payload in direct mode. */
const payloadBytes = 496;

/** What Linux executes for a MiB that comes in 496-byte payloads, and in a buffer. Neither depends on the rate of the DMA. */
export async function bulkInstructions(
  { board, rounds }: BenchBoard,
  counter: InstructionCounter,
): Promise<Measurement[]> {
  const dma = board.features.includes('coprocessor-dma') ? 1 : 0;
  const words = { buffers: 4, length: mebibyte, count: 60, records: 4, direct: directPayloads, dma, rounds };
  const counted = await counter.count('transfers', words);
  const direct = counted.of('direct').map((payload) => payload * (mebibyte / payloadBytes));
  const records = counted.of('records');
  return [
    measurement('instructions.bulk.direct', 'instructions', spread(direct)),
    measurement('instructions.bulk.v2', 'instructions', spread(records)),
    ratio('instructions.bulk.direct', direct, 'instructions.bulk.v2', records, { goal: { atLeast: 60 } }),
  ];
}

const sizes = [4, 16, 64, 256, 1024, 4096, 16384].map((kibibytes) => kibibytes * 1024);
const sweepBytes = 256 * mebibyte;
const sweepFillsMost = 1500;

/** The same over the size of the buffers, version 1 and version 2 in turns. */
export async function sweep({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const length of sizes) {
    // Two of 16 MiB are what the emulated board's 64 MiB for such buffers have room for beside others.
    const buffers = length > 8 * mebibyte ? 2 : 4;
    const count = Math.max(2 * buffers, Math.min(sweepFillsMost, sweepBytes / length));
    const words: BenchWords = { buffers, length, count, records: buffers };
    const [one, two, fill] = [new Array<number>(), new Array<number>(), new Array<number>()];
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      const output = await benchAgent(connection, 'transfers', words);
      two.push(...regionsOf(output, 'records').map(bytesPerSecond).map(inMebibytes));
      fill.push(...regionsOf(output, 'fill').map(bytesPerSecond).map(inMebibytes));
      const result = await streamVersion1(connection, { buffers, length, count, check: 'page' });
      one.push(inMebibytes(((result.transfers - result.torn) * length * 1e6) / result.streamUs));
    }
    measurements.push(
      measurement('sweep.fill', 'MiB/s', spread(fill), { x: length }),
      measurement('sweep.v1', 'MiB/s', spread(one), { x: length }),
      measurement('sweep.v2', 'MiB/s', spread(two), { x: length }),
    );
  }
  return measurements;
}
