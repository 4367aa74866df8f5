// SPDX-License-Identifier: MIT
import fc from 'fast-check';

import { anyPayload, parseByGrammar } from './grammar.ts';
import { inTree, NativeProgram } from './native.ts';
import { parseLine } from './parsed-line.ts';
import { test } from '../together/counted.ts';

let service: NativeProgram;
let driver: NativeProgram;

test.before(async () => {
  const unit = inTree('test/unit');
  [service, driver] = await Promise.all([
    NativeProgram.build(
      [`${unit}/service.c`, inTree('firmware/service/sdb_service.c'), inTree('firmware/service/sdb_record.c')],
      [inTree('firmware', 'service')],
    ),
    NativeProgram.build([`${unit}/message.c`, inTree('kernel/message.c')], [inTree('kernel')]),
  ]);
});

test.after.always(() => Promise.all([service.close(), driver.close()]));

const low = 0x5000_0000;
const high = 0x5fff_ffff;
const [handover, withdraw, batch] = [1, 2, 4];

/** Starts a fresh service with a few places for buffers, and one window. */
async function fresh(
  o: { places?: number; alignment?: number; features?: number; first?: number; last?: number } = {},
): Promise<void> {
  const words = [o.places ?? 4, o.alignment ?? 4, o.features ?? 0, o.first ?? low, o.last ?? high];
  if ((await service.ask(`new ${words.join(' ')}`)) !== 'ready')
    throw new Error('the service refused its configuration');
}

const receive = (text: string): Promise<string> =>
  service.ask(`receive ${Buffer.from(text, 'latin1').toString('hex')}`);
const hex8 = (value: number): string => value.toString(16).padStart(8, '0');
const announcement = (index: number, address: number, length: number): string =>
  `B${String(index)}A${hex8(address)}L${hex8(length)}`;

test.serial('an announcement registers a buffer', async (t) => {
  await fresh();
  t.is(await receive('B0A50000000L00100000'), `announced 0 ${String(low)} 1048576;done`);
  t.is(await service.ask('buffer 0'), `${String(low)} 1048576`);
  t.is(await service.ask('buffer 1'), 'none');
});

test.serial('NULs at the end of an announcement do no harm', async (t) => {
  await fresh();
  t.is(await receive('B0A50000000L00100000\0\0'), `announced 0 ${String(low)} 1048576;done`);
  t.is(await service.ask('counters'), '0 0 0 0 0');
});

test.serial('a second announcement of an index replaces the first', async (t) => {
  await fresh();
  await receive('B0A50000000L00100000');
  t.regex(await receive('B0A50200000L00001000'), /announced 0 1344274432 4096;done$/);
  t.is(await service.ask('buffer 0'), '1344274432 4096');
});

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['below the window', announcement(0, low - 4096, 4096), /^refused .* range;done$/],
  ['reaching below the window', announcement(0, low - 4096, 8192), /^refused .* range;done$/],
  ['above the window', announcement(0, high + 1, 4096), /^refused .* range;done$/],
  ['one byte beyond the window', announcement(0, high - 4095, 4097), /^refused .* range;done$/],
  ['wrapping around the end of the address space', announcement(0, low, 0xffffffff), /^refused .* range;done$/],
  ['at address 0', announcement(0, 0, 4096), /^refused .* range;done$/],
  ['misaligned', announcement(0, low + 2, 4096), /^refused .* alignment;done$/],
  ['beyond the table', announcement(4, low, 4096), /^refused .* index;done$/],
  ['of the reserved index', announcement(0xffffffff, low, 4096), /^refused .* index;done$/],
];

for (const [title, text, expected] of refusals) {
  // holds: protocol#addresses-checked
  test.serial(`an announcement ${title} is refused and registers nothing`, async (t) => {
    await fresh();
    t.regex(await receive(text), expected);
    t.is(await service.ask('buffer 0'), 'none');
    t.is(await service.ask('counters'), '0 1 0 0 0');
  });
}

test.serial('a buffer that fills the window to its last byte is accepted', async (t) => {
  await fresh();
  t.regex(await receive(announcement(0, high - 4095, 4096)), /^announced/);
  await fresh({ first: 0xfffff000, last: 0xffffffff });
  t.regex(await receive(announcement(0, 0xfffff000, 4096)), /^announced/);
});

test.serial('a refused announcement of a registered index unregisters it', async (t) => {
  await fresh();
  await receive(announcement(0, low, 4096));
  t.is(await receive(announcement(0, 0, 4096)), 'withdrawn 0;refused 0 0 4096 range;done');
  t.is(await service.ask('buffer 0'), 'none');
});

test.serial('a transfer is lower-case, without NUL, behind a barrier', async (t) => {
  await fresh();
  await receive(announcement(2, low, 0x100000));
  t.is(await service.ask('transfer 2 1048575'), 'sent B2L000fffff;1 ok');
  t.is(await service.ask('transfer 2 0'), 'sent B2L00000000;1 ok');
  t.is(await service.ask('transfer 2 1048577'), '0 too-long');
  t.is(await service.ask('transfer 1 1'), '0 unknown');
  t.is(await service.ask('transfer 4294967295 0'), '0 unknown');
});

