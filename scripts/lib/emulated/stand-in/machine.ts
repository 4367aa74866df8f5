// SPDX-License-Identifier: MIT
/** The stand-in's power switch and console: what a relay and a serial adapter are for a board on a shelf. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { endProcess, isRunning, type ProcessIdentity, processIdentity } from '../emulator/process-identity.ts';
import { Failure } from '../../base/failure/failure.ts';
import { consoleArguments, linuxArguments } from '../emulator/qemu-arguments.ts';

const machineSchema = z.object({
  /** QEMU with what makes it this machine */
  command: z.tuple([z.string()], z.string()).readonly(),
  console: z.string(),
  kernel: z.string(),
  initrd: z.string(),
  deviceTree: z.string(),
  port: z.number(),
});

/** Names the directory in which test processes are to make their stand-ins. */
export const standInVariable = 'RPMSG_SDB_STAND_IN';

/** What it takes to switch a stand-in on; kept in its directory. */
export type Machine = z.infer<typeof machineSchema>;

const files = { machine: 'machine.json', disk: 'disk', console: 'console.log', pid: 'qemu.pid' } as const;

export const diskOf = (directory: string): string => join(directory, files.disk);
export const consoleOf = (directory: string): string => join(directory, files.console);

export async function writeMachine(directory: string, machine: Machine): Promise<void> {
  await writeFile(join(directory, files.machine), `${JSON.stringify(machine, undefined, 2)}\n`);
}

/**
 * Switches it on; nothing happens if it is on. After a panic the kernel does not restart, as on a board with the
 * kernel's defaults.
 */
export async function powerOn(directory: string): Promise<void> {
  if (await running(directory)) return;
  const text = await readFile(join(directory, files.machine), 'utf8').catch((error: unknown) => {
    throw new Failure('usage', `${directory} holds no stand-in board`, {
      remedy: `npm run stand-in -- make ${directory}`,
      cause: error,
    });
  });
  const machine = machineSchema.parse(JSON.parse(text));
  const pid = join(directory, files.pid);
  await rm(pid, { force: true });
  const [program, ...words] = machine.command;
  const given = [...words, ...standInArguments(directory, machine), '-daemonize', '-pidfile', pid];
  const started = await execa(program, given, { stdio: ['ignore', 'ignore', 'pipe'], reject: false });
  if (!started.failed) return;
  const taken = started.stderr.includes('host forwarding');
  throw new Failure('board', `the stand-in does not switch on: ${started.stderr}`, {
    remedy: taken
      ? `end what listens on port ${machine.port} of this host, or npm run stand-in -- make ${directory}`
      : 'npm run doctor',
  });
}

/** Takes its power away, whatever it is doing; nothing happens if it is off. */
export async function powerOff(directory: string): Promise<void> {
  const qemu = await running(directory);
  // As a power switch does it: without asking.
  if (qemu) process.kill(qemu.pid, 'SIGKILL');
  if (qemu) await endProcess(qemu);
}

/** Takes the power of all stand-ins away whose folders are in there. */
export async function powerOffAll(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  await Promise.all(names.map((name) => powerOff(join(directory, name))));
}

export async function running(directory: string): Promise<ProcessIdentity | undefined> {
  const pid = Number(await readFile(join(directory, files.pid), 'utf8').catch(() => NaN));
  if (!Number.isInteger(pid)) return undefined;
  const identity = processIdentity(pid);
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // The number may be another program's by now.
  return isRunning(identity) && command.includes(join(directory, files.disk)) ? identity : undefined;
}

function standInArguments(directory: string, machine: Machine): string[] {
  const commandLine = `console=${machine.console} quiet loglevel=5 cma=64M panic=0 cryptomgr.notests`;
  return [
    ...consoleArguments(join(directory, files.console)),
    ...['-drive', `if=none,id=disk,format=raw,file=${join(directory, files.disk)}`],
    ...['-device', 'virtio-blk-device,drive=disk'],
    ...linuxArguments(machine, commandLine, machine.port),
  ];
}
