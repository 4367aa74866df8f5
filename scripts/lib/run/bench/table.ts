// SPDX-License-Identifier: MIT
import { isReached, type Goal, type Measurement } from './measurement.ts';

const titles: Readonly<Record<string, string>> = {
  'start.booted': 'from QEMU to SSH, the emulated board booted',
  'start.restored': 'from QEMU to SSH, from a snapshot',
  'caches.boot.off': "host's time for Linux's cores, from QEMU to SSH",
  'caches.boot.on': "host's time for Linux's cores, from QEMU to SSH, with caches",
  'caches.stream.off': "host's time for Linux's cores, 100 MiB write-combined",
  'caches.stream.on': "host's time for Linux's cores, 100 MiB write-combined, with caches",
  'harness.echo': 'a byte that cat on the board sends back, over SSH',
  'harness.question': 'a question to the agent',
  'harness.exec': 'exec of true over a connection that stands',
  'harness.verb': 'npm run board -- exec -- true, start to end',
  'harness.push': 'push',
  'harness.pull': 'pull',
  'harness.cat': 'ssh and cat',
  'bulk.fill': "firmware's own fill rate, nobody listening",
  'bulk.direct': 'direct mode: 496-byte payloads, rpmsg_char',
  'bulk.memcpy': 'memcpy() in the application',
  'bulk.v2': '4 × 1 MiB, version 2, handed back',
  'sweep.fill': "firmware's own fill rate",
  'sweep.v1': 'version 1, nothing handed back',
  'sweep.v2': 'version 2, handed back',
  'event.echo': 'raw rpmsg_char echo of 20 bytes',
  'event.v1': 'empty buffer there and back, version 1',
  'event.v2': 'empty buffer there and back, version 2',
  'live.v2': 'the same with live buffers',
  'live.v2 with 1': 'with 1',
  'rate.v2.batched': '8 buffers at full rate, 8 a payload and a read()',
  'rate.v2.single': '8 buffers at full rate, one a payload and a read()',
  'overload.happened': 'fills overwritten under overload',
  'overload.reported': 'of them, told of by records',
  'mapping.new.whole': 'mmap of a new buffer, all of it',
  'mapping.retired.whole': 'mmap of a retired buffer, all of it',
  'mapping.new': 'mmap of a new buffer, zeroing apart',
  'mapping.new.zeroing': 'zeroing of a new buffer',
  'mapping.retired': 'mmap of a retired buffer, zeroing apart',
  'mapping.retired.zeroing': 'zeroing of a retired buffer',
  'disk.copying': 'capture to a disk, copied by the CPU',
  'disk.direct': 'capture to a disk, --direct',
  'disk.copying.copied': 'bytes that the CPU copies of a buffer',
  'disk.direct.copied': 'bytes that the CPU copies of a buffer, --direct',
  'disk.copying.cpu': "the tool's CPU time a buffer",
  'disk.direct.cpu': "the tool's CPU time a buffer, --direct",
  'memory.module': 'memory of the driver itself, loaded',
  'memory.file': 'memory of an open file',
  'memory.buffer': 'memory of a buffer, beside its own',
  'instructions.event.echo': 'raw rpmsg_char echo of 20 bytes',
  'instructions.event.v1': 'empty buffer there and back, version 1',
  'instructions.event.v2': 'empty buffer there and back, version 2',
  'instructions.event.shared': 'what these three have in common',
  'instructions.own.v1': 'the same of version 1',
  'instructions.own.v2': 'an event of version 2 without that',
  'instructions.driver.v1': "the driver's own part of it, version 1",
  'instructions.driver.v2': "the driver's own part of it, version 2",
  'instructions.live.v2': 'the same with live buffers',
  'instructions.bulk.direct': 'a MiB in 496-byte payloads, rpmsg_char',
  'instructions.bulk.v2': 'a MiB in a buffer, version 2, handed back',
  'instructions.mapping.new': 'mmap of a new buffer, zeroing apart',
  'instructions.mapping.new.zeroing': 'zeroing of a new buffer',
  'instructions.mapping.retired': 'mmap of a retired buffer, zeroing apart',
  'instructions.mapping.retired.zeroing': 'zeroing of a retired buffer',
  'instructions.disk.copying': 'capture of a buffer to a disk, copied by the CPU',
  'instructions.disk.direct': 'capture of a buffer to a disk, its pages taken by the disk',
  'instructions.rate.v2.batched': '8 a payload and a read(), a buffer',
  'instructions.rate.v2.single': 'one a payload and a read(), a buffer',
};

/** A row of the table on the terminal; nothing for what only a plot shows. */
export function rowText(m: Measurement): string | undefined {
  if (m.name.startsWith('latency.')) return undefined;
  const unit = m.unit === 'ratio' ? '' : ` ${m.unit}`;
  const around = m.low === undefined || m.high === undefined ? '' : ` (${number(m.low)} … ${number(m.high)})`;
  const goal = m.goal === undefined ? '' : `   goal ${goalText(m.goal)}: ${isReached(m) ? 'ok' : 'MISSED'}`;
  return `${titleOf(m).padEnd(86)} ${number(m.value).padStart(9)}${unit}${around}${goal}`;
}

/** What was measured, against what. */
export function titleOf({ name, ratioTo, x }: Measurement): string {
  const title = titles[name] ?? name;
  const versus = ratioTo === undefined ? title : `${title} / ${titles[ratioTo] ?? ratioTo}`;
  return x === undefined ? versus : `${versus}, ${name.includes('live') ? x : sizeText(x)}`;
}

export function goalText(goal: Goal): string {
  if ('atLeast' in goal) return `≥ ${goal.atLeast}`;
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `exactly ${goal.exactly}`;
}

function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
}
