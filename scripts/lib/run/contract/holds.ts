// SPDX-License-Identifier: MIT

/** A test that says which sentences it holds. */
export interface Holding {
  /** "test/board/mmap.test.ts" */
  readonly file: string;
  /** what is put in when it runs is "…"; undefined: all tests of the file together */
  readonly title: string | undefined;
  /** "abi#close-drops" */
  readonly sentences: readonly string[];
}

export interface HoldingsOfFile {
  readonly holdings: readonly Holding[];
  /** comments that stand above no test, a line each */
  readonly faults: readonly string[];
}

const comments = /(?:^[ \t]*\/\/ holds:.*\n)+/gm;
const testBelow = /^\s*(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*)?\w*[tT]est(?:\.serial)?\(\s*(['"`])(.*?)\1/;

/** Reads `// holds: abi#close-drops, protocol#grammar` above a test, or above the imports for the file as a whole. */
export function readHoldings(file: string, text: string): HoldingsOfFile {
  const holdings: Holding[] = [];
  const faults: string[] = [];
  const imports = /^import /m.exec(text)?.index ?? 0;
  for (const match of text.matchAll(comments)) {
    const sentences = match[0]
      .split('\n')
      .flatMap((line) => (line.split('// holds:')[1] ?? '').split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const found = testBelow.exec(text.slice(match.index + match[0].length));
    if (match.index < imports) holdings.push({ file, title: undefined, sentences });
    else if (found) holdings.push({ file, title: (found[2] ?? '').replaceAll(/\$\{.*?\}/g, '…'), sentences });
    else faults.push(`${file}: no test below "${match[0].trim()}"`);
  }
  return { holdings, faults };
}
