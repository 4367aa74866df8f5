// SPDX-License-Identifier: MIT
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Context } from '../../base/cli/context.ts';
import { eventsVariable } from '../../base/record/event-log.ts';
import type { Step } from '../../base/log/log.ts';
import type { TestOptions } from '../tests/run.ts';
import { parsedJson } from '../../base/record/parsed-json.ts';

const failureSchema = z.object({
  event: z.literal('failure'),
  class: z.string(),
  kind: z.string().nullable(),
  message: z.string(),
  remedy: z.string().nullable(),
  log: z.string().nullable(),
  exitCode: z.number(),
});

const failedTestSchema = z.object({
  event: z.literal('result'),
  status: z.literal('failed'),
  suite: z.string(),
  name: z.string(),
  reason: z.string().optional(),
  log: z.string().optional(),
  reproduce: z.string(),
});

const tallySchema = z.object({
  event: z.literal('result'),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  exitCode: z.number(),
  logs: z.string(),
});

const retriesSchema = z.object({ event: z.literal('result'), retries: z.array(z.string()) });
const stepSchema = z.object({
  event: z.literal('step'),
  state: z.string(),
  title: z.string(),
  note: z.string().optional(),
});

/** What one board's process told of its run. */
export interface BoardResult {
  readonly board: string;
  readonly failedTests: readonly z.infer<typeof failedTestSchema>[];
  readonly failures: readonly z.infer<typeof failureSchema>[];
  readonly retries: readonly string[];
  /** undefined when it did not come to its end */
  readonly tally: z.infer<typeof tallySchema> | undefined;
  readonly exitCode: number;
  /** everything it said */
  readonly log: string;
}

/** An interrupted run gets this long to leave its board in order. */
const endsWithinMs = 30_000;

/** The run on one board in a process of its own: whatever happens to it, the other boards go on. */
export async function runBoardProcess(context: Context<TestOptions>, board: string, step: Step): Promise<BoardResult> {
  const { root, options, outputs, signal } = context;
  const log = outputs.file(`${board}.events.jsonl`);
  const passed = [
    ...(options.boards === undefined ? [] : ['--boards', options.boards]),
    ...(options.grep === undefined ? [] : ['--grep', options.grep]),
    ...(options.wait ? ['--wait'] : []),
  ];
  const child = execa(
    process.execPath,
    ['--import=tsx/esm', join(root, 'scripts/hil.ts'), '--board', board, '--json', ...passed],
    {
      cwd: root,
      stdin: 'ignore',
      stderr: 'pipe',
      buffer: false,
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: endsWithinMs,
      // With this it ends when this process ends, as a verb of npm does when npm ends.
      env: { npm_lifecycle_event: 'hil', [eventsVariable]: outputs.events.path },
    },
  );
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const failedTests: z.infer<typeof failedTestSchema>[] = [];
  const failures: z.infer<typeof failureSchema>[] = [];
  const retries: string[] = [];
  let tally: z.infer<typeof tallySchema> | undefined;
  for await (const line of child.iterable()) {
    const event = parsedJson(line);
    const failed = failedTestSchema.safeParse(event);
    const failure = failureSchema.safeParse(event);
    const again = retriesSchema.safeParse(event);
    const end = tallySchema.safeParse(event);
    const running = stepSchema.safeParse(event);
    if (failed.success) failedTests.push(failed.data);
    if (failure.success) failures.push(failure.data);
    if (again.success) retries.push(...again.data.retries);
    if (end.success) tally = end.data;
    if (running.success) step.progress([running.data.title, running.data.note].filter(Boolean).join(': '));
  }
  const { exitCode } = await child;
  if (exitCode !== 0) step.fail();
  file.end();
  return { board, failedTests, failures, retries, tally, exitCode: exitCode ?? 1, log };
}
