// SPDX-License-Identifier: MIT
/** What the harness itself costs whoever waits for it: a question to the board, a command, a verb, a file. */
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { agentLink } from '../../board/agent/agent-link.ts';
import { AgentClient } from '../../board/agent/client.ts';
import { Task } from '../../board/agent/task.ts';
import type { Board } from '../../board/inventory/board.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { exec, execOk } from '../../board/ssh/exec.ts';
import { pull, push } from '../../board/ssh/transfer.ts';
import type { BenchBoard } from './bench-board.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

const questions = 60;
const mebibyte = 1024 * 1024;
const fileBytes = 32 * mebibyte;
const timeoutMs = 15_000;
/** On the board, in memory. */
const remoteFile = '/tmp/rpmsg-sdb-bench';

export async function harness(on: BenchBoard): Promise<Measurement[]> {
  const directory = temporaryDirectory('bench');
  try {
    return [...(await answers(on)), ...(await verbs(on, directory)), ...(await files(on, directory))];
  } finally {
    await exec(on.connection, `rm -f ${remoteFile}`, { timeoutMs });
    await rm(directory, { recursive: true });
  }
}

/**
 * Two times: of a question to the agent, and of a command over a connection that stands. Beside them the time of a
 * byte that cat sends back over the same connection.
 */
async function answers({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const client = await AgentClient.start(agentLink(connection));
  const agent = new Task(client);
  const echo = await echoOver(connection);
  const asked: number[] = [];
  const echoed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    asked.push(await median(questions, () => agent.self()));
    echoed.push(await median(questions, echo.ask));
  }
  echo.end();
  await client.close();
  const executed = await median(questions / 2, () => exec(connection, 'true', { timeoutMs }));
  return [
    measurement('harness.echo', 'µs', spread(echoed)),
    measurement('harness.question', 'µs', spread(asked), { goal: { atMost: 5000 } }),
    ratio('harness.question', asked, 'harness.echo', echoed, { goal: { atMost: 2 } }),
    measurement('harness.exec', 'µs', executed),
  ];
}

/** A command as a person types it: npm, node, all that is loaded, the connection, and the command itself. */
async function verbs({ board, rounds }: BenchBoard, directory: string): Promise<Measurement[]> {
  const inventory = join(directory, 'boards.yaml');
  await writeFile(inventory, stringify(inventoryOf(board)));
  const words = ['run', '--silent', 'board', '--', 'exec', '--boards', inventory, '--board', 'bench', '--', 'true'];
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await microseconds(() => execa('npm', words)));
  return [measurement('harness.verb', 'µs', spread(times), { goal: { atMost: 800_000 } })];
}

/** A file there and back, beside what OpenSSH's client and cat take for the same bytes. */
async function files({ board, connection, rounds }: BenchBoard, directory: string): Promise<Measurement[]> {
  const there = join(directory, 'there');
  const back = join(directory, 'back');
  await writeFile(there, randomBytes(fileBytes));
  const { host, port, user, privateKey } = board.address;
  const options = [
    'StrictHostKeyChecking=no',
    `UserKnownHostsFile=${join(directory, 'known_hosts')}`,
    'LogLevel=ERROR',
  ];
  const ssh = [...options.flatMap((option) => ['-o', option]), '-i', privateKey, '-p', String(port), `${user}@${host}`];
  const pushed: number[] = [];
  const sent: number[] = [];
  const pulled: number[] = [];
  const got: number[] = [];
  for (let round = 0; round < rounds; round++) {
    sent.push(await microseconds(() => execa('ssh', [...ssh, `cat > ${remoteFile}`], { inputFile: there })));
    pushed.push(await microseconds(() => push(connection, there, remoteFile)));
    got.push(
      await microseconds(() => execa('ssh', [...ssh, `cat ${remoteFile}`], { stdout: { file: back }, buffer: false })),
    );
    pulled.push(await microseconds(() => pull(connection, remoteFile, back)));
    await execOk(connection, `rm ${remoteFile}`, { timeoutMs });
  }
  const x = fileBytes;
  return [
    measurement('harness.push', 'µs', spread(pushed), { x }),
    ratio('harness.push', pushed, 'harness.cat', sent, { x, goal: { atMost: 1.5 } }),
    measurement('harness.pull', 'µs', spread(pulled), { x }),
    ratio('harness.pull', pulled, 'harness.cat', got, { x, goal: { atMost: 1.5 } }),
  ];
}

/** The board as an inventory of its own: an emulated one is reached as a real one is. */
function inventoryOf({ address }: Board) {
  const { host, port, user, privateKey, hostKey } = address;
  return { boards: { bench: { host, port, user, key: privateKey, 'host-key': hostKey } } };
}

async function echoOver(connection: Connection): Promise<{ ask: () => Promise<void>; end: () => void }> {
  const { stdin, stdout } = await connection.open('exec cat', { lasts: true });
  return {
    ask: () =>
      connection.orLost(
        new Promise((resolve) => {
          stdout.once('data', () => resolve());
          stdin.write('x');
        }),
      ),
    end: () => stdin.end(),
  };
}

async function median(count: number, ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await microseconds(ask));
  return spread(times).value;
}

async function microseconds(work: () => PromiseLike<unknown>): Promise<number> {
  const begun = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begun) / 1000;
}
