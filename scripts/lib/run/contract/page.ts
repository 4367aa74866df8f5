// SPDX-License-Identifier: MIT
import type { Contract, Held } from './survey.ts';

/** The contract as a page of Markdown: each sentence with its tests, then those that have none, then what asks for none. */
export function page({ sentences, unanchored }: Contract): string {
  const untested = sentences.filter(({ tests }) => tests.length === 0);
  const sectionOf = ({ id, section }: Held): string => `${id.split('#')[0] ?? ''}: ${section}`;
  const sections = [...new Set(sentences.map(sectionOf))];
  return [
    '# What the interface promises, and which tests hold it',
    '',
    totals(sentences),
    ...sections.flatMap((section) => [
      '',
      `## ${section}`,
      '',
      ...sentences.filter((held) => sectionOf(held) === section).flatMap(entry),
    ]),
    '',
    '## Without a test',
    '',
    ...untested.flatMap(entry),
    '',
    '## Said in passing',
    '',
    'No anchor stands behind these, so no test is asked for.',
    '',
    ...unanchored.map((text) => `- ${text}`),
    '',
  ].join('\n');
}

/** One line: how many there are. */
export function totals(sentences: readonly Held[]): string {
  const untested = sentences.filter(({ tests }) => tests.length === 0).length;
  const tests = new Set(sentences.flatMap((sentence) => sentence.tests)).size;
  return `${sentences.length} sentences, ${tests} tests that hold them, ${untested} sentences without one`;
}

function entry({ id, text, tests, reason }: Held): string[] {
  return [
    `- ${text} \`${id}\``,
    ...tests.map(({ file, title }) => `  - ${file}: ${title ?? 'the file as a whole'}`),
    ...(tests.length === 0 ? [`  - **no test**: ${reason ?? 'and no reason'}`] : []),
  ];
}
