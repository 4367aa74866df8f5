// SPDX-License-Identifier: MIT
/** What QEMU shows of an emulated board's coprocessor; directory is the instance's. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';
import { Monitor } from './monitor.ts';
import { uartOf } from './qemu-arguments.ts';

/** What the UARTs said that are not Linux's console, by name, the silent ones left out. */
export async function saidOnUarts(directory: string): Promise<Readonly<Record<string, string>>> {
  const said: Record<string, string> = {};
  for (const file of (await readdir(directory)).sort()) {
    const name = uartOf(file);
    const text = name === undefined ? '' : await readFile(join(directory, file), 'latin1');
    if (name !== undefined && text !== '') said[name] = text;
  }
  return said;
}

/** Lets a debugger attach to all cores on this port of 127.0.0.1. */
export async function serveDebugger(directory: string, port: number): Promise<void> {
  const monitor = await Monitor.connect(directory);
  const command = { 'command-line': `gdbserver tcp:127.0.0.1:${port}` };
  const said = (await monitor.execute('human-monitor-command', command)) as string;
  monitor.close();
  if (/could not|fail|error/i.test(said)) {
    throw new Failure('board', `QEMU takes no debugger: ${said.trim()}`, { remedy: 'name a port that is free' });
  }
}
