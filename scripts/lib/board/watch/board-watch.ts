// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { isFault, withoutTime } from '../link/kernel-log.ts';
import type { FailureKind } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import type { Connection } from '../ssh/connection.ts';
import { followCommand, followFile, type Console, type ConsoleSink } from './console.ts';
import { followKernelLog } from './kernel-log.ts';
import { Record, type SeenLine } from './record.ts';

/** Something that happened to a board while it was watched. */
export interface Fault {
  /** when this host saw it */
  readonly at: number;
  readonly failureClass: 'kernel' | 'board';
  readonly kind?: FailureKind;
  readonly text: string;
}

/** This line is no report by itself. The line after it tells more, and comes at once. */
const announcement = 'cut here';
/**
 * Lines that only a kernel prints that goes down to start anew, or that starts. Restarts by this run happen while a
 * fault is dealt with, and do not count.
 */
const restartTexts =
  /^(sysrq: Resetting|reboot: Restarting system|U-Boot (SPL )?\d|Booting Linux on physical CPU|INIT: version \S+ booting|systemd\[1\]: systemd .* running in system mode)/;

/** Watches one board for the length of a run. Nothing that it says is lost, and a fault is noticed when it happens. */
export class BoardWatch {
  /** file that keeps every line */
  readonly file: string;
  readonly #record: Record;
  readonly #log: Log;
  #console: Console | undefined;
  #stopLog: () => void = () => undefined;
  #fault: Fault | undefined;
  #onFault: (fault: Fault) => void = () => undefined;
  readonly #troubles: string[] = [];

  private constructor(name: string, outputs: Outputs, log: Log) {
    this.#log = log;
    this.file = outputs.file(`${name}.seen.log`);
    this.#record = new Record(this.file, (line) => this.#judge(line));
  }

  static async start(board: Board, outputs: Outputs, log: Log): Promise<BoardWatch> {
    const watch = new BoardWatch(board.name, outputs, log);
    await watch.attach(board);
    return watch;
  }

  /** Takes the console of the board, in place of what was listened to before. */
  async attach(board: Board): Promise<void> {
    await this.#console?.stop();
    const sink: ConsoleSink = {
      line: (text) => this.#record.add({ at: Date.now(), from: 'console', text }),
      broken: (reason) => this.#trouble('console', `${board.name}: ${reason}`),
    };
    if (board.consoleCommand !== undefined) this.#console = followCommand(board.consoleCommand, board.name, sink);
    else if (board.console !== undefined) this.#console = await followFile(board.console, sink);
  }

  /** Follows the kernel log over this connection, in place of the one before. */
  async follow(connection: Connection): Promise<void> {
    this.#stopLog();
    this.#stopLog = await followKernelLog(
      connection,
      ({ level, seconds, text }) => this.#record.add({ at: Date.now(), from: 'kernel log', text, level, seconds }),
      (reason) => this.#trouble('kernel log', `${connection.name}: the kernel log is no longer followed: ${reason}`),
    );
  }

  /** The first fault since the last forget(). */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** What went wrong with watching. */
  get troubles(): readonly string[] {
    return this.#troubles;
  }

  set onFault(callback: (fault: Fault) => void) {
    this.#onFault = callback;
    if (this.#fault) callback(this.#fault);
  }

  /** What somebody else saw: the link is lost, the power is gone. The first fault is the one that counts. */
  report(fault: Omit<Fault, 'at'>): void {
    if (this.#fault) return;
    this.#fault = { at: Date.now(), ...fault };
    this.#onFault(this.#fault);
  }

  /** The board has been set right: what comes now is a new fault. */
  forget(): void {
    this.#fault = undefined;
  }

  between(from: number, to: number): SeenLine[] {
    return this.#record.between(from, to);
  }

  /** A fault in the kernel that was seen since: a link that is lost often has its reason on the console. */
  kernelFaultSince(from: number): Fault | undefined {
    const faults = this.between(from, Infinity).filter(({ text }) => isFault(text));
    const line = faults.find(({ text }) => !/cut here|Kernel panic/.test(text)) ?? faults[0];
    return line && { at: line.at, failureClass: 'kernel', text: withoutTime(line.text), ...panicKind(faults) };
  }

  /** Whether the board may be on its way up: its console has spoken since, or there is none. */
  mayBeStarting(since: number): boolean {
    return this.#console === undefined || this.between(since, Infinity).some(({ from }) => from === 'console');
  }

  async stop(): Promise<void> {
    this.#stopLog();
    await this.#console?.stop();
    await this.#record.close();
  }

  #trouble(from: SeenLine['from'], text: string): void {
    this.#troubles.push(text);
    this.#log.warn(text);
    this.#record.add({ at: Date.now(), from, text: `(${text})` });
  }

  #judge(line: SeenLine): void {
    if (restartTexts.test(withoutTime(line.text))) {
      this.report({ failureClass: 'board', kind: 'reboot', text: 'it has started anew by itself' });
    }
    if (line.text.includes(announcement) || !isFault(line.text)) return;
    this.report({ failureClass: 'kernel', text: withoutTime(line.text), ...panicKind([line]) });
  }
}

function panicKind(lines: readonly SeenLine[]): { kind?: FailureKind } {
  return lines.some(({ text }) => text.includes('Kernel panic')) ? { kind: 'panic' } : {};
}
