// SPDX-License-Identifier: MIT
/**
 * Emulated hardware tells of an access that the chip would not serve. That fails the test that it happened in, and no
 * other.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { AgentClient } from '../../scripts/lib/board/agent/client.ts';
import { agentLink } from '../../scripts/lib/board/agent/agent-link.ts';
import { MAP_SHARED, O_RDWR, PROT_READ } from '../../scripts/lib/board/agent/constants.ts';
import { Task } from '../../scripts/lib/board/agent/task.ts';
import { Connection } from '../../scripts/lib/board/ssh/connection.ts';
import { emulatedDirectory } from '../../scripts/lib/emulated/emulator/as-board.ts';
import { attachEmulatedBoard } from '../../scripts/lib/emulated/emulator/attached.ts';
import { root, run, start } from './fixture/harness.ts';
import { setUpMs } from './fixture/lab.ts';
import { test } from '../together/counted.ts';

const name = 'refusing';
/** Two tests of one file. What is said before the first one begins is nobody's. */
const grep = 'every word right';
const victim = 'a stream as fast as the coprocessor can: every fill is counted, every word right or from a later fill';

let directory: string;
let choice: readonly string[];

test.before(async (t) => {
  t.timeout(setUpMs);
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-refusing-'));
  const boards = join(directory, 'boards.yaml');
  await writeFile(boards, stringify({ boards: { [name]: { emulated: '6.1' } } }));
  choice = ['--boards', boards, '--board', name];
  for (const words of [['board', 'up'], ['deploy']] as const) {
    const [verb, ...rest] = words;
    const { exitCode, failure } = await run(verb, ...rest, ...choice);
    t.is(exitCode, 0, failure?.message);
  }
});
test.after.always(async () => {
  await run('board', 'down', ...choice);
  await rm(directory, { recursive: true });
});

/** A process on the board that no test knows. It reads a register as soon as it is asked to. */
async function readerOf(address: number): Promise<{ read(): Promise<unknown>; close(): void }> {
  const emulated = await attachEmulatedBoard(emulatedDirectory(root, name));
  if (!emulated) throw new Error(`${name} is not up`);
  const connection = await Connection.connect(emulated.address, { name, timeoutMs: 30_000, patience: 1 });
  const agent = new Task(await AgentClient.start(agentLink(connection)));
  const memory = await agent.open('/dev/mem', O_RDWR);
  const mapped = await agent.mmap(4096, PROT_READ, MAP_SHARED, memory, address);
  return { read: () => agent.peek(mapped, 4), close: () => connection.close() };
}

test.serial('a register without a clock that is read while a test runs fails this test, with the line', async (t) => {
  t.timeout(400_000);
  const tim6 = await readerOf(0x4000_4000);
  t.teardown(() => tim6.close());
  const running = start('hil', ...choice, '--grep', grep);
  await running.testStarted(name, victim);
  await tim6.read();
  const ended = await running.ended;
  t.is(ended.exitCode, 1);
  t.is(ended.failedTests.length, 1);
  t.true(ended.failedTests[0]?.name.includes(victim));
  t.regex(
    ended.failedTests[0]?.reason ?? '',
    /emulator: stm32mp15: tim6: read at 0x000 refused: its clock is off \(mpu/,
  );
  t.regex(ended.lastLine, /^\d+ passed, 1 failed/);
});
