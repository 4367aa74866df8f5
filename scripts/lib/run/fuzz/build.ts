// SPDX-License-Identifier: MIT
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import type { FuzzTarget } from './targets.ts';

/** Compiler arguments of a target with any compiler: a report of a sanitizer ends the program. */
export function fuzzArguments(target: FuzzTarget, root: string, sanitizers: string): string[] {
  const includes = target.includes.map((folder) => `-I${join(root, folder)}`);
  const strict = ['-std=gnu11', '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-fno-sanitize-recover=all'];
  return [...strict, `-fsanitize=${sanitizers}`, ...includes];
}

/** The program that libFuzzer drives, in directory. */
export async function buildTarget(target: FuzzTarget, directory: string, context: Context): Promise<string> {
  const { root, outputs, signal } = context;
  const program = join(directory, 'target');
  await mkdir(directory, { recursive: true });
  const sources = target.sources.map((file) => join(root, file));
  await runLogged({
    command: 'clang-14',
    arguments: [...fuzzArguments(target, root, 'fuzzer,address,undefined'), '-o', program, ...sources],
    log: outputs.file(`${target.name}-build.log`),
    signal,
    failure: { class: 'test', message: `the fuzz target ${target.name} does not build` },
  });
  return program;
}
