// SPDX-License-Identifier: MIT
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { BoardWatch } from '../../scripts/lib/board/watch/board-watch.ts';
import { switchPower } from '../../scripts/lib/board/state/power.ts';
import { transitions } from '../../scripts/lib/board/state/states.ts';
import { transit } from '../../scripts/lib/board/state/transition.ts';
import type { Board } from '../../scripts/lib/board/inventory/board.ts';
import { worstExitCode } from '../../scripts/lib/base/failure/worst.ts';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { judged } from '../../scripts/lib/run/tests/stretch.ts';
import type { TestOutcome } from '../../scripts/lib/run/report/outcome.ts';
import { notRun } from '../../scripts/lib/run/tests/not-run.ts';
import { readProgress } from '../../scripts/lib/run/tests/progress.ts';
import { followCommand, followFile, type ConsoleSink } from '../../scripts/lib/board/watch/console.ts';
import { parseRecord } from '../../scripts/lib/board/watch/kernel-log.ts';
import { temporary } from './temporary.ts';
import { test } from '../together/counted.ts';

const directory = temporary('watch');

class Seen implements ConsoleSink {
  readonly lines: string[] = [];
  readonly reasons: string[] = [];
  line(text: string): void {
    this.lines.push(text);
  }
  broken(reason: string): void {
    this.reasons.push(reason);
  }
  async until(is: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!is()) {
      if (Date.now() > end) throw new Error(JSON.stringify(this));
      await sleep(20);
    }
  }
}

test('a console file is followed from where it ends, line by line, without escape sequences', async (t) => {
  const path = join(directory, 'console.log');
  writeFileSync(path, 'before\n');
  const seen = new Seen();
  const console = await followFile(path, seen);
  appendFileSync(path, 'U-Boot \u001b[1mSPL\u001b[0m\r\nhalf');
  await seen.until(() => seen.lines.length === 1);
  appendFileSync(path, ' a line');
  await console.stop();
  t.deepEqual(seen.lines, ['U-Boot SPL', 'half a line']);
});

test('a console command that ends is started again a few times, and each time it is said why', async (t) => {
  const seen = new Seen();
  const console = followCommand('echo hello; echo no such device >&2; exit 3', 'board', seen);
  await seen.until(() => seen.reasons.length === 4);
  await console.stop();
  t.deepEqual(seen.lines, ['hello', 'hello', 'hello', 'hello']);
  t.regex(seen.reasons[0] ?? '', /ended with 3: no such device; starting it again/);
  t.regex(seen.reasons[3] ?? '', /given up/);
});

test('a console command ends with all it has started, when it is stopped and when its user is killed', async (t) => {
  const mark = `27${Math.floor(Math.random() * 1e6)}`;
  const command = `echo ready; sleep ${mark} & wait`;
  const running = async () => (await execa('pgrep', ['-f', `^sleep ${mark}`], { reject: false })).stdout !== '';
  // What the shell has started needs a moment until it is that program, and a moment until it is gone.
  const becomes = async (wanted: boolean) => {
    for (let i = 0; i < 200 && (await running()) !== wanted; i++) await sleep(50);
    return (await running()) === wanted;
  };
  const seen = new Seen();
  const console = followCommand(command, 'board', seen);
  await seen.until(() => seen.lines.length === 1);
  t.true(await becomes(true));
  await console.stop();
  t.true(await becomes(false));

  const module = new URL('../../scripts/lib/board/watch/console.ts', import.meta.url).pathname;
  const script = `import { followCommand } from '${module}';
    followCommand(${JSON.stringify(command)}, 'board', { line: (text) => process.stdout.write(text), broken: () => {} });`;
  const user = execa(process.execPath, ['--import=tsx/esm', '--input-type=module', '-e', script], { reject: false });
  await new Promise((resolve) => user.stdout.once('data', resolve));
  t.true(await becomes(true));
  user.kill('SIGKILL');
  await user;
  t.true(await becomes(false));
});

test('a console command that there is not is not started again', async (t) => {
  const seen = new Seen();
  const console = followCommand('exec /no/such/command', 'board', seen);
  await seen.until(() => seen.reasons.length > 0);
  await console.stop();
  t.is(seen.reasons.length, 1);
  t.regex(seen.reasons[0] ?? '', /ended with 127: .*given up/);
});

