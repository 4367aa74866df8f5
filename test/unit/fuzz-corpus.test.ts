// SPDX-License-Identifier: MIT
// The corpus of `npm run fuzz`, replayed with the host's own compiler. So what was found once stays mended.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { fuzzArguments } from '../../scripts/lib/run/fuzz/build.ts';
import { readFinding } from '../../scripts/lib/run/fuzz/finding.ts';
import { corpusFolder, fuzzTargets, type FuzzTarget } from '../../scripts/lib/run/fuzz/targets.ts';
import { compiled } from '../native/compiled.ts';
import { inTree } from './native.ts';
import { test } from './together.ts';

/** Runs the corpus of a target through these sources. Returns what is wrong, or undefined. */
async function replay(target: FuzzTarget, sources: readonly string[], text = ''): Promise<string | undefined> {
  const words = fuzzArguments(target, inTree(), 'address,undefined');
  const program = await compiled({ words, files: [inTree('test/fuzz/replay.c'), ...sources], text });
  const folder = inTree(corpusFolder(target));
  const files = (await readdir(folder)).sort().map((file) => join(folder, file));
  const { failed, stdout, stderr } = await execa(program, files, { reject: false });
  if (failed) return readFinding(stderr).what;
  if (stdout !== String(files.length)) throw new Error(`${stdout} of ${String(files.length)} inputs ran`);
  return undefined;
}

for (const target of fuzzTargets) {
  // holds: protocol#grammar
  test(`the corpus of ${target.name} has no finding`, async (t) => {
    const sources = target.sources.map((file) => inTree(file));
    t.is(await replay(target, sources), undefined);
  });
}

/** Faults that someone might make: the code under test with one thing changed. The corpus has to find each of them. */
const faults: readonly (readonly [string, string, string, string])[] = [
  ['an index that wraps', 'kernel/message.c', 'value > (0xffffffffU - digit) / 10', 'value > 0xffffffffU / 10'],
  ['a digit read beyond the end', 'kernel/message.c', 'size < HEX_DIGITS', 'size < HEX_DIGITS - 1'],
  ['a leading zero that passes', 'kernel/message.c', 'if (n && !value)', 'if (n > 1 && !value)'],
  ['upper-case digits written', 'kernel/message.c', '"0123456789abcdef"', '"0123456789ABCDEF"'],
  ['a range that wraps', 'firmware/service/sdb_service.c', 'last < address', 'last == 0'],
  ['a word beyond the window', 'firmware/service/sdb_service.c', 'last <= window->last', 'last - 4 <= window->last'],
  [
    'a withdrawal that is never answered',
    'firmware/service/sdb_service.c',
    'if (buffer->state == SDB_STATE_LEAVING)\n\t\towe_answer(service, buffer);',
    '',
  ],
  ['a buffer used on after its withdrawal', 'firmware/service/sdb_service.c', 'buffer->state = SDB_STATE_LEAVING;', ''],
];

for (const [title, file, right, wrong] of faults) {
  test(`the corpus tells ${title}`, async (t) => {
    const target = fuzzTargets.find(({ sources }) => sources.includes(file));
    if (!target) throw new Error(`nothing fuzzes ${file}`);
    const text = await readFile(inTree(file), 'utf8');
    t.true(text.includes(right), 'the line that is to be changed is there');
    const sources = target.sources.filter((source) => source !== file).map((source) => inTree(source));
    const found = await replay(target, sources, text.replace(right, wrong));
    t.log(found);
    t.not(found, undefined);
  });
}
