// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, serializeOuter, type DefaultTreeAdapterTypes } from 'parse5';
import { SaxesParser } from 'saxes';
import { Parser, type FinalResults } from 'tap-parser';
import { pageOf } from '../../scripts/lib/run/report/html/page.ts';
import { junitOf } from '../../scripts/lib/run/report/junit.ts';
import { parseEvents } from '../../scripts/lib/run/report/read-events.ts';
import { runOf, type Run } from '../../scripts/lib/run/report/run.ts';
import { tapOf } from '../../scripts/lib/run/report/tap.ts';
import { writeReports } from '../../scripts/lib/run/report/write-reports.ts';
import { failedRun, hostileRun, killedRun, runOfEvents } from './report-events.ts';
import { test } from './together.ts';

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** All elements of a document. It fails if the document is not well-formed. */
function elementsOfXml(xml: string): XmlElement[] {
  const found: XmlElement[] = [];
  const open: XmlElement[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    found.push(element);
    open.push(element);
  });
  const add = (text: string): void => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return found;
}

type Element = DefaultTreeAdapterTypes.Element;

function elementsOfHtml(page: string): Element[] {
  const walk = (node: DefaultTreeAdapterTypes.Node): Element[] => {
    const children = 'childNodes' in node ? node.childNodes.flatMap(walk) : [];
    return 'tagName' in node ? [node, ...children] : children;
  };
  return walk(parse(page));
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((attr) => attr.name === name)?.value;
}

function textOf(element: Element | undefined): string {
  return (element?.childNodes ?? [])
    .map((node) => ('value' in node ? node.value : 'tagName' in node ? textOf(node) : ''))
    .join('');
}

function readTap(tap: string): FinalResults | undefined {
  let results: FinalResults | undefined;
  const parser = new Parser({ strict: true });
  parser.on('complete', (found: FinalResults) => (results = found));
  parser.end(tap);
  return results;
}

const runs: [string, Run][] = [
  ['a failed run', runOfEvents(failedRun)],
  ['a run with hostile text', runOfEvents(hostileRun)],
  ['a killed run', runOf(parseEvents(killedRun))],
  ['a run that told nothing', runOf(parseEvents(''))],
];