/** `patience` multiplies the time that the command has. */
const withPower = (on: string, patience = 1): Board =>
  ({ name: 'board', features: [], patience, power: { on } }) satisfies Partial<Board> as unknown as Board;
const never = new AbortController().signal;

test('a power command that hangs ends with all that it waits for, and is asked once more', async (t) => {
  const seconds = `26${Math.floor(Math.random() * 1e6)}`;
  const warned: string[] = [];
  const log = { ...quiet, warn: (text: string) => void warned.push(text) };
  const switching = switchPower(withPower(`sleep ${seconds} | cat`, 0.005), 'on', log, never);
  const failure = await t.throwsAsync(switching, { instanceOf: Failure });
  t.like(failure, { failureClass: 'board', kind: 'power' });
  t.regex(failure.message, /did not end/);
  t.is(warned.length, 1);
  t.is((await execa('pgrep', ['-f', `^sleep ${seconds}`], { reject: false })).stdout, '');
});

test('a power command that there is not is asked for once', async (t) => {
  const log = { ...quiet, warn: (text: string) => t.fail(text) };
  const failure = await t.throwsAsync(switchPower(withPower('/no/such/command'), 'on', log, never), {
    instanceOf: Failure,
  });
  t.regex(failure.message, /ended with 127/);
});

test('a board that says it starts anew has restarted, and one that is silent is not starting', async (t) => {
  const root = mkdtempSync(join(directory, 'root-'));
  const console = join(root, 'console.log');
  writeFileSync(console, 'Booting Linux on physical CPU 0x0\n');
  for (const text of [
    '[   62.748053] sysrq: Resetting',
    '[    9.100000][    T1] reboot: Restarting system',
    'U-Boot SPL 2023.10-stm32mp (Oct 02 2023)',
    'U-Boot 2023.10 (Oct 02 2023)',
    '[    0.000000] Booting Linux on physical CPU 0x0',
    'INIT: version 3.06 booting',
    '[    4.2] systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)',
  ]) {
    const board = { name: 'board', console } as Board;
    const watch = await BoardWatch.start(board, new Outputs(root, 'test'), quiet);
    const begun = Date.now();
    t.false(watch.mayBeStarting(begun));
    appendFileSync(console, `[    1.0] reboot: Power down is another matter\n${text}\n`);
    for (let i = 0; i < 100 && !watch.fault; i++) await sleep(20);
    await watch.stop();
    t.like(watch.fault, { failureClass: 'board', kind: 'reboot' }, text);
    t.true(watch.mayBeStarting(begun));
  }
});

test('records of /dev/kmsg, and what is none', (t) => {
  t.deepEqual(parseRecord('4,339,5140900,-;NET: Registered'), { level: 4, seconds: 5.1409, text: 'NET: Registered' });
  t.deepEqual(parseRecord('12,1,7,-,caller=T1;a;b'), { level: 4, seconds: 0.000007, text: 'a;b' });
  t.is(parseRecord(' SUBSYSTEM=platform'), undefined);
});

test('a test that is being noted is not read half', (t) => {
  const path = join(directory, 'progress');
  const note = (event: string, title: string, at: number) => JSON.stringify({ event, title, at });
  writeFileSync(path, `${note('started', 'a', 1)}\n${note('ended', 'a', 2)}\n${note('started', 'b', 3)}\n{"eve`);
  t.deepEqual(readProgress(path), [
    { title: 'a', started: 1, ended: 2 },
    { title: 'b', started: 3 },
  ]);
  t.deepEqual(readProgress(join(directory, 'none')), []);
  t.true(readFileSync(path, 'utf8').endsWith('{"eve'));
});

const times = [
  { title: 'a', started: 1000, ended: 2000 },
  { title: 'b', started: 3000, ended: 4000 },
  { title: 'c', started: 5000, ended: 6000 },
];
const outcomeOf = (title: string, status: 'passed' | 'failed', reason = ''): TestOutcome => ({
  suite: 'board',
  name: `file › ${title}`,
  status,
  reason,
});

