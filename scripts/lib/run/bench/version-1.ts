// SPDX-License-Identifier: MIT
import { runAgent } from '../../board/agent/agent-command.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { streamResultSchema, type StreamResult } from '../stream/result.ts';
import { parsedJson } from '../../base/record/parsed-json.ts';

/**
 * The application of ST's example (`agent stream`), at the firmware's full rate. It hands nothing back. Where it is
 * slower than the firmware, fills are missed, and buffers are overwritten while they are looked at.
 */
export async function streamVersion1(
  c: Connection,
  words: Readonly<Record<string, number | string>>,
): Promise<StreamResult> {
  const command = ['stream', ...Object.entries(words).map(([key, value]) => `${key}=${value}`)];
  const ended = await runAgent(c, command, { timeoutMs: 180_000 });
  const last = ended.stdout.trimEnd().split('\n').at(-1) ?? '';
  const result = streamResultSchema.safeParse(parsedJson(last));
  if (result.success && result.data.ok) return result.data;
  throw new Failure('test', `"agent ${command.join(' ')}" on ${c.name}: ${last || ended.stderr.trim()}`);
}
