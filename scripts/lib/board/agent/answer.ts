// SPDX-License-Identifier: MIT
import { AgentError } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A line that came before the end of an answer: a log record, a directory entry, progress of a stream. */
export interface Part {
  readonly kind: string;
  readonly fields: Fields;
}

export interface Answer {
  readonly ok: boolean;
  readonly fields: Fields;
  readonly parts: readonly Part[];
  /** how long the call took on the board, microseconds */
  readonly us: number;
  /** when it returned, CLOCK_MONOTONIC of the board in microseconds */
  readonly at: number;
}

export type Line =
  { readonly id: number; readonly end: Omit<Answer, 'parts'> } | { readonly id: number; readonly part: Part };

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AgentError(`not an answer of the agent: ${text}`);
  }
  if (!isFields(value) || typeof value['id'] !== 'number') throw new AgentError(`an answer without an id: ${text}`);
  const { id, ok, us, at, ...fields } = value;
  if (typeof ok === 'boolean') return { id, end: { ok, us: Number(us), at: Number(at), fields } };
  const [kind, content] = Object.entries(fields)[0] ?? [];
  if (kind === undefined || !isFields(content)) throw new AgentError(`an answer of unknown form: ${text}`);
  return { id, part: { kind, fields: content } };
}

export function numberField(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== 'number') throw new AgentError(`the answer has no number '${key}': ${JSON.stringify(fields)}`);
  return value;
}

export function textField(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw new AgentError(`the answer has no text '${key}': ${JSON.stringify(fields)}`);
  return value;
}

export const bytesField = (fields: Fields, key: string): Buffer => Buffer.from(textField(fields, key), 'hex');
