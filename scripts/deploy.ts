// SPDX-License-Identifier: MIT
import { dirname } from 'node:path';
import { buildFor, programsOf } from './lib/board/deploy/build.ts';
import { kernelsOf } from './lib/board/inventory/board.ts';
import { withConnection } from './lib/board/link/connect.ts';
import { needBoard } from './lib/run/choice/find.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import type { CommonOptions } from './lib/base/cli/context.ts';
import { deploy } from './lib/board/deploy/deploy.ts';
import { checkPersistent, persist } from './lib/board/deploy/persist.ts';
import { uploadIfDifferent } from './lib/board/deploy/upload.ts';
import { targetPaths } from './lib/board/link/target-paths.ts';
import { buildSdbctl } from './lib/host/build/board-programs.ts';
import { buildPackages, kernelPackages } from './lib/host/programs/packages.ts';
import { preparePackages } from './lib/host/programs/prepare.ts';
import { lockFor } from './lib/board/link/lock.ts';

interface DeployOptions extends CommonOptions {
  readonly persist?: boolean;
}

await runVerb(
  'deploy',
  'Builds and uploads driver, firmware and tools, loads the driver and starts the coprocessor. Then the board is ready.',
  (program, act) => {
    program.option('--persist', "install the driver among the board's modules, so that it is there after a restart");
    act<DeployOptions>(program, 'work', async (context) => {
      const { options, log, signal } = context;
      const board = await needBoard(context.root, options);
      if (options.dryRun) return log.result(`would build for ${board.name} and deploy to it`, { board: board.name });
      await preparePackages([...buildPackages, ...kernelPackages(...kernelsOf(board))], context);
      const files = await buildFor(board, context);
      const sdbctl = await buildSdbctl(context, programsOf(board));
      const installed = await log.step(`deploy to ${board.name}`, (step) =>
        withConnection(context, board, async (connection) => {
          const lock = await lockFor(context, connection, step);
          if (options.persist) await checkPersistent(connection, board);
          await deploy(connection, board, files, step, signal);
          await uploadIfDifferent(connection, sdbctl, targetPaths.sdbctl, 0o755, signal);
          const driver = options.persist ? await persist(connection, board) : undefined;
          lock.release();
          return driver;
        }),
      );
      log.result(
        `${board.name} is ready: driver ${files.driver.srcversion ?? ''} loaded, firmware running, /dev/rpmsg_sdb there, sdbctl in ${dirname(targetPaths.sdbctl)}`,
        {
          board: board.name,
          ready: true,
          ...files,
          sdbctl,
        },
      );
      if (installed) {
        const { path, loadedBy, undo } = installed;
        log.result(`installed as ${path}, loaded by ${loadedBy}\nto undo it: ${undo}`, {
          installed: path,
          loadedBy,
          undo,
        });
      }
    });
  },
);
