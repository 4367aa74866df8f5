// SPDX-License-Identifier: MIT
import { RecordFile } from '../../board/agent/abi-v2.ts';
import { AgentClient } from '../../board/agent/client.ts';
import { O_RDONLY } from '../../board/agent/constants.ts';
import { Task } from '../../board/agent/task.ts';
import { agentLink } from '../../board/agent/agent-link.ts';
import { patience } from '../../board/inventory/patience.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { BenchBoard } from './bench-board.ts';
import { measurement, type Measurement } from './measurement.ts';

const page = 4096;
const buffers = 1000;
const files = 500;
/** what the agent reads at a time */
const chunk = 1024;

/**
 * Kernel memory that the driver takes for itself, without what the buffers hold. That is the module, and what the slab
 * allocator gives out for many open files and for many buffers. With each buffer comes what the DMA layer needs for
 * it. It is measured once, whatever the number of rounds: the slab allocator keeps objects at hand and counts them as
 * given out, so a second time costs less.
 */
export async function memory({ board, connection }: BenchBoard): Promise<Measurement[]> {
  const client = await AgentClient.start(agentLink(connection), undefined, patience(board));
  try {
    const task = new Task(client);
    const one = await RecordFile.open(task);
    const idle = await slabBytes(task);
    for (let i = 0; i < files; i++) await RecordFile.open(task);
    const opened = await slabBytes(task);
    for (let i = 0; i < buffers; i++) await one.allocate(page);
    const full = await slabBytes(task);
    return [
      measurement('memory.module', 'bytes', await moduleBytes(connection)),
      measurement('memory.file', 'bytes', Math.round((opened - idle) / files)),
      measurement('memory.buffer', 'bytes', Math.round((full - opened) / buffers)),
    ];
  } finally {
    await client.close();
  }
}

async function moduleBytes(connection: BenchBoard['connection']): Promise<number> {
  const modules = await execOk(connection, 'cat /proc/modules', { timeoutMs: 20_000 });
  return Number(/^rpmsg_sdb (\d+)/m.exec(modules)?.[1]);
}

/** Bytes in all objects that the slab allocator has given out. By the agent: another process would need some itself. */
async function slabBytes(task: Task): Promise<number> {
  const file = await task.open('/proc/slabinfo', O_RDONLY);
  const pieces: Buffer[] = [];
  do pieces.push(await task.read(file, chunk));
  while (pieces.at(-1)?.length !== 0);
  await task.close(file);
  return [
    ...Buffer.concat(pieces)
      .toString()
      .matchAll(/^\S+ +(\d+) +\d+ +(\d+) /gm),
  ].reduce((sum, [, objects, size]) => sum + Number(objects) * Number(size), 0);
}
