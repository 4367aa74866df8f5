// SPDX-License-Identifier: MIT
/** A second emulated board that plays a real one: everything the harness knows of it stands in an inventory. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { deviceTree } from '../emulator/device-tree.ts';
import { boardKeys } from '../emulator/keys.ts';
import { machineOf, programWords } from '../emulator/machine.ts';
import { ownModules } from '../emulator/own-modules.ts';
import { userland } from '../emulator/userland.ts';
import { platformBeside } from '../../base/target/firmware-platforms.ts';
import { kernelBuild } from '../../host/kernel/build-directory.ts';
import { boardModules } from '../../host/kernel/board-modules.ts';
import { kernelImage } from '../../host/kernel/image.ts';
import { boardKernel, type KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { quoteWords } from '../../base/process/quote.ts';
import { standInDisk } from './disk.ts';
import { standInInitrd } from './initrd.ts';
import { consoleOf, diskOf, powerOff, writeMachine } from './machine.ts';
import { lastingPort } from './port.ts';

const modules = [...boardModules, 'virtio_blk', 'ext4', 'crc32c_generic', 'rtc-pl031'];

export interface StandIn {
  readonly directory: string;
  /** the inventory that it stands in */
  readonly inventory: string;
  readonly port: number;
}

/** Puts a stand-in into directory, switched off and with a fresh disk; what was there before is gone. */
export async function makeStandIn(
  name: string,
  kernel: KernelVersion,
  directory: string,
  root: string,
  log: Log,
): Promise<StandIn> {
  const path = resolve(directory);
  await mkdir(path, { recursive: true });
  await powerOff(path);
  const image = await kernelImage(kernel, log, modules);
  const keys = await boardKeys();
  const { architecture } = boardKernel(kernel);
  const machine = await machineOf(architecture, log);
  const own = await ownModules(await kernelBuild(kernel, log), log);
  const disk = await standInDisk({ kernel: image, modules: own, architecture, authorized: keys.authorized }, log);
  await execa('cp', ['--sparse=always', '--reflink=auto', disk.image, diskOf(path)]);
  await writeFile(consoleOf(path), '');
  const port = await lastingPort(path);
  await writeMachine(path, {
    command: [...programWords(machine), ...machine.arguments],
    console: machine.console,
    kernel: image.image,
    initrd: await standInInitrd(image, await userland(architecture, log), log),
    deviceTree: await deviceTree(machine, image),
    port,
  });
  const hook = (...words: string[]) =>
    quoteWords([
      process.execPath,
      `--import=${join(root, 'node_modules/tsx/dist/loader.mjs')}`,
      join(root, 'scripts/stand-in.ts'),
      ...words,
      path,
    ]);
  const inventory = join(path, 'boards.yaml');
  const entry = {
    host: '127.0.0.1',
    port,
    user: 'root',
    key: keys.privateKey,
    'host-key': await readFile(disk.fingerprint, 'utf8'),
    kernel,
    firmware: platformBeside(architecture),
    power: { on: hook('power', 'on'), off: hook('power', 'off') },
    console: quoteWords(['tail', '-n', '0', '-F', consoleOf(path)]),
  };
  await writeFile(inventory, stringify({ boards: { [name]: entry } }, { lineWidth: 0 }));
  return { directory: path, inventory, port };
}
