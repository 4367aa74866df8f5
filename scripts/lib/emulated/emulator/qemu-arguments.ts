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

/** port is 127.0.0.1's, forwarded to the board's SSH server. */
export function qemuArguments({ machine, kernel, initrd, deviceTree }: Boot, port: number): string[] {
  return [
    ...machine.arguments,
    '-no-reboot',
    '-chardev',
    `file,id=console,path=${instanceFiles.console},append=on`,
    '-serial',
    'chardev:console',
    ...machine.uarts.flatMap((name) => [
      '-chardev',
      `file,id=${name},path=${uartFile(name)}`,
      '-serial',
      `chardev:${name}`,
    ]),
    '-qmp',
    `unix:${instanceFiles.monitor},server=on,wait=off`,
    '-kernel',
    kernel,
    '-initrd',
    initrd,
    '-dtb',
    deviceTree,
    '-append',
    `console=${machine.console} ${commandLine}`,
    '-netdev',
    `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`,
    '-device',
    'virtio-net-device,netdev=net',
  ];
}
