// SPDX-License-Identifier: MIT
import { formatDuration } from './duration.ts';
import { failureLines } from './failure-text.ts';
import type { Renderer } from './renderer.ts';
import { stepDepth, stepPath, stepTree, type RunningStep } from './step-tree.ts';

export interface TextOptions {
  /** where steps, messages and failures go */
  readonly stream: NodeJS.WriteStream;
  /** where results go */
  readonly results: NodeJS.WriteStream;
  /** also show the steps that took less than a second inside others */
  readonly verbose: boolean;
  /** leave no lines behind about steps that went well (verbs whose output is the point) */
  readonly terse: boolean;
}

/** A line about work that still runs is repeated this often. CI systems kill jobs that are silent for long. */
const aliveEveryMs = 15_000;

/** Plain lines, for CI logs and files: nothing moves, no colours. */
export function plainRenderer(options: TextOptions): Renderer {
  const running = new Map<number, { step: RunningStep; saidAt: number }>();
  const print = (text: string) => options.stream.write(`${text}\n`);
  const timer = setInterval(() => {
    for (const entry of running.values()) {
      if (entry.step.children > 0 || Date.now() - entry.saidAt < aliveEveryMs) continue;
      entry.saidAt = Date.now();
      const note = entry.step.note === '' ? '' : `: ${entry.step.note}`;
      print(`...   ${stepPath(entry.step)}${note} (${formatDuration(Date.now() - entry.step.startedAt)} so far)`);
    }
  }, 1000);
  timer.unref();

  const log = stepTree({
    started: (step) => void running.set(step.id, { step, saidAt: Date.now() }),
    progressed: () => undefined,
    ended(step, ok, ms) {
      running.delete(step.id);
      if (!ok) print(`FAIL  ${stepPath(step)} (${formatDuration(ms)})`);
      else if (!options.terse && (options.verbose || ms >= 1000 || stepDepth(step) === 0)) {
        print(`ok    ${stepPath(step)} (${formatDuration(ms)})`);
      }
    },
    message: (level, text, step) => {
      const prefix = level === 'warn' ? 'WARN  ' : '      ';
      print(prefix + (step ? `${stepPath(step)}: ` : '') + text);
    },
  });
  return {
    ...log,
    result: (text) => void options.results.write(`${text}\n`),
    failed(report) {
      const { headline, details } = failureLines(report);
      print(['', `FAILED  ${headline}`, ...details.map((line) => `  ${line}`)].join('\n'));
    },
    pause: (work) => work(),
    lastLine: (text) => void options.results.write(`${text}\n`),
    close: () => clearInterval(timer),
  };
}
