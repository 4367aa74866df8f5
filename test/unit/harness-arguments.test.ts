// SPDX-License-Identifier: MIT
import { Command, InvalidArgumentError } from 'commander';
import {
  parseBytes,
  parseCount,
  parseNumber32,
  parseRate,
  parseSeconds,
} from '../../scripts/lib/base/cli/arguments.ts';
import { addCommonOptions } from '../../scripts/lib/base/cli/common-options.ts';
import { test } from './together.ts';

const sizes: readonly (readonly [string, number])[] = [
  ['1', 1],
  ['4096', 4096],
  ['32K', 32 * 1024],
  ['32 KiB', 32 * 1024],
  ['1M', 1024 ** 2],
  ['256MiB', 256 * 1024 ** 2],
  ['2g', 2 * 1024 ** 3],
];

for (const [text, bytes] of sizes) {
  test(`size ${text} is ${bytes} bytes`, (t) => t.is(parseBytes(text), bytes));
}

for (const text of ['', '0', '-1', '1.5M', '0x1000', 'M', '1T', '99999999999999999999']) {
  test(`size "${text}" is refused`, (t) => {
    t.throws(() => parseBytes(text), { instanceOf: InvalidArgumentError });
  });
}

test('counts begin at 1, rates at 0', (t) => {
  t.is(parseCount('4'), 4);
  t.throws(() => parseCount('0'), { instanceOf: InvalidArgumentError });
  t.is(parseRate('0'), 0);
  t.throws(() => parseRate('-1'), { instanceOf: InvalidArgumentError });
});

test("the firmware's numbers are 32 bits, decimal or hexadecimal, and stay as they were typed", (t) => {
  t.is(parseNumber32('0x10'), '0x10');
  t.is(parseNumber32('4294967295'), '4294967295');
  for (const text of ['4294967296', '0x100000000', '-1', '1e3', '']) {
    t.throws(() => parseNumber32(text), { instanceOf: InvalidArgumentError }, text);
  }
});

test('time-outs are more than nothing', (t) => {
  t.is(parseSeconds('0.5'), 0.5);
  for (const text of ['0', '-1', 'x', '', '100000']) {
    t.throws(() => parseSeconds(text), { instanceOf: InvalidArgumentError }, text);
  }
});

test('boards and kernels are listed with commas, or by an option for each', (t) => {
  const command = new Command();
  addCommonOptions(command);
  const words = ['--kernel', '6.1,6.12', '--kernel', '7.2', '--board', 'one,two', '--board', 'three'];
  command.parse(words, { from: 'user' });
  t.deepEqual(command.opts(), { kernel: ['6.1', '6.12', '7.2'], board: 'one,two,three' });
});
