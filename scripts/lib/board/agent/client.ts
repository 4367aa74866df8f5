// SPDX-License-Identifier: MIT
import { createInterface } from 'node:readline';

import { targetPaths } from '../link/target-paths.ts';
import { parseLine, type Answer, type Part } from './answer.ts';
import type { AgentConnection, AgentStreams } from './connection.ts';
import { AgentError } from './errors.ts';

const defaultTimeout = 15_000;

interface Pending {
  readonly command: string;
  readonly parts: Part[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: ((part: Part) => void) | undefined;
}

export interface AskOptions {
  /** milliseconds until the question counts as hung */
  readonly timeout?: number;
  readonly onPart?: (part: Part) => void;
}

/**
 * Questions and answers have ids. Any number of questions may be open at once, because threads and children answer
 * when they are done.
 */
export class AgentClient {
  readonly #streams: AgentStreams;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  /** questions that are about to be written */
  #outgoing = '';
  #gone: string | undefined;

  readonly #patience: number;

  private constructor(streams: AgentStreams, patience: number) {
    this.#streams = streams;
    this.#patience = patience;
    createInterface({ input: streams.stdout }).on('line', (line) => {
      this.#take(line);
    });
    streams.stdin.on('error', (error: Error) => {
      this.#fail(`the link to the agent broke: ${error.message}`);
    });
    streams.closed.then(
      (code) => {
        this.#fail(`the agent ended (${code === null ? 'killed, or the link went' : `exit code ${String(code)}`})`);
      },
      (error: unknown) => {
        this.#fail(`the link to the agent broke: ${String(error)}`);
      },
    );
  }

  /** patience multiplies the time that each question has. */
  static async start(
    connection: AgentConnection,
    path: string = targetPaths.agent,
    patience = 1,
  ): Promise<AgentClient> {
    return new AgentClient(await connection.open(`${path} serve`), patience);
  }

  get gone(): string | undefined {
    return this.#gone;
  }

  ask(command: string, options: AskOptions = {}): Promise<Answer> {
    if (this.#gone !== undefined) return Promise.reject(new AgentError(`${command}: ${this.#gone}`));
    if (command.includes('\n')) return Promise.reject(new AgentError('a command is one line'));
    const id = this.#nextId++;
    const milliseconds = (options.timeout ?? defaultTimeout) * this.#patience;
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new AgentError(`${command}: no answer within ${String(milliseconds)} ms`));
      }, milliseconds);
      this.#pending.set(id, {
        command,
        parts: [],
        onPart: options.onPart,
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#write(`${String(id)} ${command}\n`);
    });
  }

  /**
   * Writes what is asked at once together. The agent answers in that order. A packet for each question would cost an
   * emulated board more than most answers.
   */
  #write(line: string): void {
    if (this.#outgoing === '') process.nextTick(() => this.#flush());
    this.#outgoing += line;
  }

  #flush(): void {
    if (this.#outgoing !== '') this.#streams.stdin.write(this.#outgoing);
    this.#outgoing = '';
  }

  /** Ends the agent: its files close, its children die. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#flush();
    this.#streams.stdin.end();
    await this.#streams.closed.catch(() => undefined);
  }

  #take(text: string): void {
    let line;
    try {
      line = parseLine(text);
    } catch (error) {
      this.#fail(String(error));
      return;
    }
    // An answer that nobody waits for any more timed out before; that was reported then.
    const pending = this.#pending.get(line.id);
    if (pending === undefined) return;
    if ('part' in line) {
      pending.parts.push(line.part);
      pending.onPart?.(line.part);
      return;
    }
    this.#pending.delete(line.id);
    pending.resolve({ ...line.end, parts: pending.parts });
  }

  #fail(reason: string): void {
    this.#gone ??= reason;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { command, reject } of pending) reject(new AgentError(`${command}: ${reason}`));
  }
}
