// SPDX-License-Identifier: MIT
import type { Log, Step } from './log.ts';

/** One stretch of work, as a renderer sees it. Steps run side by side, so each knows its own ancestors. */
export interface RunningStep {
  readonly id: number;
  readonly parent: RunningStep | undefined;
  readonly title: string;
  readonly startedAt: number;
  /** the last text given to progress() */
  note: string;
  /** direct sub-steps that still run: a step is drawn only while it has none */
  children: number;
}

/** What a renderer does with the life of steps; the tree calls it. */
export interface StepEvents {
  started(step: RunningStep): void;
  progressed(step: RunningStep): void;
  ended(step: RunningStep, ok: boolean, ms: number): void;
  message(level: 'info' | 'warn', text: string, step: RunningStep | undefined): void;
}

let lastId = 0;

/** Builds the Log whose steps report to `events`; `parent` is the step it belongs to. */
export function stepTree(events: StepEvents, parent?: RunningStep): Log {
  return {
    info: (text) => events.message('info', text, parent),
    warn: (text) => events.message('warn', text, parent),
    async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
      const step: RunningStep = { id: ++lastId, parent, title, startedAt: Date.now(), note: '', children: 0 };
      if (parent) parent.children++;
      events.started(step);
      let ok = false;
      let isBad = false;
      try {
        const result = await work({
          ...stepTree(events, step),
          progress(text) {
            step.note = text;
            events.progressed(step);
          },
          fail: () => (isBad = true),
        });
        ok = !isBad;
        return result;
      } finally {
        if (parent) parent.children--;
        events.ended(step, ok, Date.now() - step.startedAt);
      }
    },
  };
}

/** "emulated-6.1 › boot": steps run side by side, so a line names its ancestors rather than standing under them. */
export function stepPath(step: RunningStep): string {
  return step.parent ? `${stepPath(step.parent)} › ${step.title}` : step.title;
}

export function stepDepth(step: RunningStep): number {
  return step.parent ? stepDepth(step.parent) + 1 : 0;
}
