// SPDX-License-Identifier: MIT
import type { Board } from '../board/board.ts';
import { targetPaths } from '../board/target-paths.ts';
import type { Driver } from '../build/module-info.ts';
import { startCoprocessor, stopCoprocessor } from '../coprocessor/state.ts';
import { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec, execOk } from '../ssh/exec.ts';
import { uploadIfDifferent } from './upload.ts';

/** The files that make a board ready, on this host. */
export interface Deliverables {
  readonly driver: Driver;
  readonly firmware: string;
  readonly agent: string;
}

const timeoutMs = 30_000;

/**
 * Makes a board ready: our driver loaded, our firmware running, /dev/rpmsg_sdb there. Whether the board's kernel can take
 * the driver is settled before anything on the board is touched.
 */
export async function deploy(
  c: Connection,
  board: Board,
  files: Deliverables,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  await log.step('check the kernel', () => checkKernel(c, board, files.driver));
  await log.step('upload', async (step) => {
    step.progress('driver');
    await uploadIfDifferent(c, files.driver.path, targetPaths.module, 0o644, signal);
    step.progress('firmware');
    const newFirmware = await uploadIfDifferent(c, files.firmware, targetPaths.firmware, 0o644, signal);
    step.progress('agent');
    await uploadIfDifferent(c, files.agent, targetPaths.agent, 0o755, signal);
    // What runs has been read at its start: an exchange needs another one.
    if (newFirmware) await stopCoprocessor(c, board);
  });
  await log.step('load the driver', async () => {
    if (await isLoaded(c)) {
      await stopCoprocessor(c, board);
      await unload(c, board);
    }
    await load(c, board, files.driver);
  });
  await log.step('start the coprocessor', async () => {
    await startCoprocessor(c, board);
    await waitForDevice(c, board);
  });
}

async function checkKernel(c: Connection, board: Board, driver: Driver): Promise<void> {
  const release = (await execOk(c, 'uname -r', { timeoutMs })).trim();
  if (release === driver.release) return;
  throw new Failure(
    'board',
    `the driver was built for ${driver.release}, ${board.name} runs ${release}: nothing was touched`,
    {
      remedy: 'npm run build -- --kdir DIR (the build directory of the kernel that the board runs)',
    },
  );
}

async function isLoaded(c: Connection): Promise<boolean> {
  return (await exec(c, '[ -d /sys/module/rpmsg_sdb ]', { timeoutMs })).code === 0;
}

async function unload(c: Connection, board: Board): Promise<void> {
  const result = await exec(c, 'rmmod rpmsg_sdb', { timeoutMs });
  if (result.code === 0) return;
  const users = await exec(
    c,
    `for f in /proc/[0-9]*/fd/*; do case "$(readlink $f)" in ${targetPaths.device}) echo $f;; esac; done`,
    {
      timeoutMs,
    },
  );
  const pids = [...new Set(users.stdout.match(/(?<=\/proc\/)\d+/g) ?? [])];
  const who = pids.length > 0 ? `in use by process ${pids.join(', ')}` : result.stderr.trim();
  throw new Failure('board', `the driver that is loaded on ${board.name} cannot be removed: ${who}`, {
    remedy:
      pids.length > 0 ? `npm run board -- exec --board ${board.name} -- kill ${pids.join(' ')}` : 'restart the board',
  });
}

async function load(c: Connection, board: Board, driver: Driver): Promise<void> {
  const result = await exec(c, `insmod ${targetPaths.module}`, { timeoutMs });
  if (result.code !== 0) {
    const why = await exec(c, 'dmesg | tail -n 4', { timeoutMs });
    throw new Failure('board', `${board.name} refuses the driver: ${result.stderr.trim()}\n${why.stdout.trimEnd()}`);
  }
  if (driver.srcversion === undefined) return;
  const loaded = await exec(c, 'cat /sys/module/rpmsg_sdb/srcversion', { timeoutMs });
  if (loaded.stdout.trim() !== driver.srcversion) {
    throw new Failure(
      'board',
      `${board.name} has another driver loaded than the one sent (srcversion ${loaded.stdout.trim()})`,
    );
  }
}

/** The firmware's announcement makes the device: up to a second after the start on some kernels, so poll. */
async function waitForDevice(c: Connection, board: Board): Promise<void> {
  const poll = `i=0; while [ $i -lt 50 ]; do [ -c ${targetPaths.device} ] && exit 0; sleep 0.2; i=$((i+1)); done; exit 1`;
  if ((await exec(c, poll, { timeoutMs })).code === 0) return;
  const why = await exec(c, 'dmesg | tail -n 6', { timeoutMs });
  throw new Failure('board', `${targetPaths.device} does not appear on ${board.name}\n${why.stdout.trimEnd()}`);
}
