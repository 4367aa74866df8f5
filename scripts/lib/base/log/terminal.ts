// SPDX-License-Identifier: MIT
import { clearScreenDown, moveCursor } from 'node:readline';
import { stripVTControlCharacters, styleText } from 'node:util';
import { formatDuration } from './duration.ts';
import { failureLines } from './failure-text.ts';
import type { TextOptions } from './plain.ts';
import type { Renderer } from './renderer.ts';
import { stepDepth, stepPath, stepTree, type RunningStep } from './step-tree.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** For a person at a terminal: finished steps scroll by, the running ones live in the lines at the bottom. */
export function terminalRenderer(options: TextOptions): Renderer {
  const { stream } = options;
  const running = new Map<number, RunningStep>();
  let drawn = 0;
  let frame = 0;
  let paused = false;

  const erase = () => {
    if (drawn === 0) return;
    moveCursor(stream, 0, -drawn);
    stream.write('\r');
    clearScreenDown(stream);
    drawn = 0;
  };
  const draw = () => {
    if (paused) return;
    erase();
    const now = Date.now();
    // A step that ends at once is not drawn: it would only flicker.
    const visible = [...running.values()].filter((step) => step.children === 0 && now - step.startedAt > 150);
    const lines = visible.slice(0, Math.max(1, stream.rows - 2)).map((step) => {
      const elapsed = formatDuration(now - step.startedAt);
      const note = step.note === '' ? '' : `  ${step.note}`;
      const text = `${frames[frame % frames.length]} ${stepPath(step)}  ${elapsed}${note}`;
      return text.length < stream.columns ? text : `${text.slice(0, stream.columns - 2)}…`;
    });
    for (const line of lines) stream.write(`${styleText('cyan', line)}\n`);
    drawn = lines.length;
  };
  const print = (text: string, to = stream) => {
    erase();
    to.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(() => {
    frame++;
    draw();
  }, 100);
  timer.unref();

  const log = stepTree({
    started: (step) => void running.set(step.id, step),
    progressed: () => undefined,
    ended(step, ok, ms) {
      running.delete(step.id);
      const time = styleText('dim', formatDuration(ms));
      if (!ok) print(`${styleText('red', '✗')} ${stepPath(step)}  ${time}`);
      else if (!options.terse && (options.verbose || ms >= 1000 || stepDepth(step) === 0)) {
        print(`${styleText('green', '✓')} ${stepPath(step)}  ${time}`);
      }
    },
    message(level, text, step) {
      const place = step ? `${styleText('dim', stepPath(step))}  ` : '';
      print(level === 'warn' ? `${styleText('yellow', '!')} ${place}${text}` : `  ${place}${text}`);
    },
  });
  return {
    ...log,
    result: (text) => print(options.results.isTTY ? text : stripVTControlCharacters(text), options.results),
    failed(report) {
      const { headline, details } = failureLines(report);
      print(['', styleText(['red', 'bold'], `✗ ${headline}`), ...details.map((line) => `  ${line}`)].join('\n'));
    },
    async pause(work) {
      erase();
      paused = true;
      try {
        return await work();
      } finally {
        paused = false;
      }
    },
    lastLine(text) {
      erase();
      paused = true;
      options.results.write(`${text}\n`);
    },
    close() {
      clearInterval(timer);
      erase();
      paused = true;
    },
  };
}
