// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { startCoprocessor } from './coprocessor.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import { transitions } from './states.ts';
import { transit } from './transition.ts';

/** module loaded → firmware running. Whether it had to be started. */
export function startFirmware(c: Connection, board: Board): Promise<boolean> {
  return transit(board, transitions.startFirmware, () => startCoprocessor(c, board));
}

/**
 * Two nodes tell that the firmware has announced itself. Its test endpoint is reached through the first. The driver
 * makes the second.
 */
const endpoint = { glob: '/dev/rpmsg_ctrl*', name: '/dev/rpmsg_ctrl0' } as const;
const device = { glob: targetPaths.device, name: targetPaths.device } as const;

/** firmware running → ready: up to a second after the start on some kernels. */
export function awaitAnnouncement(c: Connection, board: Board): Promise<void> {
  return awaitNodes(c, board, [endpoint, device]);
}

/** As far as a board without the driver can come. */
export function awaitEndpoint(c: Connection, board: Board): Promise<void> {
  return awaitNodes(c, board, [endpoint]);
}

function awaitNodes(c: Connection, board: Board, nodes: readonly (typeof endpoint | typeof device)[]): Promise<void> {
  return transit(board, transitions.announce, async () => {
    const globs = nodes.map(({ glob }) => glob).join(' ');
    // ls fails when one of them is missing.
    const poll = `i=0; while [ $i -lt 50 ]; do ls ${globs} >/dev/null 2>&1 && exit 0; sleep 0.2; i=$((i+1)); done; exit 1`;
    if ((await exec(c, poll, { timeoutMs: transitions.announce.limitMs })).code === 0) return;
    const there = (await exec(c, `ls ${globs} 2>/dev/null`, { timeoutMs: 10_000 })).stdout;
    const missing = nodes.filter(({ name }) => !there.includes(name.replace(/\d$/, ''))).map(({ name }) => name);
    const log = (await exec(c, 'dmesg | tail -n 6', { timeoutMs: 10_000 })).stdout.trimEnd().replaceAll(/^/gm, '    ');
    throw new Failure(
      'board',
      `${missing.join(' and ')} does not appear on ${board.name}: the firmware announces nothing\n${log}`,
      { remedy: `check that the firmware of ${board.name} is the test firmware, built for this board` },
    );
  });
}
