// SPDX-License-Identifier: MIT

/** Something that a document promises: what stands before an anchor, `<!-- #name -->`. */
export interface Sentence {
  /** "abi#close-drops" */
  readonly id: string;
  readonly section: string;
  /** in Markdown */
  readonly text: string;
}

export interface DocumentText {
  readonly sentences: readonly Sentence[];
  /** what stands behind the last anchor of its paragraph or row: explanations, for which no test is asked */
  readonly unanchored: readonly string[];
}

const anchor = /<!-- #([a-z0-9-]+) -->/;

/** Reads a document into what its anchors say is promised, and the rest. name: "abi". */
export function readDocument(name: string, text: string): DocumentText {
  const sentences: Sentence[] = [];
  const unanchored: string[] = [];
  let section = '';
  for (const block of blocksOf(text)) {
    if (block.startsWith('#')) {
      section = block.replace(/^#+ /, '');
      continue;
    }
    const row = /^\|(.*?)(?<!\\)\|/.exec(block)?.[1];
    // An anchor takes the text before it; the pieces lie at even places, the anchors' names between them.
    const pieces = block.split(anchor);
    for (let i = 0; i < pieces.length; i += 2) {
      const [said, anchored] = [plain(pieces[i] ?? ''), pieces[i + 1]];
      const whole = i > 0 && row !== undefined && said !== '' ? `${plain(row)}: ${said}` : said;
      if (anchored !== undefined) sentences.push({ id: `${name}#${anchored}`, section, text: whole });
      else if (said !== '') unanchored.push(whole);
    }
  }
  return { sentences, unanchored };
}

/** Paragraphs, items, rows and headings. A drawing belongs to the line behind it, which has its anchor. */
function blocksOf(text: string): readonly string[] {
  const blocks: string[] = [];
  const lines = text.split('\n');
  let open = '';
  let isDrawing = false;
  const end = (): void => {
    if (open !== '') blocks.push(open);
    open = '';
  };
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('```')) {
      isDrawing = !isDrawing;
      end();
      if (!isDrawing && anchor.test(lines[i + 1] ?? '')) open = '(the drawing)';
    } else if (isDrawing) continue;
    else if (line.startsWith('|')) {
      end();
      const isHead = /^\|[-|]+$/.test(line) || /^\|[-|]+$/.test(lines[i + 1] ?? '');
      if (!isHead) blocks.push(line);
    } else if (line.trim() === '') end();
    else {
      if (/^(#|- )/.test(line)) end();
      open = `${open} ${line.trim()}`.trim();
      if (line.startsWith('#')) end();
    }
  }
  end();
  return blocks;
}

/** A piece of a block without what it has of the table or the list around it. */
function plain(piece: string): string {
  return piece
    .replace(/^- /, '')
    .replace(/^\s*\|\s*|\s*\|\s*$/g, '')
    .replaceAll(/\s*(?<!\\)\|\s*/g, ': ')
    .replace(/^[\s;,.:]+/, '')
    .trim();
}
