// SPDX-License-Identifier: MIT
/** How the documents' sentences are read, and the tests that hold them, and how the two are put together. */
import { readHoldings } from '../../scripts/lib/run/contract/holds.ts';
import { page } from '../../scripts/lib/run/contract/page.ts';
import { readDocument } from '../../scripts/lib/run/contract/sentences.ts';
import { judge } from '../../scripts/lib/run/contract/survey.ts';
import { test } from './together.ts';

const document = `# A device

It comes and
goes. <!-- #comes --> It is black.

## Calls

| call | does |
|---|---|
| \`a\\|b\` | opens. <!-- #opens --> It closes <!-- #closes --> |

- One
  thing. <!-- #one -->
- Another.

\`\`\`
a drawing
\`\`\`
<!-- #drawn -->
`;

test('a sentence is what stands before its anchor, in its paragraph, item, row or drawing', (t) => {
  const { sentences, unanchored } = readDocument('abi', document);
  t.deepEqual(
    sentences.map(({ id, section, text }) => [id, section, text]),
    [
      ['abi#comes', 'A device', 'It comes and goes.'],
      ['abi#opens', 'Calls', '`a\\|b`: opens.'],
      ['abi#closes', 'Calls', '`a\\|b`: It closes'],
      ['abi#one', 'Calls', 'One thing.'],
      ['abi#drawn', 'Calls', '(the drawing)'],
    ],
  );
  t.deepEqual(unanchored, ['It is black.', 'Another.']);
});

const tests = [
  '// SPDX-License-Identifier: MIT',
  '// holds: abi#comes',
  "import test from 'ava';",
  '',
  '// holds: abi#opens, abi#closes',
  '// holds: abi#one',
  'boardTest(',
  '  `opens ${name} twice`,',
  '  async () => undefined,',
  ');',
  '  // holds: abi#drawn',
  "  test.serial('draws', () => undefined);",
  '',
].join('\n');

test('a comment above a test says what it holds, one above the imports what the file does', (t) => {
  const { holdings, faults } = readHoldings('a.test.ts', tests);
  t.deepEqual(
    holdings.map(({ title, sentences }) => [title, ...sentences]),
    [
      [undefined, 'abi#comes'],
      ['opens … twice', 'abi#opens', 'abi#closes', 'abi#one'],
      ['draws', 'abi#drawn'],
    ],
  );
  t.deepEqual(faults, []);
});

test('a comment above no test is a fault', (t) => {
  const { faults } = readHoldings('a.test.ts', "import 'ava';\n// holds: abi#comes\nconst title = 'a';\n");
  t.deepEqual(faults, ['a.test.ts: no test below "// holds: abi#comes"']);
});

const faultsOf = (comment: string, reasons: Readonly<Record<string, string>>): readonly string[] =>
  judge(
    [readDocument('abi', 'It comes. <!-- #comes -->')],
    [readHoldings('a.test.ts', `${comment}\ntest('a', b);\n`)],
    reasons,
  ).faults;

test('a sentence has a test or a reason, and not both', (t) => {
  const comment = '// holds: abi#comes';
  t.deepEqual(faultsOf(comment, {}), []);
  t.deepEqual(faultsOf('', { 'abi#comes': 'it cannot be seen' }), []);
  t.deepEqual(faultsOf('', {}), ['abi#comes has no test, and no reason in test/untested.yaml: It comes.']);
  t.deepEqual(faultsOf(comment, { 'abi#comes': 'it cannot' }), ['test/untested.yaml: abi#comes has a test by now']);
});

test('neither a test nor a reason names a sentence that is not there', (t) => {
  t.deepEqual(faultsOf('// holds: abi#comes, abi#gone', { 'abi#went': 'it cannot' }), [
    'a.test.ts: a holds abi#gone, which is no sentence',
    'test/untested.yaml: abi#went is no sentence',
  ]);
});

test('two sentences of one name are a fault', (t) => {
  const text = readDocument('abi', 'It comes. <!-- #comes --> It goes. <!-- #comes -->');
  t.deepEqual(judge([text], [], { 'abi#comes': 'it cannot' }).faults, ['abi#comes is there twice']);
});

test('the page lists each sentence with its tests, and those that have none once more', (t) => {
  const contract = judge([readDocument('abi', document)], [readHoldings('a.test.ts', tests.replace('abi#one', ''))], {
    'abi#one': 'nobody counts',
  });
  const text = page(contract);
  t.regex(text, /^5 sentences, 3 tests that hold them, 1 sentences without one$/m);
  t.regex(text, /- It comes and goes\. `abi#comes`\n {2}- a\.test\.ts: the file as a whole\n/);
  t.regex(text, /## Without a test\n\n- One thing\. `abi#one`\n {2}- \*\*no test\*\*: nobody counts\n/);
});
