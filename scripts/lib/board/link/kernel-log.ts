// SPDX-License-Identifier: MIT

/** One record of /dev/kmsg, as the agent prints it. */
export interface KernelRecord {
  readonly seq: number;
  /** 0 emergency … 7 debug */
  readonly level: number;
  /** since boot */
  readonly us: number;
  readonly text: string;
}

/** What the kernel says when something in it is wrong, whichever driver is to blame. */
const faultTexts: readonly RegExp[] = [
  /\bcut here\b/,
  /^(WARNING|BUG|Oops|Kernel panic|Internal error|INFO): (?!lockdep is turned off)/,
  /\bOops\b/,
  /Kernel panic - not syncing/,
  /Unable to handle kernel/,
  /\b(KASAN|KCSAN|KFENCE|UBSAN|KMSAN)\b.*:/,
  /\b(soft|hard) lockup\b|\bLOCKUP\b/,
  /\brcu.*(stall|self-detected)/i,
  /blocked for more than \d+ seconds/,
  /possible (circular|recursive|irq) lock/i,
  /inconsistent lock state|suspicious RCU usage/,
  /scheduling while atomic|sleeping function called from invalid context/,
  /refcount_t:|list_(add|del) corruption|Bad page state|double free|use-after-free/,
  /kmemleak: [1-9]\d* new/,
  /undefined instruction|unhandled (page )?fault/,
];

/** The records that make a run fail whatever else went well. */
export function findFaults(records: readonly KernelRecord[]): KernelRecord[] {
  return records.filter((record) => isFault(record.text));
}

/** Whether a line of the kernel log or the console tells of a fault in the kernel. */
export function isFault(text: string): boolean {
  const line = withoutTime(text);
  return faultTexts.some((pattern) => pattern.test(line));
}

/** A line of a console without the time that the kernel puts before it. */
export function withoutTime(line: string): string {
  return line.replace(/^\[\s*\d+\.\d+\]\s*(\[\s*[TC]\d+\]\s*)?/, '');
}

/** The first line of console output that tells of a fault, without its time stamp. */
export function firstFaultLine(consoleText: string): string | undefined {
  const lines = consoleText.split(/\r?\n/).map((line) => withoutTime(line.trim()));
  const faults = lines.filter((line) => isFault(line));
  // "cut here" and the panic that follows say nothing by themselves.
  return faults.find((line) => !/cut here|Kernel panic/.test(line)) ?? faults[0];
}

/** Records of level error and worse down to `notice` exclusive: what a summary counts. */
export function aboveNotice(records: readonly KernelRecord[]): KernelRecord[] {
  return records.filter((record) => record.level < 5);
}
