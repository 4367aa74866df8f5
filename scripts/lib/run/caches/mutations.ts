// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../base/failure/failure.ts';
import type { ChangedFiles } from '../../host/build/changed-driver.ts';

const file = 'test/board/mutations.yaml';

const changeSchema = z.strictObject({ file: z.string(), from: z.string().min(1), to: z.string() });

const schema = z.record(z.string(), z.record(z.string(), z.union([changeSchema, z.array(changeSchema).nonempty()])));

/** One way in which the driver could be wrong. */
export interface Mutation {
  readonly name: string;
  readonly changes: readonly z.infer<typeof changeSchema>[];
  /** the title of the test that must fail then */
  readonly caughtBy: string;
}

/** The mutations of test/board/mutations.yaml, which lists them by the test that must fail. */
export async function listMutations(root: string): Promise<Mutation[]> {
  const tests = schema.parse(parse(await readFile(join(root, file), 'utf8')));
  return Object.entries(tests).flatMap(([caughtBy, mutations]) =>
    Object.entries(mutations).map(([name, changes]) => ({ name, changes: [changes].flat(), caughtBy })),
  );
}

/**
 * The driver's files with the mutation made. If a place is missing, or is there twice, that is a mistake of the list.
 */
export async function applied({ name, changes }: Mutation, root: string): Promise<ChangedFiles> {
  const files = new Map<string, string>();
  for (const { file: path, from, to } of changes) {
    const text = files.get(path) ?? (await readFile(join(root, path), 'utf8'));
    const pieces = text.split(from);
    if (pieces.length !== 2) {
      throw new Failure('test', `${path} has the text of "${name}" ${pieces.length - 1} times:\n${from.trimEnd()}`, {
        remedy: `write into ${file} what the driver says there now`,
      });
    }
    files.set(path, pieces.join(to));
  }
  return files;
}
