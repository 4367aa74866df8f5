// SPDX-License-Identifier: MIT
import { InvalidArgumentError, type Command } from 'commander';
import { Failure } from '../failure/failure.ts';
import { kernelVersions, type KernelVersion } from '../target/kernels.ts';
import type { CommonOptions } from './context.ts';

/** No defaults here: sub-commands and their parents both take these, and a parent's default would win over a child's value. */
export function addCommonOptions(command: Command): void {
  command
    .option(
      '--board <name>',
      'the board to use, or a group of them (default: the emulated one)',
      (name: string, before?: string) => (before === undefined ? name : `${before},${name}`),
    )
    .option('--boards <file>', 'the inventory of boards (default: $RPMSG_SDB_BOARDS, else boards.yaml)')
    .option('--kernel <version>', `kernel of the emulated board: ${kernelVersions.join(', ')}`, parseKernels)
    .option('--wait', 'wait if another run has the board, instead of failing')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'one JSON event a line instead of text')
    .option('--verbose', 'show every step');
}

function parseKernels(text: string, before: readonly KernelVersion[] = []): KernelVersion[] {
  const more = text.split(',').map((word) => {
    const version = kernelVersions.find((known) => known === word.trim());
    if (version === undefined) throw new InvalidArgumentError(`Known kernels: ${kernelVersions.join(', ')}.`);
    return version;
  });
  return [...before, ...more];
}

/** For verbs that work on one kernel at a time. */
export function singleKernel(options: CommonOptions): KernelVersion | undefined {
  if (options.kernel !== undefined && options.kernel.length > 1) {
    throw new Failure('usage', `one kernel at a time here, not ${options.kernel.join(' and ')}`, {
      remedy: `--kernel ${options.kernel[0]}`,
    });
  }
  return options.kernel?.[0];
}
