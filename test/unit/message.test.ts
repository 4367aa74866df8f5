// SPDX-License-Identifier: MIT
import fc from 'fast-check';

import { anyPayload, anyRecord, format, parseByGrammar, type Parsed, type ProtocolRecord } from './grammar.ts';
import { inTree, NativeProgram } from './native.ts';
import { parseLine } from './parsed-line.ts';
import { test } from '../together/counted.ts';

let program: NativeProgram;

test.before(async () => {
  program = await NativeProgram.build([inTree('test/unit/message.c'), inTree('kernel/message.c')], [inTree('kernel')]);
});

test.after.always(() => program.close());

async function parse(payload: Uint8Array | string): Promise<Parsed> {
  return parseLine(await program.ask(`payload ${Buffer.from(payload as string).toString('hex')}`));
}

async function write(record: ProtocolRecord): Promise<string> {
  const numbers =
    record.kind === 'announce' ? [record.index, record.address, record.length] : [record.index, record.length];
  return Buffer.from(await program.ask(`${record.kind} ${numbers.join(' ')}`), 'hex').toString('latin1');
}

const transfer = (index: number, length: number): ProtocolRecord => ({ kind: 'transfer', index, length });
const announce = (index: number, address: number, length: number): ProtocolRecord => ({
  kind: 'announce',
  index,
  address,
  length,
});

// holds: protocol#grammar, protocol#record-announce, protocol#linux-writes
test('an announcement is written as existing firmware wants it: 20 bytes, lower case, no NUL', async (t) => {
  t.is(await write(announce(0, 0x5bab0000, 0x100000)), 'B0A5bab0000L00100000');
  t.is(await write(announce(9, 0xdeadbeef, 0xabcdef01)), 'B9AdeadbeefLabcdef01');
});

test('the longest records are as long as the header says', async (t) => {
  t.is((await write(announce(0xffffffff, 0xffffffff, 0xffffffff))).length, 29);
  t.is((await write(transfer(0xffffffff, 0xffffffff))).length, 20);
});

const accepted: readonly (readonly [string, string, readonly ProtocolRecord[]])[] = [
  ['a transfer', 'B0L00100000', [transfer(0, 0x100000)]],
  ['an announcement', 'B0A5bab0000L00100000', [announce(0, 0x5bab0000, 0x100000)]],
  ['a withdrawal: an announcement of length 0', 'B3A5bab0000L00000000', [announce(3, 0x5bab0000, 0)]],
  ['upper-case digits', 'B1L00ABCDEF', [transfer(1, 0xabcdef)]],
  ['mixed-case digits', 'B1L00aBcDeF', [transfer(1, 0xabcdef)]],
  ['an index of several digits', 'B1234L00000001', [transfer(1234, 1)]],
  ['the largest index', 'B4294967295L00000001', [transfer(0xffffffff, 1)]],
  ['the largest length', 'B0Lffffffff', [transfer(0, 0xffffffff)]],
  ['one NUL at the end', 'B0L00000001\0', [transfer(0, 1)]],
  ['many NULs at the end', 'B0L00000001\0\0\0\0', [transfer(0, 1)]],
  ['several records', 'B0L00000001B1L00000002B2L00000003', [transfer(0, 1), transfer(1, 2), transfer(2, 3)]],
  ['both kinds in one payload', 'B0A00000010L00000020B0L00000002', [announce(0, 0x10, 0x20), transfer(0, 2)]],
  ['nothing', '', []],
  ['only NULs', '\0\0\0', []],
];

for (const [title, payload, records] of accepted) {
  // holds: protocol#grammar, protocol#linux-accepts, protocol#several-transfers
  test(`taken: ${title}`, async (t) => {
    t.deepEqual(await parse(payload), { records, rest: 0 });
  });
}

const refused: readonly (readonly [string, string])[] = [
  ['no B', '0L00000001'],
  ['a lower-case b', 'b0L00000001'],
  ['no index', 'BL00000001'],
  ['a leading zero', 'B00L00000001'],
  ['a leading zero before another digit', 'B01L00000001'],
  ['a signed index', 'B+1L00000001'],
  ['a negative index', 'B-1L00000001'],
  ['a hexadecimal index', 'BaL00000001'],
  ['a space before the index', 'B 1L00000001'],
  ['an index of 33 bits', 'B4294967296L00000001'],
  ['an index of 64 bits that wraps to 0', 'B18446744073709551616L00000001'],
  ['a very long index', `B${'1'.repeat(300)}L00000001`],
  ['no length', 'B0'],
  ['a lower-case l', 'B0l00000001'],
  ['seven digits of length', 'B0L0000001'],
  ['a length with a sign', 'B0L+0000001'],
  ['a length with a prefix', 'B0L0x000001'],
  ['a length with a space', 'B0L 0000001'],
  ['a length that ends in a letter', 'B0L0000000g'],
  ['a length cut by a NUL', 'B0L0000\x000001'],
  ['an announcement without length', 'B0A5bab0000'],
  ['an announcement with seven digits of address', 'B0A5bab000L00100000'],
  ['an announcement with a lower-case a', 'B0a5bab0000L00100000'],
  ['a leading NUL', '\0B0L00000001'],
  ['a leading space', ' B0L00000001'],
  ['a B alone', 'B'],
  ['the marks alone', 'BAL'],
];

for (const [title, payload] of refused) {
  // holds: protocol#grammar
  test(`refused: ${title}`, async (t) => {
    t.deepEqual((await parse(payload)).records, []);
    t.deepEqual(await parse(payload), parseByGrammar(Buffer.from(payload, 'latin1')));
  });
}

test('nine digits of length are a record and one byte too many', async (t) => {
  t.deepEqual(await parse('B0L000000010'), { records: [transfer(0, 1)], rest: 1 });
});

// holds: protocol#rest-is-dropped
test('records are taken up to the first thing that fits no rule, and nothing after it', async (t) => {
  t.deepEqual(await parse('B0L00000001XB1L00000002'), { records: [transfer(0, 1)], rest: 12 });
  t.deepEqual(await parse('B0L00000001\0B1L00000002'), { records: [transfer(0, 1)], rest: 12 });
  t.deepEqual(await parse('B0L00000001B1L0000'), { records: [transfer(0, 1)], rest: 7 });
});

// holds: protocol#grammar
test('every record written is read back as it was', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyRecord, async (record) => {
      const text = await write(record);
      t.is(text, format(record));
      t.deepEqual(await parse(text), { records: [record], rest: 0 });
    }),
    { numRuns: 1000 },
  );
});

// holds: protocol#several-transfers
test('any number of records in one payload is read back in order', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { maxLength: 16 }), fc.nat(3), async (records, nuls) => {
      const payload = records.map(format).join('') + '\0'.repeat(nuls);
      t.deepEqual(await parse(payload), { records, rest: 0 });
    }),
    { numRuns: 500 },
  );
});

// holds: protocol#grammar
test('arbitrary payloads are read as the grammar says', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyPayload, async (payload) => {
      t.deepEqual(await parse(payload), parseByGrammar(payload));
    }),
    { numRuns: 3000 },
  );
});
