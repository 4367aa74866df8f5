// SPDX-License-Identifier: MIT
import type { ExecutionContext } from 'ava';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import type { Board } from '../../scripts/lib/board/inventory/board.ts';
import { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { loadModule } from '../../scripts/lib/board/state/driver.ts';
import { loopbackBoard } from './loopback-board.ts';
import { programs } from './programs.ts';
import { test } from '../together/counted.ts';

/** What a person is told when insmod fails with these words. */
async function refusal(t: ExecutionContext, words: string): Promise<Failure> {
  const own = programs({
    insmod: `echo "insmod: ERROR: could not insert module: ${words}" >&2; exit 1`,
    dmesg: 'echo',
  });
  const board = await loopbackBoard({ env: { PATH: `${own}:${process.env['PATH'] ?? ''}` } });
  t.teardown(() => board.close());
  const connection = await Connection.connect(board.address, { name: 'desk' });
  const desk: Board = { name: 'desk', address: board.address, features: [], remoteproc: 'remoteproc0' };
  const loading = loadModule(connection, desk, '/rpmsg_sdb.ko', undefined);
  return t.throwsAsync(loading, { instanceOf: Failure });
}

// include/uapi/asm-generic/errno.h: ENOKEY, EKEYREJECTED
for (const words of ['Required key not available', 'Key was rejected by service'])
  test(`a kernel that takes signed modules only, and says "${words}": the remedy is to sign`, async (t) => {
    const failure = await refusal(t, words);
    t.like(failure, { failureClass: 'board', kind: 'load' });
    t.regex(failure.message, new RegExp(words));
    t.regex(failure.remedy ?? '', /signing_key\.pem.* kdir.*sign-file/);
  });

test('a kernel that refuses the driver for another reason is not told to be about keys', async (t) => {
  t.is((await refusal(t, 'Unknown symbol in module')).remedy, undefined);
});
