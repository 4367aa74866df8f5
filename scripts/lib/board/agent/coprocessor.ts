// SPDX-License-Identifier: MIT
import { numberField, textField } from './answer.ts';
import { CoprocessorError } from './errors.ts';
import type { Task } from './task.ts';

export interface KnownBuffer {
  readonly index: number;
  readonly address: number;
  readonly length: number;
  readonly fills: number;
}

export interface StreamStatus {
  readonly streaming: number;
  readonly fills: number;
  readonly sent: number;
  readonly full: number;
  readonly us: number;
}

export interface Reply {
  readonly lines: readonly string[];
  readonly last: string;
}

/** Bytes as the agent takes them: everything but plain printable text as \xNN. */
export function escapeBytes(bytes: Uint8Array | string): string {
  return [...Buffer.from(bytes as string)]
    .map((byte) =>
      byte === 0x5c
        ? '\\\\'
        : byte < 0x20 || byte > 0x7e
          ? `\\x${byte.toString(16).padStart(2, '0')}`
          : String.fromCharCode(byte),
    )
    .join('');
}

/** "ok a=1 b=2" to numbers. */
function parseKeys(reply: string): Record<string, number> {
  return Object.fromEntries(
    [...reply.matchAll(/(\w+)=(\w+)/g)].map(([, key, value]): [string, number] => [key ?? '', Number(value)]),
  );
}

/** The test firmware, through its own endpoint: what firmware/README.md lists. */
export class Coprocessor {
  readonly #task: Task;

  constructor(task: Task) {
    this.#task = task;
  }

  /** One request; bytes other than text as \xNN (escapeBytes). */
  async request(request: string, timeout = 5000): Promise<Reply> {
    const answer = await this.#task.call(`coprocessor ${String(timeout)} ${request}`, { timeout: timeout + 10_000 });
    const last = textField(answer.fields, 'reply');
    if (!answer.ok) throw new CoprocessorError(request, last);
    return { lines: answer.parts.map((part) => textField(part.fields, 'text')), last };
  }

  async fill(index: number, length: number, seed?: number): Promise<void> {
    await this.request(`fill ${String(index)} ${String(length)}${seed === undefined ? '' : ` ${String(seed)}`}`);
  }

  /** Bytes of a range that are not the pattern's, as the coprocessor sees them. */
  async different(index: number, length: number, seed: number, offset = 0): Promise<number> {
    const { last } = await this.request(`check ${[index, length, seed, offset].map(String).join(' ')}`, 15_000);
    return parseKeys(last)['different'] ?? NaN;
  }

  /** Sends exactly these bytes on the data channel. */
  async say(bytes: Uint8Array | string): Promise<void> {
    await this.request(`say ${escapeBytes(bytes)}`);
  }

  /** What Linux sent on the data channel since last asked; \xNN for what is not printable. */
  async heard(): Promise<readonly string[]> {
    return (await this.request('heard')).lines;
  }

  async buffers(): Promise<KnownBuffer[]> {
    const { lines } = await this.request('buffers');
    return lines.map((line) => {
      const [index, address, length, fills] = line.trim().split(/\s+/).map(Number);
      return { index: index ?? NaN, address: address ?? NaN, length: length ?? NaN, fills: fills ?? NaN };
    });
  }

  /** The features (PEER_…) that both sides have said. */
  async agreed(): Promise<number> {
    return parseKeys((await this.request('counters')).last)['agreed'] ?? NaN;
  }

  async status(): Promise<StreamStatus> {
    return parseKeys((await this.request('status')).last) as unknown as StreamStatus;
  }

  /** Gives the endpoint back before the agent ends, for tests that look at what is left. */
  async release(): Promise<void> {
    await this.#task.call('coprocessor-close');
  }
}

export interface StreamResult {
  readonly ok: boolean;
  readonly fills: number;
  readonly transfers: number;
  readonly missed: number;
  readonly torn: number;
  readonly corrupt: number;
  readonly wrongSizes: number;
  readonly lost: number;
  readonly bytes: number;
  readonly streamUs: number;
}

/** Streams as ST's application does and checks what arrives; words are those of `agent stream`. */
export async function stream(task: Task, words: readonly string[], timeout: number): Promise<StreamResult> {
  const answer = await task.call(`stream ${words.join(' ')}`, { timeout });
  numberField(answer.fields, 'transfers');
  return { ...(answer.fields as unknown as StreamResult), ok: answer.ok };
}
