// SPDX-License-Identifier: MIT
/** The driver as a part of the board: found by modprobe, loaded by its alias at every start. */
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec, execOk } from '../ssh/exec.ts';
import { boardOption } from '../inventory/board-option.ts';

const timeoutMs = 60_000;
/** Read at start by systemd, and by Debian's start script for kmod. */
const list = '/etc/modules-load.d/rpmsg_sdb.conf';
const inMemory: ReadonlySet<string> = new Set(['tmpfs', 'ramfs', 'rootfs', 'overlay', 'squashfs']);

export interface Persisted {
  /** where the module is on the board */
  readonly path: string;
  /** what will load it at start */
  readonly loadedBy: string;
  /** the command that takes it out again */
  readonly undo: string;
}

/** Whether what is installed there would still be there after a restart. Throws when not; touches nothing. */
export async function checkPersistent(c: Connection, board: Board): Promise<void> {
  const script = `d=/lib/modules/$(uname -r); [ -d $d ] && cd $d && pwd -P && { [ -w . ] && echo writable || echo read-only; } && cat /proc/mounts`;
  const said = await exec(c, script, { timeoutMs });
  const [directory = '', access = '', ...mounts] = said.stdout.split('\n');
  if (said.code !== 0) throw refused(board, 'has no module directory for the kernel that runs');
  const [, , type = ''] = mountOf(directory, mounts);
  if (inMemory.has(type))
    throw refused(board, `keeps ${directory} in memory (${type}): nothing there survives a restart`);
  if (access !== 'writable') throw refused(board, `has ${directory} on a file system that is read-only`);
}

function refused(board: Board, why: string): Failure {
  return new Failure('board', `${board.name} ${why}`, {
    kind: 'read-only',
    remedy: `deploy without --persist, build the driver into the image (recipes-kernel/), or: npm run board -- exec ${boardOption(board.name)} -- mount -o remount,rw /`,
  });
}

/** Fields of the line of /proc/mounts that a directory is on. */
function mountOf(directory: string, mounts: readonly string[]): string[] {
  const fields = mounts.map((line) => line.split(' '));
  const around = fields.filter(([, at = '']) => at === '/' || directory === at || directory.startsWith(`${at}/`));
  // The longest path is the nearest. Of two in one place the later hides the earlier.
  return around.reduce((best, one) => ((one[1] ?? '').length >= (best[1] ?? '').length ? one : best), []);
}

/** Installs the driver that has just been deployed, and makes sure that modprobe finds that one. */
export async function persist(c: Connection, board: Board): Promise<Persisted> {
  const release = (await execOk(c, 'uname -r', { timeoutMs })).trim();
  const path = `/lib/modules/${release}/extra/rpmsg_sdb.ko`;
  const part = `${path}.new`;
  const install = [
    `mkdir -p /lib/modules/${release}/extra`,
    `cp ${quote(targetPaths.module)} ${quote(part)}`,
    // Boards may have no cmp. They need md5sum for uploads anyway.
    `[ "$(md5sum < ${quote(targetPaths.module)})" = "$(md5sum < ${quote(part)})" ]`,
    `sync`,
    `mv -f ${quote(part)} ${quote(path)}`,
    `depmod -a`,
    'sync',
  ].join(' && ');
  const result = await exec(c, install, { timeoutMs });
  if (result.code !== 0) {
    await exec(c, `rm -f ${quote(part)}`, { timeoutMs }).catch(() => undefined);
    const why = result.stderr.trim() || `exit code ${result.code}`;
    throw new Failure('board', `${board.name}: the driver cannot be installed: ${why}`, {
      kind: /no space/i.test(why) ? 'disk-full' : /read-only/i.test(why) ? 'read-only' : 'upload',
      remedy: `npm run doctor -- ${boardOption(board.name)}`,
    });
  }
  const found = (await execOk(c, `grep '/\\?rpmsg_sdb\\.ko' /lib/modules/${release}/modules.dep`, { timeoutMs })).split(
    ':',
  )[0];
  if (found !== 'extra/rpmsg_sdb.ko') {
    throw new Failure('board', `${board.name} has another driver that modprobe prefers: ${found}`, {
      kind: 'load',
      remedy: `npm run board -- exec ${boardOption(board.name)} -- 'rm /lib/modules/${release}/${found} && depmod -a'`,
    });
  }
  const undo = `npm run board -- exec ${boardOption(board.name)} -- ${quote(`rm -f ${path} ${list} && depmod -a && sync`)}`;
  return { path, loadedBy: await loadedAtStartBy(c), undo };
}

/** udev loads it by its alias when the firmware announces its channel; the list is for boards without udev. */
async function loadedAtStartBy(c: Connection): Promise<string> {
  const script = `[ -d /etc/modules-load.d ] && echo rpmsg_sdb > ${list}.new && mv -f ${list}.new ${list} && echo ${list}`;
  const said = await exec(c, script, { timeoutMs });
  return said.code === 0 ? said.stdout.trim() : 'its alias, when the firmware announces the channel';
}
