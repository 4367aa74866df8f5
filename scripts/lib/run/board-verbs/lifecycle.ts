// SPDX-License-Identifier: MIT
import {
  asBoard,
  defaultKernel,
  emulatedDirectory,
  emulatedEntry,
  hardwareOf,
  runningBoards,
} from '../../emulated/emulator/as-board.ts';
import { findBoard, wantedEmulated } from '../choice/find.ts';
import { withConnection } from '../../board/link/connect.ts';
import { targetPaths } from '../../board/link/target-paths.ts';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import type { Board } from '../../board/inventory/board.ts';
import { runOtherFirmware } from '../../board/deploy/other-firmware.ts';
import { attachEmulatedBoard } from '../../emulated/emulator/attached.ts';
import { serveDebugger } from '../../emulated/emulator/coprocessor.ts';
import { startEmulatedBoard } from '../../emulated/emulator/board.ts';
import { emulatorPackages, kernelPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { loadInventory } from '../../board/inventory/load.ts';
import { withCaches } from '../choice/caches.ts';
import type { CacheSettings } from '../../base/target/caches.ts';
import { execOk } from '../../board/ssh/exec.ts';
import { boardOption } from '../../board/inventory/board-option.ts';

export interface UpOptions extends CommonOptions {
  /** file to run on the coprocessor */
  readonly firmware?: string;
  /** port for a debugger */
  readonly gdb?: number;
  /** the model of a cache is on; true: as it is by default */
  readonly caches?: Partial<CacheSettings> | true;
}

/** `board up`: starts an emulated board that stays until `board down`. */
export async function up(context: Context<UpOptions>): Promise<void> {
  const { log, root } = context;
  const inventory = await loadInventory(root, context.options);
  const asked = wantedEmulated(inventory, context.options) ?? emulatedEntry(defaultKernel);
  const entry = withCaches(asked, context.options.caches);
  const { name, kernel } = entry;
  const directory = emulatedDirectory(root, name);
  if (context.options.dryRun) return log.result(`would start ${name} in ${directory}`, { board: name, directory });
  const running = await attachEmulatedBoard(directory);
  if (!running) await preparePackages([...emulatorPackages, ...kernelPackages(kernel)], context);
  const board =
    running ??
    (await log.step(`start ${name}`, (step) =>
      startEmulatedBoard({ ...hardwareOf(entry), directory, lifetime: 'detached', log: step }),
    ));
  const { address } = board;
  const facts = { board: name, up: true, started: !running, address, console: board.console };
  const lines = running
    ? [`${name} is up already`]
    : [
        `${name} is up: ${address.user}@${address.host}:${address.port}, key ${address.privateKey}`,
        `console: ${board.console}`,
      ];
  lines.push(...(await equip(context, asBoard(board, entry), directory)));
  if (!running && context.options.firmware === undefined) lines.push(`next:    npm run deploy -- ${boardOption(name)}`);
  log.result(lines.join('\n'), facts);
}

/** Does what else was asked for to a board that is up. Answers lines about it. */
async function equip(context: Context<UpOptions>, board: Board, directory: string): Promise<string[]> {
  const { firmware, gdb } = context.options;
  const option = boardOption(board.name);
  const lines: string[] = [];
  if (gdb !== undefined) {
    await serveDebugger(directory, gdb);
    lines.push(
      `debug:   gdb-multiarch -ex 'target extended-remote :${gdb}' -ex 'add-inferior' -ex 'inferior 2' -ex 'attach 2'`,
    );
  }
  if (firmware !== undefined) {
    const said = await context.log.step(`start ${firmware}`, () =>
      withConnection(context, board, (connection) => runOtherFirmware(connection, board, firmware, context.signal)),
    );
    lines.push(...said, `next:    npm run board -- coprocessor trace ${option}, or coprocessor uart ${option}`);
  }
  return lines;
}

/** `board down`: stops the board, or all boards that run if none is named. Nothing is wrong if none runs. */
export async function down(context: Context): Promise<void> {
  const { log, root } = context;
  const inventory = await loadInventory(root, context.options);
  const wanted = wantedEmulated(inventory, context.options);
  const boards = (await runningBoards(root, inventory)).filter(
    ({ board }) => wanted === undefined || board.name === wanted.name,
  );
  const names = boards.map(({ board }) => board.name);
  if (context.options.dryRun) return log.result(`would stop ${names.join(' ') || 'nothing'}`, { boards: names });
  for (const { board, emulated } of boards) await log.step(`stop ${board.name}`, () => emulated.stop());
  const text = names.length > 0 ? `${names.join(' and ')} stopped` : 'no board was up';
  log.result(text, { stopped: names });
}

/**
 * `board status`: which boards run, and what is ready on them. Exit code 4 if the board that was asked for does not
 * run.
 */
export async function status(context: Context): Promise<number> {
  const { log, root, options } = context;
  const asked = options.board !== undefined || options.kernel !== undefined;
  const found = asked
    ? [await findBoard(root, options)]
    : (await runningBoards(root, await loadInventory(root, options))).map(({ board }) => board);
  const boards = found.filter((board) => board !== undefined);
  if (boards.length === 0) {
    log.result('no board is up (npm run board -- up starts one)', { boards: [] });
    return 4;
  }
  const reports = await Promise.all(
    boards.map(async (board) => {
      const facts = await withConnection(context, board, (connection) =>
        execOk(
          connection,
          `uname -r; cat /sys/class/remoteproc/${board.remoteproc}/state || echo none;` +
            `[ -d /sys/module/rpmsg_sdb ] && echo loaded || echo absent; [ -c ${targetPaths.device} ] && echo yes || echo no;` +
            'cut -d" " -f1 /proc/uptime; cat /proc/sys/kernel/tainted',
          { timeoutMs: 15_000 },
        ),
      );
      const [release, coprocessor, module, device, uptime, taint] = facts.trim().split('\n');
      const ready = module === 'loaded' && coprocessor === 'running' && device === 'yes';
      return { board: board.name, address: board.address, ready, release, coprocessor, module, device, uptime, taint };
    }),
  );
  const text = reports.map((one) =>
    [
      `${one.board}: ${one.ready ? 'ready' : 'up'}`,
      `  address      ${one.address.user}@${one.address.host}:${one.address.port}`,
      `  kernel       ${one.release}, up ${one.uptime} s, taint ${one.taint}`,
      `  driver       ${one.module === 'loaded' ? 'loaded' : 'not loaded'}`,
      `  coprocessor  ${one.coprocessor}`,
      `  device       ${one.device === 'yes' ? targetPaths.device : 'none'}`,
    ].join('\n'),
  );
  log.result(text.join('\n'), { boards: reports });
  return 0;
}
