// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { execa } from 'execa';
import { compilerVersion } from '../../host/programs/compiler.ts';
import type { BuildJob } from '../../host/build/job.ts';
import type { Check } from './check.ts';
import { allCFiles } from './c-files.ts';
import { findings } from './findings.ts';
import { remembered } from './remembered.ts';

/** All C is as clang-format lays it out; what is not is shown as the difference. */
export function clangFormat(job: BuildJob): Check {
  return remembered({
    id: 'clang-format',
    name: 'C is formatted (clang-format)',
    inputs: async () => {
      const styles = ['.clang-format', 'tools/cpp/.clang-format'].map((name) => `${job.root}/${name}`);
      const files = [...styles, ...(await allCFiles(job.root))];
      const contents = await Promise.all(files.map((file) => readFile(file)));
      const named = files.flatMap((file, i) => [relative(job.root, file), contents[i] ?? '']);
      return [await compilerVersion('clang-format'), ...named];
    },
    run: async () => {
      const said = await findings('clang-format', ['--dry-run', '-Werror', ...(await allCFiles(job.root))], job);
      const bad = new Set(said?.match(/^[^\s:]+(?=:\d+:\d+: error: )/gm));
      if (said === undefined || bad.size === 0) return said;
      const differences = await Promise.all([...bad].map((file) => difference(file, job)));
      return [...differences, `clang-format -i ${[...bad].join(' ')}`].join('\n');
    },
  });
}

async function difference(file: string, { root, signal }: BuildJob): Promise<string> {
  const { stdout: formatted } = await execa('clang-format', [file], { cwd: root, cancelSignal: signal });
  const labels = ['--label', file, '--label', `${file} (formatted)`];
  const diff = await execa('diff', ['-u', ...labels, file, '-'], { cwd: root, input: `${formatted}\n`, reject: false });
  return diff.stdout;
}
