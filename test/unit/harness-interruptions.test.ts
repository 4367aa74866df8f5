// SPDX-License-Identifier: MIT
/**
 * A verb is stopped in the ways that occur: through npm, from a terminal, as part of a group, by a reader that goes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { quoteWords } from '../../scripts/lib/base/process/quote.ts';
import { temporary } from './temporary.ts';
import { test } from '../together/counted.ts';

const verb = resolve(import.meta.dirname, 'patient-verb.ts');

class Verb {
  readonly child: ChildProcess;
  readonly #file: string;
  readonly #ended: Promise<unknown>;
  said = '';

  /** `wrap` gets the command that starts the verb through npm. It returns the shell command that is run. */
  constructor(t: ExecutionContext, wrap: (npm: string) => string, env: Readonly<Record<string, string>> = {}) {
    const directory = temporary('interruptions');
    this.#file = join(directory, 'notes');
    writeFileSync(this.#file, '');
    const command = `exec ${quoteWords([process.execPath, `--import=${import.meta.resolve('tsx/esm')}`, verb])}`;
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts: { patient: command } }));
    const npm = quoteWords(['npm', '--prefix', directory, '--silent', 'run', 'patient']);
    this.child = spawn('bash', ['-c', wrap(npm)], {
      detached: true,
      stdio: 'pipe',
      // The file that BASH_ENV names may print. That would not be the verb's output.
      env: { ...process.env, BASH_ENV: '', ...env, PATIENT_VERB_FILE: this.#file, CI: '' },
    });
    this.child.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
    this.child.stderr?.on('data', (data: Buffer) => (this.said += data.toString()));
    this.#ended = once(this.child, 'close');
    t.teardown(() => {
      if (this.child.exitCode === null) process.kill(-(this.child.pid ?? 0), 'SIGKILL');
    });
  }

  get notes(): string {
    return readFileSync(this.#file, 'utf8');
  }

  async begun(): Promise<void> {
    while (!this.notes.includes('begun')) {
      if (this.child.exitCode !== null) throw new Error(this.said);
      await sleep(20);
    }
  }

  async ended(): Promise<number | null> {
    await this.#ended;
    return this.child.exitCode;
  }
}

const onTerminal = (npm: string) => `exec script --quiet --return --command ${quoteWords([npm])} /dev/null`;
const ctrlC = '\u0003';
const whole = 'begun\nreport of interrupted\n';

test('one Ctrl-C at a terminal counts once: the verb ends in order, and its report is made', async (t) => {
  const running = new Verb(t, onTerminal);
  await running.begun();
  running.child.stdin?.write(ctrlC);
  t.is(await running.ended(), 130, running.said);
  t.is(running.notes, whole);
  t.regex(running.said, /interrupted: stopped by SIGINT/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} to npm and all that it started counts once`, async (t) => {
    const running = new Verb(t, (npm) => `trap : INT TERM; ${npm} & wait $!; wait $!`);
    await running.begun();
    process.kill(-(running.child.pid ?? 0), signal);
    await running.ended();
    t.is(running.notes, whole, running.said);
  });
}

test('a second Ctrl-C leaves what takes its time, and still makes the report', async (t) => {
  const running = new Verb(t, onTerminal, { PATIENT_VERB_SLOW: 'yes' });
  await running.begun();
  const before = Date.now();
  running.child.stdin?.write(ctrlC);
  await sleep(800);
  running.child.stdin?.write(ctrlC);
  await running.ended();
  t.is(running.notes, whole, running.said);
  // The work takes 60 s.
  t.true(Date.now() - before < 40_000);
});

test('a reader that goes ends the verb in order and without a word', async (t) => {
  const running = new Verb(t, (npm) => `${npm} -- --chatter | head -n 1`);
  t.is(await running.ended(), 0);
  t.is(running.said, '      and another thing\n');
  t.is(running.notes, whole);
});
