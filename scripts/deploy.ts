// SPDX-License-Identifier: MIT
import { buildAll } from './lib/build/for-board.ts';
import { withConnection } from './lib/board/connect.ts';
import { defaultKernel } from './lib/board/emulated.ts';
import { needBoard } from './lib/board/find.ts';
import { runVerb } from './lib/cli/run-verb.ts';
import { deploy } from './lib/deploy/deploy.ts';
import { buildPackages, kernelPackages } from './lib/host/packages.ts';
import { preparePackages } from './lib/host/prepare.ts';
import { lockBoard } from './lib/ssh/lock.ts';

await runVerb(
  'deploy',
  'Builds, uploads, loads the driver and starts the coprocessor: the board is ready after it.',
  (program, act) => {
    act(program, 'work', async (context) => {
      const { options, log, signal } = context;
      const board = await needBoard(context.root, options);
      const kernel = board.kernel ?? defaultKernel;
      if (options.dryRun)
        return log.result(`would build for ${kernel} and deploy to ${board.name}`, { board: board.name, kernel });
      await preparePackages([...buildPackages, ...kernelPackages(kernel)], context);
      const files = await buildAll(kernel, context);
      await log.step(`deploy to ${board.name}`, (step) =>
        withConnection(context, board, async (connection) => {
          const lock = await lockBoard(connection, 'npm run deploy');
          await deploy(connection, board, files, step, signal);
          lock.release();
        }),
      );
      log.result(
        `${board.name} is ready: driver ${files.driver.srcversion ?? ''} loaded, firmware running, /dev/rpmsg_sdb there`,
        {
          board: board.name,
          ready: true,
          ...files,
        },
      );
    });
  },
);
