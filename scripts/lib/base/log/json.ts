// SPDX-License-Identifier: MIT
import type { Renderer } from './renderer.ts';
import { stepTree, type RunningStep } from './step-tree.ts';

/** One event a line, for programs. Every event has `event` and `time`; steps have an id and their parent's. */
export function jsonRenderer(stream: NodeJS.WriteStream): Renderer {
  const emit = (event: string, fields: object) =>
    void stream.write(`${JSON.stringify({ event, time: new Date().toISOString(), ...fields })}\n`);
  const describe = (step: RunningStep) => ({ id: step.id, parent: step.parent?.id ?? null, title: step.title });
  const lastProgress = new Map<number, number>();
  const log = stepTree({
    started: (step) => emit('step', { state: 'started', ...describe(step) }),
    progressed(step) {
      const now = Date.now();
      if (now - (lastProgress.get(step.id) ?? 0) < 1000) return;
      lastProgress.set(step.id, now);
      emit('step', { state: 'running', ...describe(step), note: step.note });
    },
    ended: (step, ok, ms) => emit('step', { state: ok ? 'ok' : 'failed', ...describe(step), ms }),
    message: (level, text, step) => emit('message', { level, text, step: step?.id ?? null }),
  });
  return {
    ...log,
    result: (_text, data) => emit('result', data),
    failed({ failure, exitCode, reproduce }) {
      emit('failure', {
        class: failure.failureClass,
        kind: failure.kind ?? null,
        message: failure.message,
        remedy: failure.remedy ?? null,
        log: failure.log ?? null,
        reproduce,
        exitCode,
      });
    },
    pause: (work) => work(),
    lastLine: (text) => void stream.write(`${text}\n`),
    close: () => undefined,
  };
}
