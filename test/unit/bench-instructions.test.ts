// SPDX-License-Identifier: MIT
import { parseExecuted } from '../../scripts/lib/emulated/emulator/instructions.ts';
import { Counted } from '../../scripts/lib/run/bench/instruction-counter.ts';
import { elsewhere, KernelFunctions } from '../../scripts/lib/run/bench/kernel-functions.ts';
import { test } from './together.ts';

const functions = new KernelFunctions(
  [
    'c0001000 T memset',
    'c0000000 T _stext',
    'c0001000 T __memset',
    'c0001800 d a_variable',
    'c0002000 t schedule',
    'c0003000 T _end_of_code',
    'bf000000 t $a\t[rpmsg_sdb]',
    'bf000000 t sdb_read\t[rpmsg_sdb]',
    'bf000400 t sdb_write\t[rpmsg_sdb]',
    '',
  ].join('\n'),
);

const region = (name: string, events: number, mark?: number) => ({
  ...(mark === undefined ? {} : { mark }),
  name,
  events,
  bytes: 0,
  calls: 0,
  ns: 1,
});

test('an address belongs to the function that begins at or before it, by all of its names', (t) => {
  t.deepEqual(functions.at(0xc0002000), { names: ['schedule'] });
  t.deepEqual(functions.at(0xc0001ffc), { names: ['memset', '__memset'] });
  t.deepEqual(functions.at(0xbf0003fc), { names: ['sdb_read'], module: 'rpmsg_sdb' });
  t.deepEqual(functions.at(0xbf000400), { names: ['sdb_write'], module: 'rpmsg_sdb' });
});

test('an application, and what lies above the code of the kernel, is no function of the kernel', (t) => {
  t.is(functions.at(0x10400), elsewhere);
  t.is(functions.at(0xc0003000), elsewhere);
  t.is(functions.at(0xffff1000), elsewhere);
});

test('code that was translated more than once is counted together, and a line is a pair of marks', (t) => {
  const executed = parseExecuted('c0002000:5 10400:1 c0002000:7 \n\nc0001000:2 \n');
  t.deepEqual(
    executed.map((one) => [...one]),
    [
      [
        [0xc0002000, 12],
        [0x10400, 1],
      ],
      [],
      [[0xc0001000, 2]],
    ],
  );
});

test('instructions are those of an event, of all code or of some functions, for each region by its mark', (t) => {
  const executed = parseExecuted(
    ['bf000000:40 c0002000:60 10400:100 ', 'c0002000:9 ', 'bf000400:20 c0002000:10 ', ''].join('\n'),
  );
  const counted = new Counted(
    [region('v2', 10, 0), region('fill', 1), region('v1', 1, 1), region('v2', 5, 2)],
    executed,
    functions,
  );
  t.deepEqual(counted.of('v2'), [20, 6]);
  t.deepEqual(
    counted.of('v2', (where) => where.module === 'rpmsg_sdb'),
    [4, 4],
  );
  t.deepEqual(counted.of('fill'), []);
  t.deepEqual(counted.of('v1'), [9]);
});

test('a typical event has the median of each function, and shares of each what every way has', (t) => {
  const lines = ['bf000000:10 c0002000:90 ', 'bf000000:10 c0002000:30 c0001000:5000 ', 'bf000000:12 c0002000:40 '];
  const executed = parseExecuted([...lines, 'bf000000:30 c0001000:8 c0002000:20 ', ''].join('\n'));
  const regions = [region('v2', 1, 0), region('v2', 1, 1), region('v2', 1, 2), region('v1', 1, 3)];
  const counted = new Counted(regions, executed, functions);
  t.is(counted.typical('v2'), 50);
  t.is(
    counted.typical('v2', (where) => where.module === 'rpmsg_sdb'),
    10,
  );
  t.is(counted.shared(['v1', 'v2']), 30);
  t.is(counted.shared(['v2', 'v1']), 30);
});

test('the table has medians over the regions, the dearest function first, and nothing below one instruction', (t) => {
  const executed = parseExecuted(
    [
      'c0002000:50 c0001000:2 10400:9 ',
      'c0002000:30 10400:9000 bf000000:5 ',
      'c0002000:40 10400:11 bf000000:7 ',
      'c0001000:60 ',
      '',
    ].join('\n'),
  );
  const regions = [region('v2', 2, 0), region('v2', 2, 1), region('v2', 2, 2), region('v1', 1, 3)];
  const lines = new Counted(regions, executed, functions)
    .table(['v1', 'v2'])
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
  t.deepEqual(
    lines.map((cells) => cells.slice(0, 2)),
    [
      ['v1', 'v2'],
      ['60.0', '0.0'],
      ['0.0', '20.0'],
      ['0.0', '5.5'],
      ['0.0', '2.5'],
    ],
  );
  t.deepEqual(
    lines.slice(1).map((cells) => cells[2]),
    ['memset, __memset', 'schedule', '(applications)', 'sdb_read [rpmsg_sdb]'],
  );
});
