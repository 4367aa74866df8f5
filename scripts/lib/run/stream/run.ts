// SPDX-License-Identifier: MIT
import { Writable } from 'node:stream';
import { runAgent } from '../../board/agent/agent-command.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Step } from '../../base/log/log.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { streamErrorSchema, streamProgressSchema, streamResultSchema, type StreamResult } from './result.ts';
import { parsedJson } from '../../base/record/parsed-json.ts';

export interface StreamPlan {
  readonly bytes: number;
  readonly buffers: number;
  readonly bufferSize: number;
  /** fills per second by the coprocessor's timer, 0 for as fast as it can */
  readonly rate: number;
}

const mebibyte = 1024 * 1024;

/** Fills that make up the plan's bytes, at least one a buffer. */
export function fillCount(plan: StreamPlan): number {
  return Math.max(plan.buffers, Math.ceil(plan.bytes / plan.bufferSize));
}

/** Lets the coprocessor stream and the agent check every word; shows how far it is. */
export async function runStream(
  c: Connection,
  plan: StreamPlan,
  step: Step,
  signal: AbortSignal,
): Promise<StreamResult> {
  const count = fillCount(plan);
  const words = [`buffers=${plan.buffers}`, `length=${plan.bufferSize}`, `count=${count}`, `rate=${plan.rate}`];
  const lines = new LineSink((line) => {
    const progress = streamProgressSchema.safeParse(parsedJson(line));
    if (!progress.success) return;
    const { bytes, fills } = progress.data;
    step.progress(
      `${Math.round(bytes / mebibyte)} of ${Math.round((count * plan.bufferSize) / mebibyte)} MiB, ${fills} transfers`,
    );
  });
  // Ten times what was measured on a loaded machine, and what the rate itself takes.
  const timeoutMs =
    60_000 + count * (plan.bufferSize / mebibyte) * 200 + (plan.rate > 0 ? (count / plan.rate) * 2000 : 0);
  const ended = await runAgent(c, ['stream', ...words], { stdout: lines, timeoutMs, signal });
  lines.end();
  const last = parsedJson(lines.last);
  const result = streamResultSchema.safeParse(last);
  if (result.success) return result.data;
  const error = streamErrorSchema.safeParse(last);
  const why = error.success
    ? [error.data.during, error.data.errno, error.data.error].filter((part) => part !== undefined).join(': ')
    : ended.stderr.trim() || lines.last;
  throw new Failure('test', `the stream could not be run on ${c.name}: ${why} (exit code ${ended.code})`);
}

/** Cuts what it is given into lines. */
class LineSink extends Writable {
  last = '';
  #rest = '';
  readonly #take: (line: string) => void;

  constructor(take: (line: string) => void) {
    super();
    this.#take = take;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      this.last = line;
      this.#take(line);
    }
    done();
  }
}
