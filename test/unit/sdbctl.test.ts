// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { sourceTrees } from '../../scripts/lib/host/build/sources.ts';
import { inTree, made } from './native.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

const folder = inTree('tools/sdbctl');
const directory = temporary('sdbctl');

/**
 * sdbctl is built for this host, which has no such device. The tests are about what it says then, and about wrong
 * usage.
 */
async function sdbctl(...words: string[]) {
  const flags = ['LDFLAGS=', 'CFLAGS=-O1 -g -fsanitize=address,undefined'];
  const program = join(await made(folder, sourceTrees.sdbctl, flags), 'sdbctl');
  return execa(program, words, { reject: false, stdin: 'ignore', env: { LC_ALL: 'C' } });
}

test('wrong usage is exit code 2, and says what was wrong', async (t) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^usage: sdbctl/],
    [['frobnicate'], /^sdbctl: frobnicate is no command/],
    [['--json', 'list'], /^sdbctl: --json is no command; the command comes first/],
    [['list', '--frobnicate'], /^sdbctl: unrecognized option '--frobnicate'/],
    [['list', '--device', '/dev/null'], /list has no option -d/],
    [['list', '-b', '4'], /list has no option -b/],
    [['capture', '--buffers', '0', 'x'], /bad value for -b: 0; it takes 1 to 1024/],
    [['capture', '--buffers', '-1', 'x'], /bad value for -b: -1/],
    [['capture', '--size', '5G', 'x'], /bad value for -s: 5G/],
    [['capture', '--size', '1MB', 'x'], /bad value for -s: 1MB/],
    [['capture', '--idle', 'soon', 'x'], /bad value for -i: soon; it takes seconds/],
    [['benchmark', '--read', 'some'], /bad value for -r: some; it takes none, page or all/],
    [['capture', 'x', 'y'], /what is y\?/],
    [['watch', 'x'], /what is x\?/],
  ];
  for (const [words, says] of wrong) {
    const { exitCode, stderr } = await sdbctl(...words);
    t.is(exitCode, 2, words.join(' '));
    t.regex(stderr, says);
  }
});

test('a device that is not there, or another one, is exit code 1, and says so', async (t) => {
  for (const verb of ['benchmark', 'send']) {
    const gone = await sdbctl(verb, '--device', join(directory, 'nothing'));
    t.is(gone.exitCode, 1);
    t.regex(gone.stderr, /nothing: not there: the module is not loaded/);
  }
  const other = await sdbctl('capture', '-d', '/dev/null', join(directory, 'file'));
  t.is(other.exitCode, 1);
  t.regex(other.stderr, /\/dev\/null: another driver's/);
});

test('the manual page has every option and command of the help text', async (t) => {
  const { stdout, exitCode } = await sdbctl('--help');
  t.is(exitCode, 0);
  const page = (await readFile(join(folder, 'sdbctl.1'), 'utf8')).replaceAll('\\-', '-');
  const words = stdout.match(/^ {2}[a-z]+|(?<=^ {2}|, )--?[\w-]+/gm)?.map((word) => word.trim()) ?? [];
  t.true(words.length > 20, words.join(' '));
  for (const word of words) t.true(page.includes(word), word);
});

test('--version is the version', async (t) => {
  t.regex((await sdbctl('--version')).stdout, /^sdbctl \d+\.\d+\.\d+$/);
});
