// SPDX-License-Identifier: MIT
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import { exitCodes, Failure } from '../../base/failure/failure.ts';
import { buildPackages, fuzzPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import type { Step } from '../../base/log/log.ts';
import { quoteWords } from '../../base/process/quote.ts';
import { buildTarget } from './build.ts';
import { keepInputs } from './corpus.ts';
import { readFinding, type Finding } from './finding.ts';
import { corpusFolder, dictionary, fuzzTargets, type FuzzTarget } from './targets.ts';

export interface FuzzOptions extends CommonOptions {
  readonly seconds?: number;
  readonly target?: FuzzTarget;
  readonly input?: string;
  readonly keep?: boolean;
}

interface TargetResult {
  readonly target: FuzzTarget;
  readonly log: string;
  /** as libFuzzer counts */
  readonly runs: number;
  /** inputs in the tree's corpus after --keep */
  readonly kept: number | undefined;
  readonly finding: Finding | undefined;
}

const defaultSeconds = 60;
/** A single input takes microseconds: what takes seconds hangs. */
const hangSeconds = 10;

/**
 * `npm run fuzz`: all targets side by side, for a given time. They begin with the corpus in the tree and with what
 * earlier runs found.
 */
export async function fuzzRun(context: Context<FuzzOptions>): Promise<number> {
  const { options, log } = context;
  const targets = targetsOf(options);
  const seconds = options.seconds ?? defaultSeconds;
  if (options.dryRun) {
    const names = targets.map(({ name, about }) => `${name} (${about})`);
    log.result(`would fuzz ${names.join(' and ')} for ${seconds} s`, { targets: targets.map(({ name }) => name) });
    return 0;
  }
  await preparePackages([...buildPackages, ...fuzzPackages], context);
  const results = await Promise.all(
    targets.map((target) =>
      log.step(`${target.name}: ${target.about}`, (step) => fuzz(target, seconds, context, step)),
    ),
  );
  for (const result of results) show(result, context);
  return results.some(({ finding }) => finding) ? exitCodes.test : 0;
}

function targetsOf({ target, input }: FuzzOptions): readonly FuzzTarget[] {
  if (target) return [target];
  if (input === undefined) return fuzzTargets;
  throw new Failure('usage', 'an input belongs to a target', { remedy: '--target NAME --input FILE' });
}

async function fuzz(
  target: FuzzTarget,
  seconds: number,
  context: Context<FuzzOptions>,
  step: Step,
): Promise<TargetResult> {
  const { root, options } = context;
  const directory = join(root, 'out', 'fuzz', target.name);
  const found = join(directory, 'found');
  const crashes = join(directory, 'crashes');
  const program = await buildTarget(target, directory, context);
  await Promise.all([mkdir(found, { recursive: true }), mkdir(crashes, { recursive: true })]);
  const endless = options.input === undefined;
  const words = endless
    ? [
        `-max_total_time=${Math.ceil(seconds)}`,
        `-max_len=${target.maxLength}`,
        `-timeout=${hangSeconds}`,
        `-dict=${join(root, dictionary)}`,
        '-print_final_stats=1',
        `-artifact_prefix=${crashes}/`,
        found,
        join(root, corpusFolder(target)),
      ]
    : [`-timeout=${hangSeconds}`, resolve(options.input)];
  const { log, runs, finding } = await run(target, program, words, context, step);
  const kept = !finding && endless && options.keep ? await keepInputs(target, program, found, context) : undefined;
  return { target, log, runs: endless ? runs : 1, kept, finding };
}

/** Runs a target to its end; anything but a good one is a finding. */
async function run(
  target: FuzzTarget,
  program: string,
  words: readonly string[],
  { outputs, signal }: Context,
  step: Step,
): Promise<Pick<TargetResult, 'log' | 'runs' | 'finding'>> {
  const log = outputs.file(`${target.name}.log`);
  const file = createWriteStream(log);
  const child = execa(program, words, {
    cancelSignal: signal,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    // Memory that a run lost is found by the address sanitizer at its end.
    env: { ASAN_OPTIONS: 'detect_leaks=1' },
  });
  const last: string[] = [];
  let runs = 0;
  createInterface({ input: child.all }).on('line', (line) => {
    file.write(`${line}\n`);
    const [, number] = /^#(\d+)\s/.exec(line) ?? /number_of_executed_units:\s*(\d+)/.exec(line) ?? [];
    if (number !== undefined) runs = Number(number);
    if (/^#\d/.test(line)) return step.progress(line.replaceAll(/\s+/g, ' '));
    last.push(line);
    if (last.length > 400) last.shift();
  });
  const ended = await child;
  file.end();
  signal.throwIfAborted();
  if (!ended.failed) return { log, runs, finding: undefined };
  return { log, runs, finding: readFinding(last.join('\n')) };
}

function show({ target, log, runs, kept, finding }: TargetResult, context: Context<FuzzOptions>): void {
  const { root, options } = context;
  if (!finding) {
    const corpus = kept === undefined ? '' : `, ${kept} inputs in ${corpusFolder(target)}`;
    context.log.result(`${target.name}: ${runs.toLocaleString('en')} inputs, no finding${corpus}`, {
      target: target.name,
      runs,
      kept,
    });
    return;
  }
  const input = finding.input ?? options.input;
  const path = input === undefined ? undefined : relative(root, resolve(input));
  const saved = path === undefined ? '' : ` (input: ${path})`;
  const failure = new Failure('test', `${target.name}: ${finding.what}${saved}`, { log });
  const words = path === undefined ? [] : ['--target', target.name, '--input', path];
  const reproduce = words.length === 0 ? context.reproduce : `npm run fuzz -- ${quoteWords(words)}`;
  context.log.failed({ failure, exitCode: exitCodes.test, reproduce });
}