for (const [what, run] of runs) {
  test(`JUnit of ${what} is well-formed and tells of every test`, (t) => {
    const elements = elementsOfXml(junitOf(run));
    const cases = elements.filter(({ name }) => name === 'testcase');
    const tests = run.suites.flatMap((one) => one.tests);
    t.true(cases.length >= tests.length);
    const [root] = elements;
    t.is(Number(root?.attributes['tests']), cases.length);
    const failures = elements.filter(({ name }) => name === 'failure').length;
    t.is(Number(root?.attributes['failures']), failures);
    t.is(failures, tests.filter(({ status }) => status === 'failed').length);
    if (run.exitCode !== 1) t.true(elements.some(({ name }) => name === 'error'));
  });

  test(`TAP of ${what} keeps to its plan and does not read as a pass`, (t) => {
    const results = readTap(tapOf(run));
    t.false(results?.ok);
    t.is(results?.count, results?.plan.end ?? 0);
    t.is(results?.skip, run.suites.flatMap((one) => one.tests).filter(({ status }) => status === 'skipped').length);
  });

  test(`the page of ${what} asks for nothing and runs nothing but its own script`, async (t) => {
    const elements = elementsOfHtml(await pageOf(run));
    const scripts = elements.filter(({ tagName }) => tagName === 'script');
    t.is(scripts.length, 1);
    for (const element of elements) {
      for (const { name, value } of element.attrs) {
        t.false(name.startsWith('on'), `${element.tagName} ${name}`);
        t.false(
          ['src', 'srcset', 'background', 'action', 'data', 'xlink:href'].includes(name) && !value.startsWith('data:'),
        );
        if (name === 'href') t.regex(value, /^(events\.jsonl|junit\.xml|run\.tap)$/);
      }
    }
    t.deepEqual(
      elements.filter(({ tagName }) => ['link', 'iframe', 'object', 'embed', 'base', 'form'].includes(tagName)),
      [],
    );
    const style = elements.find(({ tagName }) => tagName === 'style');
    t.notRegex(textOf(style), /@import|url\(/);
    const policy = elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
    const hash = createHash('sha256').update(textOf(scripts[0])).digest('base64');
    t.true(attribute(policy, 'content')?.includes(`default-src 'none'`));
    t.true(attribute(policy, 'content')?.includes(`script-src 'sha256-${hash}'`));
  });
}

test('hostile text is shown as what it is', async (t) => {
  const page = await pageOf(runOfEvents(hostileRun));
  const visible = `</script><script>alert(1)</script>\u2400\u2407red ]]> ]]> " ' & # SKIP <img src=x onerror=y> \ufffd \ufffd \ufffd`;
  const shown = elementsOfHtml(page).filter((element) => textOf(element) === visible);
  t.true(shown.length >= 8, `found ${shown.length} times`);
  t.notRegex(page, /[\0-\x08\x0b-\x1f\x7f]/);
  const reason = elementsOfXml(junitOf(runOfEvents(hostileRun))).find(({ name }) => name === 'failure');
  t.is(reason?.text, visible.replaceAll(']]>', ']] >'));
  t.is(readTap(tapOf(runOfEvents(hostileRun)))?.fail, 3);
});

test('a plot is an image in the page, well-formed whatever its text', async (t) => {
  const images = elementsOfHtml(await pageOf(runOfEvents(hostileRun))).filter(({ tagName }) => tagName === 'img');
  t.is(images.length, 1);
  const source = attribute(images[0], 'src') ?? '';
  t.true(source.startsWith('data:image/svg+xml;base64,'));
  const drawing = elementsOfXml(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').toString());
  t.is(drawing[0]?.name, 'svg');
  t.true(drawing.filter(({ name }) => name === 'path').length > 2);
  t.false(drawing.some(({ name }) => name === 'script' || name === 'image'));
});

// This test runs alone, because it is timed.
test.serial(
  'the reports of a long file with bytes that are no UTF-8, and cut off, are made in no time to speak of',
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-report-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const many = Array.from({ length: 4000 }, (_, index) => {
      const text = killedRun.replaceAll('"good"', `"good ${index}"`);
      return index === 0 ? text.split('\n').slice(0, 5).join('\n') : text.split('\n').slice(2, 5).join('\n');
    }).join('\n');
    const events = Buffer.concat([
      Buffer.from(`${many}\n`.replace('all is well', 'all is @ well')),
      Buffer.from(killedRun),
    ]);
    events[events.indexOf('@')] = 0xfe;
    const file = join(directory, 'events.jsonl');
    await writeFile(file, events);
    const start = performance.now();
    const { run, page } = await writeReports(directory, [file]);
    // It takes half a second, and a busy host takes longer. What grows faster than the file would take minutes.
    t.true(performance.now() - start < 15_000);
    t.is(run.damaged, 1);
    t.true((await readFile(page, 'utf8')).includes('all is \ufffd well'));
    t.notThrows(() => elementsOfXml(junitOf(run)));
  },
);

test('the page shows where the time went: each stage as a bar in the run, and the slowest test first', async (t) => {
  const page = await pageOf(
    runOfEvents([
      ...failedRun,
      { event: 'stage', name: 'checks', ms: 1000 },
      { event: 'stage', name: 'emulated-6.1: deploy and test', ms: 4000 },
    ]),
  );
  const times = elementsOfHtml(page).filter((element) => attribute(element, 'class') === 'time');
  const bars = times.flatMap((row) => elementsOfHtml(serializeOuter(row))).filter(({ tagName }) => tagName === 'i');
  const widths = bars.map((bar) => Number(/width:([\d.]+)%/.exec(attribute(bar, 'style') ?? '')?.[1]));
  t.deepEqual(widths, [100, 25]);
  t.is(times.length - bars.length, 2, 'the two tests whose beginning was told');
});
