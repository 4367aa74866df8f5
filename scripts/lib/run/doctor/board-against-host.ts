// SPDX-License-Identifier: MIT
/** What can only be judged by comparing the board with this host. */
import type { Board } from '../../board/inventory/board.ts';
import { kernelRelease } from '../../host/build/kernel-directory.ts';
import { sdkBuild } from '../../host/build/sdk.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { exec, execOk } from '../../board/ssh/exec.ts';
import type { Finding } from './finding.ts';
import { boardOption } from '../../board/inventory/board-option.ts';

const timeoutMs = 15_000;
/** make and TLS begin to complain at about this. */
const clockToleranceSeconds = 120;

/** The kernel that runs, against the one that the driver is built for. */
export async function kernelFinding(c: Connection, board: Board): Promise<Finding> {
  const runs = (await execOk(c, 'uname -r', { timeoutMs })).trim();
  const base = { about: 'board', what: 'kernel' } as const;
  try {
    const wanted = await builtFor(board);
    if (wanted === undefined) {
      const remedy = `add kdir, sdk or kernel to ${board.name} in the inventory`;
      return { ...base, state: 'missing', detail: `${runs}; nothing says what to build for`, remedy };
    }
    if (runs === wanted || runs.startsWith(`${wanted}.`)) return { ...base, state: 'ok', detail: runs };
    const remedy = `boot ${wanted}, or name what the board runs in the inventory`;
    return { ...base, state: 'missing', detail: `runs ${runs}, the driver is built for ${wanted}`, remedy };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    return { ...base, state: 'missing', detail: `runs ${runs}; ${error.message}`, ...remedy };
  }
}

/** A release, or the beginning of one. */
async function builtFor({ kernel, kdir, sdk }: Board): Promise<string | undefined> {
  if (kernel !== undefined) return /\d+\.\d+/.exec(kernel)?.[0] ?? '6.1';
  if (sdk !== undefined) return kernelRelease((await sdkBuild(sdk, kdir)).kdir);
  return kdir === undefined ? undefined : kernelRelease(kdir);
}

export async function clockFinding(c: Connection, board: Board): Promise<Finding> {
  const said = await exec(c, 'date -u +%s', { timeoutMs });
  const off = Math.round(Number(said.stdout) - Date.now() / 1000);
  const base = { about: 'board', what: 'clock' } as const;
  if (Number.isNaN(off)) return { ...base, state: 'missing', detail: `date says "${said.stdout.trim()}"` };
  if (Math.abs(off) <= clockToleranceSeconds) return { ...base, state: 'ok', detail: `${off} s from this host's` };
  const remedy = `npm run board -- exec ${boardOption(board.name)} -- date -s @$(date +%s)`;
  return { ...base, state: 'note', detail: `${off} s from this host's: times in its logs are off by that`, remedy };
}