test('a fault belongs to the test that ran, and what came after it counts for nothing', (t) => {
  const fault = { at: 3500, failureClass: 'kernel', text: 'Oops' } as const;
  const all = [outcomeOf('a', 'passed'), outcomeOf('b', 'passed'), outcomeOf('c', 'passed')];
  const { outcomes, culprit } = judged(all, fault, times);
  t.is(culprit?.time.title, 'b');
  t.is(culprit?.outcome?.status, 'passed');
  t.deepEqual(
    outcomes.map(({ name }) => name),
    ['file › a'],
  );
});

test('a fault that is seen late belongs to the test that has told of it', (t) => {
  const fault = { at: 5100, failureClass: 'kernel', text: 'WARNING: CPU: 0' } as const;
  const all = [
    outcomeOf('a', 'passed'),
    outcomeOf('b', 'failed', 'kernel log: WARNING: CPU: 0 PID'),
    outcomeOf('c', 'failed'),
  ];
  const { outcomes, culprit } = judged(all, fault, times);
  t.is(culprit?.time.title, 'b');
  t.deepEqual(
    outcomes.map(({ name }) => name),
    ['file › a'],
  );
});

test('a link that a test has found lost before the watch did is that test’s fault, and no other’s', (t) => {
  const fault = {
    at: 5100,
    failureClass: 'board',
    kind: 'link',
    text: 'lost the connection: no sign of life',
  } as const;
  const gone = outcomeOf('b', 'failed', 'read-file /x: the agent ended (killed, or the link went)');
  const all = [outcomeOf('a', 'passed'), gone, outcomeOf('c', 'failed')];
  t.is(judged(all, fault, times).culprit?.time.title, 'b');
  t.is(judged([outcomeOf('b', 'failed', '1 is not 2')], fault, times).culprit?.time.title, 'c');
});

test('a board that dies with a test takes that test along', (t) => {
  const fault = { at: 5500, failureClass: 'board', text: 'its power is gone' } as const;
  const { culprit } = judged([outcomeOf('a', 'passed'), outcomeOf('b', 'passed')], fault, times);
  t.is(culprit?.time.title, 'c');
  t.is(culprit?.outcome, undefined);
});

test('tests that did not run count as skipped, each once, with the reason', (t) => {
  const outputs = new Outputs(mkdtempSync(join(directory, 'not-run-')), 'test');
  const titles = ['file › a', 'file › b', 'other › c (the board has no x)', 'file › b'];
  const ran = [outcomeOf('a', 'passed'), { ...outcomeOf('the board stays usable', 'failed'), ofSuite: true as const }];
  const skipped = notRun({ outputs }, 'board', titles, ran, 'its power is gone\nand more');
  t.deepEqual(
    skipped.map(({ name, status, reason }) => [name, status, reason]),
    ['file › b', 'other › c (the board has no x)'].map((name) => [name, 'skipped', 'not run: its power is gone']),
  );
});

test('of several boards the worst decides', (t) => {
  t.is(worstExitCode([0, 0]), 0);
  t.is(worstExitCode([1, 0, 4]), 4);
  t.is(worstExitCode([1, 5, 4]), 5);
  t.is(worstExitCode([0, 137]), 137);
  t.is(worstExitCode([130, 5]), 130);
});

test('a step up that takes too long fails with its own kind, and an error in it keeps its own', async (t) => {
  const board: Pick<Board, 'name' | 'features' | 'patience'> = { name: 'slowpoke', features: [], patience: 0.001 };
  const late = await t.throwsAsync(
    transit(board as Board, transitions.announce, () => sleep(5000)),
    { instanceOf: Failure },
  );
  t.is(late.kind, 'announce');
  t.regex(
    late.message,
    /slowpoke does not announce its channel: it was firmware running, and not ready after 0\.015 s/,
  );
  const own = new Failure('board', 'x', { kind: 'link' });
  const thrown = await t.throwsAsync(
    transit(board as Board, transitions.boot, () => Promise.reject(own)),
    { instanceOf: Failure },
  );
  t.is(thrown.kind, 'link');
});
