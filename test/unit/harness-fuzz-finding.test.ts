// SPDX-License-Identifier: MIT
import { readFinding } from '../../scripts/lib/run/fuzz/finding.ts';
import { test } from './together.ts';

const saved = 'artifact_prefix=out/; Test unit written to out/crash-0123';

test('a property that does not hold is told in its own words, with the input that was saved', (t) => {
  const said = `#12 NEW\n/src/test/fuzz/message.c:31: not so: count == size\n==1== ERROR: libFuzzer: deadly signal\n${saved}`;
  t.deepEqual(readFinding(said), {
    what: '/src/test/fuzz/message.c:31: not so: count == size',
    input: 'out/crash-0123',
  });
});

test('of the address sanitizer the kind of error, in one line', (t) => {
  const said = `==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60 at pc 0x55 (x)\nREAD of size 1 (y)\n${saved}`;
  t.is(readFinding(said).what, 'AddressSanitizer: heap-buffer-overflow on address 0x60 at pc 0x55');
});

test('of the undefined behaviour sanitizer where and what', (t) => {
  const said = 'kernel/message.c:30:17: runtime error: shift exponent 32 is too large';
  t.deepEqual(readFinding(said), { what: said, input: undefined });
});

test('a hang is what libFuzzer says of it', (t) => {
  t.is(readFinding('==3== ERROR: libFuzzer: timeout after 10 seconds').what, 'libFuzzer: timeout after 10 seconds');
});

test('an end without a word is said to be one', (t) => {
  t.deepEqual(readFinding(''), { what: 'ended without saying why', input: undefined });
});