// holds: protocol#features-after-linux
test.serial('nothing is sent before Linux has said anything', async (t) => {
  await fresh({ features: handover });
  t.is(await service.ask('poll'), 'owed');
});

test.serial('a full ring is told, and nothing is changed', async (t) => {
  await fresh();
  await receive(announcement(0, low, 4096));
  await service.ask('room 0');
  t.is(await service.ask('transfer 0 1'), '0 full');
  await service.ask('room 1');
  t.is(await service.ask('transfer 0 1'), 'sent B0L00000001;1 ok');
});

// holds: protocol#bit-records
test.serial('records stand one a message until batches are agreed, then together up to 496 bytes', async (t) => {
  await fresh({ features: batch });
  t.regex(await receive(announcement(0, low, 4096)), /sent B4294967295L00000004;done$/);
  t.is(await service.ask('transfer 0 1 0 2'), 'sent B0L00000001;sent B0L00000002;2 ok');
  t.is(await receive('B4294967295L00000007'), 'agreed 4;done');
  t.is(await service.ask('transfer 0 1 0 2'), 'sent B0L00000001B0L00000002;2 ok');
  const answer = await service.ask(`transfer ${'0 1 '.repeat(60)}`);
  const sent = answer
    .split(';')
    .filter((event) => event.startsWith('sent '))
    .map((event) => event.slice(5));
  t.is(sent.join(''), 'B0L00000001'.repeat(60));
  t.true(sent.length > 1 && sent.every((payload) => payload.length <= 496));
  t.is(await service.ask('transfer 0 1 3 1 0 2'), 'sent B0L00000001;1 unknown');
});

// holds: protocol#features-index, protocol#bits-of-both
test.serial('features are said once, and what Linux answers is agreed as far as both know it', async (t) => {
  await fresh({ features: handover | withdraw });
  t.is(await receive(announcement(0, low, 4096)), `announced 0 ${String(low)} 4096;sent B4294967295L00000003;done`);
  t.is(await receive('B4294967295Lffffffff'), 'agreed 3;done');
  t.is(await receive('B4294967295Lffffffff'), 'done');
  t.is(await receive('B4294967295L00000001'), 'agreed 1;done');
  t.is(await service.ask('newpeer'), 'agreed 0;done');
  t.is(await receive(announcement(1, low, 4096)), `announced 1 ${String(low)} 4096;sent B4294967295L00000003;done`);
});

test.serial('a service without features is silent about them', async (t) => {
  await fresh();
  t.is(await receive('B4294967295Lffffffff'), 'done');
  t.is(await service.ask('poll'), 'nothing owed');
});

test.serial('a hand-over reaches the firmware if it fits the buffer', async (t) => {
  await fresh();
  await receive(announcement(0, low, 4096));
  t.is(await receive('B0L00001000'), 'handed 0 4096;done');
  t.is(await receive('B0L00000000'), 'handed 0 0;done');
  t.is(await receive('B0L00001001B1L00000000B0L00000001'), 'handed 0 1;done');
  t.is(await service.ask('counters'), '0 0 1 1 0');
});

// holds: protocol#bit-withdrawal, protocol#record-withdrawal, protocol#record-let-go
test.serial('a withdrawal is answered once nothing touches the buffer', async (t) => {
  await fresh();
  await receive(announcement(0, low, 4096));
  t.is(await receive(announcement(0, low, 0)), 'withdrawn 0;sent B0L00000000;done');
  t.is(await service.ask('buffer 0'), 'none');
  await receive(announcement(0, low, 4096));
  await service.ask('slow 1');
  t.is(await receive(announcement(0, low, 0)), 'withdrawn 0;done');
  t.is(await service.ask('buffer 0'), 'none');
  t.is(await receive(announcement(0, low, 0)), 'done');
  t.is(await service.ask('released 0'), 'sent B0L00000000;done');
  t.is(await service.ask('released 0'), 'done');
});

// holds: protocol#bit-withdrawal-no-empty
test.serial('a service that understands withdrawals sends no transfer of length 0', async (t) => {
  await fresh({ features: withdraw });
  await receive(announcement(0, low, 4096));
  t.is(await service.ask('transfer 0 0'), '0 empty');
  t.is(await service.ask('transfer 0 1'), 'sent B0L00000001;1 ok');
});

test.serial('an answer that found no room is sent later', async (t) => {
  await fresh();
  await receive(announcement(0, low, 4096) + announcement(1, low + 4096, 4096));
  await service.ask('room 0');
  t.is(await receive(announcement(0, low, 0) + announcement(1, low + 4096, 0)), 'withdrawn 0;withdrawn 1;done');
  t.is(await service.ask('poll'), 'owed');
  await service.ask('room 1');
  t.is(await service.ask('poll'), 'sent B0L00000000;owed');
  await service.ask('room 5');
  t.is(await service.ask('poll'), 'sent B1L00000000;nothing owed');
});

