// SPDX-License-Identifier: MIT
import type { KernelRecord } from '../../board/link/kernel-log.ts';
import { formatDuration } from '../../base/log/duration.ts';
import type { StreamResult } from './result.ts';

/** What ran: shown so that a report of a fault says where it was seen. */
export interface Versions {
  readonly board: string;
  readonly kernel: string;
  readonly driver: string;
  readonly firmware: string;
  readonly emulator: string | undefined;
  readonly source: string;
}

const mebibyte = 1024 * 1024;

/** The summary of `npm start`. */
export function summaryText(result: StreamResult, messages: readonly KernelRecord[], versions: Versions): string {
  const seconds = result.streamUs / 1e6;
  const rate = seconds > 0 ? result.bytes / mebibyte / seconds : 0;
  const rows: [string, string][] = [
    [
      'streamed',
      `${megabytes(result.bytes)} through ${result.buffers} buffers of ${bufferSize(result.length)} in ${formatDuration(seconds * 1000)}`,
    ],
    ['throughput', `${rate.toFixed(1)} MiB/s, every word checked`],
    [
      'transfers',
      `${result.transfers} received, ${result.missed} missed, ${result.torn} overwritten while being read, ${result.lost} lost`,
    ],
    [
      'corrupt words',
      result.corrupt === 0 ? `none of ${(result.bytes / 4).toLocaleString('en')}` : String(result.corrupt),
    ],
    ['kernel messages', messages.length === 0 ? 'none above notice' : `${messages.length} above notice`],
    ...messages.map((record): [string, string] => ['', `[${(record.us / 1e6).toFixed(3)}] ${record.text}`]),
    ['kernel', versions.kernel],
    ['driver', versions.driver],
    ['firmware', versions.firmware],
    ['board', [versions.board, versions.emulator].filter((part) => part !== undefined).join(', ')],
    ['source', versions.source],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`).join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(bytes % mebibyte === 0 ? 0 : 1)} MiB`;
}

function bufferSize(bytes: number): string {
  return bytes % mebibyte === 0
    ? `${bytes / mebibyte} MiB`
    : bytes % 1024 === 0
      ? `${bytes / 1024} KiB`
      : `${bytes} bytes`;
}
