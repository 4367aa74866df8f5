// SPDX-License-Identifier: MIT
// docs/YOUR-BOARD.md is compared with the sources. The messages, findings and options that it speaks of exist, and it
// leaves none out.
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { glob } from 'zx';

import { inTree } from './native.ts';
import { test } from './together.ts';

const guide = inTree('docs/YOUR-BOARD.md');
const text = (path: string): Promise<string> => readFile(path, 'utf8');

async function textOf(pattern: string): Promise<string> {
  const files = (await glob(pattern, { cwd: inTree() })).sort();
  return (await Promise.all(files.map((file) => text(inTree(file))))).join('\n');
}

/** The section below a heading, up to the next one. */
async function section(heading: string): Promise<string> {
  const [, after] = (await text(guide)).split(`# ${heading}\n`);
  if (after === undefined) throw new Error(`the guide has no heading "${heading}"`);
  return after.split(/^#/m)[0] ?? '';
}

/** What stands as code in the first cells of a section's first table. */
function firstCells(stretch: string): string[] {
  const [rows = ''] = /^\|[\s\S]*?(?=\n\n|$(?![\s\S]))/m.exec(stretch) ?? [];
  const cells = rows.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ''));
}

/** Joins C's literals that stand side by side. */
const joined = (source: string): string => source.replaceAll(/"\s*\n?\s*"/g, '');

const escaped = (literal: string): string => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A regular expression that matches what a printf format prints. */
function printed(format: string): RegExp {
  const parts = format.replace(/\\n$/, '').split(/%(?:pOF|pad|#?[-0-9.]*l*[a-z])/);
  return new RegExp(`^${parts.map(escaped).join('.+')}$`);
}

test('each message of the driver stands in the table of the kernel log, and nothing else does', async (t) => {
  const source = joined(await textOf('kernel/*.c'));
  const call = /\b(?:dev|pr)_(?:emerg|alert|crit|err|warn|notice|info)\w*\((?:[^;"]*,\s*)?"((?:[^"\\]|\\.)*)"/g;
  const formats = [...source.matchAll(call)].map(([, format]) => format ?? '');
  t.true(formats.length >= 5, formats.join('\n'));
  const cells = firstCells(await section('What the kernel log says'));
  for (const format of formats)
    t.true(
      cells.some((cell) => printed(format).test(cell)),
      `not in the guide: ${format}`,
    );
  for (const cell of cells)
    t.true(
      formats.some((format) => printed(format).test(cell)),
      `in no source: ${cell}`,
    );
  // The words of a message that come from a list.
  const [, list = ''] = /drop_names\[\w+\] = \{([^}]*)\}/.exec(source) ?? [];
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '');
  t.true(names.length >= 4);
  for (const name of names)
    t.true(
      cells.some((cell) => cell.includes(name)),
      `not in the guide: ${name}`,
    );
});

test('each finding that doctor has of a board stands in the table of its findings, and nothing else does', async (t) => {
  // All findings but the host's, which are names of packages.
  const source = await textOf('scripts/lib/run/doctor/!(host).ts');
  const findings = [...source.matchAll(/\bwhat: (['"])(.+?)\1/g)].map(([, , what]) => what ?? '');
  t.deepEqual(firstCells(await section('What doctor finds')).sort(), findings.sort());
});

test('each kernel option that doctor looks for stands in the table of options', async (t) => {
  const source = await textOf('scripts/lib/run/doctor/board.ts');
  const [, list = ''] = /kernelOptions = \[([^\]]*)\]/.exec(source) ?? [];
  const options = [...list.matchAll(/'(\w+)'/g)].map(([, option]) => option ?? '');
  t.true(options.length > 0);
  const cells = firstCells(await section('Kernel options'));
  for (const option of options) t.true(cells.includes(option), option);
});

test('what the guide quotes of sdbctl is what it says', async (t) => {
  const source = joined(await textOf('tools/sdbctl/*.c'));
  const cells = firstCells(await section('What applications see'));
  const quotes = cells.filter((cell) => cell.split(' ').length > 6 && !cell.startsWith('rmmod:'));
  t.true(quotes.length >= 3);
  for (const quote of quotes) t.true(source.includes(quote.replace(/^sdbctl: … /, '')), quote);
});

test('each link of the guide leads to a file, and to a heading that is there', async (t) => {
  const links = [...(await text(guide)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
  t.true(links.length > 20);
  for (const link of links) {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? guide : join(dirname(guide), path);
    await t.notThrowsAsync(access(file), link);
    if (anchor === undefined) continue;
    const headings = [...(await text(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      (heading ?? '')
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    t.true(headings.includes(anchor), link);
  }
});
