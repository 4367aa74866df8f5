// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';

/** What the compiler says it is: part of every build's cache key. */
export async function compilerVersion(compiler: string): Promise<string> {
  const result = await execa(compiler, ['--version'], { reject: false });
  if (result.failed) {
    throw new Failure('host', `cannot run ${compiler}`, { remedy: 'npm run doctor', cause: result.cause });
  }
  return result.stdout.split('\n')[0] ?? '';
}
