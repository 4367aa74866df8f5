// SPDX-License-Identifier: MIT
// tools/cpp/rpmsg_sdb.hpp: compiled for this host and for the board, with all warnings, and used where there is no device.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { inTree } from './native.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

const folder = inTree('tools/cpp');
const sample = join(folder, 'samples/capture.cpp');
const directory = temporary('cpp');

let header: Promise<unknown> | undefined;
/** <linux/rpmsg_sdb.h> as it is installed. */
const installed = () =>
  (header ??= execa('make', ['-s', '-C', inTree('.'), 'headers_install', `INSTALL_HDR_PATH=${directory}`]));

/** What the compiler says of a file, or of a text. */
async function said(compiler: string, { file = '-', text = '', words = ['-fsyntax-only'] }) {
  await installed();
  const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wconversion', '-Werror'];
  const includes = [`-I${directory}/include`, `-I${folder}`];
  const options = ['-std=c++17', '-D_FILE_OFFSET_BITS=64', '-D_TIME_BITS=64', ...warnings, ...includes, ...words];
  return execa(compiler, [...options, '-x', 'c++', file], { input: text, reject: false });
}

test('the C++ header and its sample compile for the board without a warning', async (t) => {
  const { failed, stderr } = await said('arm-linux-gnueabihf-g++', { file: sample });
  t.false(failed, stderr);
});

test("the example of the C++ header's document compiles, and a buffer moves and is not copied", async (t) => {
  const document = await readFile(inTree('tools/README.md'), 'utf8');
  const [, example = ''] = /```cpp\n([^]*?)```/.exec(document) ?? [];
  t.regex(example, /int main/);
  const claims = [
    '!std::is_copy_constructible_v<rpmsg_sdb::buffer>',
    '!std::is_copy_assignable_v<rpmsg_sdb::buffer>',
    'std::is_nothrow_move_constructible_v<rpmsg_sdb::buffer>',
    'std::is_nothrow_move_assignable_v<rpmsg_sdb::buffer>',
    'std::is_same_v<rpmsg_sdb::transfer, struct rpmsg_sdb_transfer>',
  ].map((claim) => `static_assert(${claim});\n`);
  const { failed, stderr } = await said('g++', { text: `${example}#include <type_traits>\n${claims.join('')}` });
  t.false(failed, stderr);
});

test('on 32 bits the C++ header asks for 64-bit offsets in files', async (t) => {
  const text = '#undef _FILE_OFFSET_BITS\n#undef _TIME_BITS\n#include <rpmsg_sdb.hpp>\n';
  const { failed, stderr } = await said('arm-linux-gnueabihf-g++', { text });
  t.true(failed);
  t.regex(stderr, /static assertion failed: on 32 bits compile with -D_FILE_OFFSET_BITS=64/);
});

test('the C++ sample compiles for this host without a warning, and says what was wrong where there is no such device', async (t) => {
  const program = join(directory, 'capture');
  const { failed, stderr } = await said('g++', { file: sample, words: ['-o', program] });
  t.false(failed, stderr);
  const run = (...words: string[]) => execa(program, words, { reject: false, env: { LC_ALL: 'C' } });
  t.like(await run(), { exitCode: 2, stderr: 'usage: capture FILE [TRANSFERS [SIZE]]' });
  t.like(await run(join(directory, 'captured')), {
    exitCode: 1,
    stderr: 'capture: /dev/rpmsg_sdb: No such file or directory',
  });
});
