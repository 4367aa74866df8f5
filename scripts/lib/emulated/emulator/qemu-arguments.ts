// SPDX-License-Identifier: MIT
/** What the emulated board is made of, as QEMU is told. Everything here is part of a snapshot's key. */
import { instanceFiles } from './attached.ts';
import type { Machine } from './machine.ts';

/**
 * A warning or an oops in the kernel is a failed test. It ends the board at once, and the console tells why.
 * loglevel=5 is the lowest at which the text of that warning reaches the console. There is no report of work that
 * takes long: it says nothing about the driver here, only how busy the host is.
 */
const commandLine = [
  'quiet',
  'loglevel=5',
  'cma=64M',
  'panic_on_warn=1',
  'oops=panic',
  'panic=-1',
  'rdinit=/init',
  'cryptomgr.notests',
  'workqueue.cpu_intensive_thresh_us=0',
].join(' ');

const uartEnding = '.uart.log';

function uartFile(name: string): string {
  return `${name}${uartEnding}`;
}

/** Name of the UART whose output this file of an instance is, if it is one's. */
export function uartOf(file: string): string | undefined {
  return file.endsWith(uartEnding) ? file.slice(0, -uartEnding.length) : undefined;
}

export interface Boot {
  readonly machine: Machine;
  readonly kernel: string;
  readonly initrd: string;
  readonly deviceTree: string;
}

/** What a console says goes to the end of this file. */
export function consoleArguments(path: string): string[] {
  return ['-chardev', `file,id=console,path=${path},append=on`, '-serial', 'chardev:console'];
}

/** Linux with this command line. port is 127.0.0.1's, forwarded to the board's SSH server. */
export function linuxArguments(
  { kernel, initrd, deviceTree }: Omit<Boot, 'machine'>,
  commandLine: string,
  port: number,
): string[] {
  return [
    ...['-kernel', kernel],
    ...['-initrd', initrd],
    ...['-dtb', deviceTree],
    ...['-append', commandLine],
    ...['-netdev', `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-device,netdev=net'],
  ];
}

export function qemuArguments(boot: Boot, port: number): string[] {
  const { machine } = boot;
  const uart = (name: string) => ['-chardev', `file,id=${name},path=${uartFile(name)}`, '-serial', `chardev:${name}`];
  return [
    ...machine.arguments,
    '-no-reboot',
    ...consoleArguments(instanceFiles.console),
    ...machine.uarts.flatMap(uart),
    ...['-qmp', `unix:${instanceFiles.monitor},server=on,wait=off`],
    ...linuxArguments(boot, `console=${machine.console} ${commandLine}`, port),
  ];
}
