// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'zx';
import { parse } from 'yaml';
import { z } from 'zod';
import { readHoldings, type Holding, type HoldingsOfFile } from './holds.ts';
import { readDocument, type DocumentText, type Sentence } from './sentences.ts';

/** A sentence and who sees to it. */
export interface Held extends Sentence {
  readonly tests: readonly Holding[];
  /** why there is no test */
  readonly reason: string | undefined;
}

export interface Contract {
  readonly sentences: readonly Held[];
  /** text of the documents that asks for no test */
  readonly unanchored: readonly string[];
  /** what is not as it should be, a line each */
  readonly faults: readonly string[];
}

/** By what the tests call them. */
const documents = { abi: 'kernel/ABI.md', protocol: 'kernel/PROTOCOL.md' } as const;

/** By a sentence's anchor: why no test holds it. */
const reasonsFile = 'test/untested.yaml';

/** Reads the documents of the interface, and what each test says that it holds. */
export async function survey(root: string): Promise<Contract> {
  const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  const texts = await Promise.all(
    Object.entries(documents).map(async ([name, file]) => readDocument(name, await read(file))),
  );
  const files = (await glob('test/**/*.test.ts', { cwd: root })).sort();
  const holdings = await Promise.all(files.map(async (file) => readHoldings(file, await read(file))));
  const reasons = z.record(z.string(), z.string()).parse(parse(await read(reasonsFile)) ?? {});
  return judge(texts, holdings, reasons);
}

/** Puts sentences, tests and reasons together, and says what does not fit. */
export function judge(
  texts: readonly DocumentText[],
  files: readonly HoldingsOfFile[],
  reasons: Readonly<Record<string, string>>,
): Contract {
  const tests = files.flatMap(({ holdings }) => holdings);
  const sentences = texts
    .flatMap((text) => text.sentences)
    .map((sentence): Held => ({
      ...sentence,
      tests: tests.filter((test) => test.sentences.includes(sentence.id)),
      reason: reasons[sentence.id],
    }));
  const ids = sentences.map(({ id }) => id);
  const known = new Set(ids);
  return {
    sentences,
    unanchored: texts.flatMap((text) => text.unanchored),
    faults: [
      ...files.flatMap(({ faults }) => faults),
      ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `${id} is there twice`),
      ...tests.flatMap(({ file, title, sentences: named }) =>
        named
          .filter((id) => !known.has(id))
          .map((id) => `${file}: ${title ?? 'the file'} holds ${id}, which is no sentence`),
      ),
      ...sentences
        .filter(({ tests: held, reason }) => held.length === 0 && reason === undefined)
        .map(({ id, text }) => `${id} has no test, and no reason in ${reasonsFile}: ${text}`),
      ...sentences
        .filter(({ tests: held, reason }) => held.length > 0 && reason !== undefined)
        .map(({ id }) => `${reasonsFile}: ${id} has a test by now`),
      ...Object.keys(reasons)
        .filter((id) => !known.has(id))
        .map((id) => `${reasonsFile}: ${id} is no sentence`),
    ],
  };
}
