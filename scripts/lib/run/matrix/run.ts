// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import {
  buildPackages,
  checkPackages,
  emulatorPackages,
  matrixPackages,
  sanitizePackages,
} from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { buildOne, type MatrixResult } from './build-one.ts';
import { type MatrixKernel, matrixKernels, matrixName } from './kernels.ts';
import { markdownTable } from './table.ts';

/** `npm run build -- --matrix`: the driver for every kernel of the list, without a word from compiler or sparse. */
export async function matrixRun(context: Context): Promise<void> {
  const { options, log, root } = context;
  const kernels = matrixKernels.filter((kernel) => options.kernel?.some((name) => isMeant(name, kernel)) ?? true);
  if (options.dryRun) {
    const names = kernels.map(matrixName);
    return log.result(`would build the driver for\n${names.map((name) => `  ${name}`).join('\n')}`, { kernels: names });
  }
  // Kernels are unpacked as for the emulated board, and configured as the sanitizer's.
  const packages = [buildPackages, checkPackages, emulatorPackages, sanitizePackages, matrixPackages].flat();
  await preparePackages(packages, context);
  const results: MatrixResult[] = [];
  for (const kernel of kernels) {
    context.signal.throwIfAborted();
    results.push(await log.step(matrixName(kernel), (step) => reported(kernel, context, step)));
  }
  const markdown = markdownTable(results);
  const file = join(root, 'out', 'build', 'matrix.md');
  await mkdir(join(root, 'out', 'build'), { recursive: true });
  await writeFile(file, `${markdown}\n`);
  log.result(`${markdown}\n\n${relative(root, file)}`, { results: results.map(forJson) });
  const bad = results.filter(({ findings }) => findings.length > 0);
  const [first] = bad;
  if (first === undefined) return;
  const names = bad.map(({ name }) => name).join(', ');
  const details = first.findings.slice(0, 12).map((line) => `    ${line}`);
  throw new Failure(
    'test',
    [`the driver does not build in silence for ${names}`, `  ${first.name}:`, ...details].join('\n'),
    { log: first.log },
  );
}

async function reported(kernel: MatrixKernel, context: Context, log: Log): Promise<MatrixResult> {
  const result = await buildOne(kernel, { ...context, log });
  const { findings } = result;
  if (findings.length > 0) log.warn(`${findings.length} findings, the first: ${findings[0] ?? ''}`);
  return result;
}

/** A name with an architecture in it narrows down to that; "6.1" is all of that series. */
function isMeant(name: KernelVersion, { version, machine }: MatrixKernel): boolean {
  return name === version || name === `${machine.debian}-${version}`;
}

function forJson({ kernel, ...result }: MatrixResult): object {
  return { ...result, version: kernel.version, machine: kernel.machine.kernel, about: kernel.about };
}
