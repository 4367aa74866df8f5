// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import type { Outputs } from '../../base/record/outputs.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { TestOutcome } from '../report/outcome.ts';

const control = '/sys/kernel/debug/kmemleak';

/** A scan walks all memory that may hold a pointer, on an emulated core with KASAN. */
const timeoutMs = 180_000;

/** What is lost already when we come is not ours. */
export async function forgetLeaks(connection: Connection): Promise<void> {
  await execOk(connection, `echo scan >${control}; echo clear >${control}`, { timeoutMs });
}

/**
 * Objects that Linux itself loses, by the functions that allocated them. 6.1 copies a name for a class, and forgets
 * the copy when it has no memory to register the class. Fault injection makes that happen.
 */
const lostByLinux: readonly (readonly string[])[] = [['kobject_set_name', '__class_register']];

function isLostByLinux(entry: string): boolean {
  return lostByLinux.some((functions) => functions.every((name) => entry.includes(`${name}+`)));
}

/** Objects that nothing points to any more, as kmemleak describes them: size, age, who allocated them. */
async function findLeaks(connection: Connection): Promise<readonly string[]> {
  // kmemleak does not look at objects younger than 5 s. It counts an object as lost when two scans agree: during one
  // scan a pointer may be in a register, or on its way from one list to another.
  const scan = `sleep 6; echo scan >${control}; sleep 1; echo scan >${control}; cat ${control}`;
  const text = await execOk(connection, scan, { timeoutMs: 2 * timeoutMs });
  return text
    .split(/^(?=unreferenced object)/m)
    .filter((entry) => entry.startsWith('unreferenced object') && !isLostByLinux(entry));
}

export async function leakOutcome(connection: Connection, suite: string, outputs: Outputs): Promise<TestOutcome> {
  const name = 'no memory is lost (kmemleak)';
  const leaks = await findLeaks(connection);
  if (leaks.length === 0) return { suite, name, status: 'passed' };
  const log = outputs.file('kmemleak.log');
  writeFileSync(log, leaks.join('\n'));
  const reason = `${leaks.length} objects, the first is\n${(leaks[0] ?? '').trimEnd()}`;
  return { suite, name, status: 'failed', reason, log };
}