// holds: protocol#bit-withdrawal
test.serial('a withdrawal of a buffer it never had is answered: it does not use it', async (t) => {
  await fresh();
  t.is(await receive(announcement(3, low, 0)), 'sent B3L00000000;done');
  t.is(await receive(announcement(77, low, 0)), 'sent B77L00000000;done');
});

// holds: protocol#reserved-index
test.serial('a withdrawal of the index that names no buffer is not answered with features', async (t) => {
  await fresh({ features: handover | withdraw });
  t.is(await receive(announcement(0xffffffff, low, 0)), 'sent B4294967295L00000003;done');
  t.is(await receive(announcement(0xffffffff, low, 0)), 'done');
  t.is(await service.ask('counters'), '0 2 0 0 0');
});

// holds: protocol#owed-before-features
test.serial('what is owed for withdrawals goes before the features', async (t) => {
  await fresh({ features: handover | withdraw });
  await receive(announcement(0, low, 4096));
  await service.ask('room 0');
  await receive(announcement(0, low, 0));
  // The driver was loaded anew.
  await service.ask('newpeer');
  await receive(announcement(1, low, 4096));
  await service.ask('room 5');
  t.is(await service.ask('poll'), 'sent B0L00000000;sent B4294967295L00000003;nothing owed');
});

test.serial('what is not in the grammar is dropped from there on and counted', async (t) => {
  await fresh();
  t.is(
    await receive(`${announcement(0, low, 4096)}x${announcement(1, low, 4096)}`),
    `announced 0 ${String(low)} 4096;done`,
  );
  t.is(await receive(''), 'done');
  t.is(await receive('\0\0'), 'done');
  t.is(await service.ask('counters'), '3 0 0 0 0');
});

test.serial('a configuration that cannot work is refused', async (t) => {
  t.is(await service.ask(`new 4 3 0 ${String(low)} ${String(high)}`), 'refused');
  t.is(await service.ask(`new 4 0 0 ${String(low)} ${String(high)}`), 'refused');
});

// holds: protocol#grammar
test.serial('driver, firmware and grammar read arbitrary payloads alike', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyPayload, async (payload) => {
      const line = `payload ${Buffer.from(payload).toString('hex')}`;
      const [ours, theirs] = await Promise.all([service.ask(line), driver.ask(line)]);
      t.is(ours, theirs);
      t.deepEqual(parseLine(ours), parseByGrammar(payload));
    }),
    { numRuns: 3000 },
  );
});

test.serial('what the driver writes the service takes, and the other way round', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(63), fc.integer({ min: 1, max: 0x0fffffff }), async (index, length) => {
      await fresh({ places: 64 });
      const announce = await driver.ask(`announce ${String(index)} ${String(low)} ${String(length)}`);
      t.is(
        await service.ask(`receive ${announce}`),
        `announced ${String(index)} ${String(low)} ${String(length)};done`,
      );
      const sent = /^sent (.*);1 ok$/.exec(await service.ask(`transfer ${String(index)} ${String(length)}`))?.[1] ?? '';
      const read = parseLine(await driver.ask(`payload ${Buffer.from(sent).toString('hex')}`));
      t.deepEqual(read, { records: [{ kind: 'transfer', index, length }], rest: 0 });
    }),
    { numRuns: 300 },
  );
});

/** Announcements of addresses in, at and around the edges of the window, among other messages. */
const anyAnnouncement = fc
  .tuple(
    fc.nat(9),
    fc.constantFrom(0, low, high, 0x55000000),
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -2300, max: 2300 }).map((words) => words * 4) },
      fc.integer({ min: -9, max: 9 }),
    ),
    fc.constantFrom(0, 1, 4, 4096, 8192, high - low),
  )
  .map(([index, edge, distance, length]) => Buffer.from(announcement(index, (edge + distance) >>> 0, length)));

// holds: protocol#addresses-checked
test.serial('arbitrary traffic never registers memory outside the window', async (t) => {
  let registered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(anyPayload, anyAnnouncement), { minLength: 4, maxLength: 16 }),
      async (payloads) => {
        await fresh({ places: 8 });
        for (const payload of payloads) await service.ask(`receive ${Buffer.from(payload).toString('hex')}`);
        for (let index = 0; index < 8; index++) {
          const [address, length] = (await service.ask(`buffer ${String(index)}`)).split(' ').map(Number);
          if (length === undefined || address === undefined) continue;
          t.true(address >= low && address + length - 1 <= high && address % 4 === 0);
          registered++;
        }
      },
    ),
    { numRuns: 300 },
  );
  t.log(`${String(registered)} registered`);
  t.true(registered > 100);
});
