// SPDX-License-Identifier: MIT
import { withConnection } from '../../board/link/connect.ts';
import { findBoard, needBoard } from '../choice/find.ts';
import type { Context } from '../../base/cli/context.ts';
import { exitCodes, Failure } from '../../base/failure/failure.ts';
import { missingPackages } from '../../host/programs/missing.ts';
import { installCommand } from '../../host/programs/prepare.ts';
import { boardFindings } from './board.ts';
import { findingText, type Finding } from './finding.ts';
import { allPackages, hostFindings } from './host.ts';

/** `npm run doctor`: the host, then the board if one is up (or is named). Shows all findings, fails on the first cause. */
export async function examine(context: Context): Promise<number> {
  const { log, options, root } = context;
  if (options.dryRun) {
    log.result('would look at this host, and at the board that is up', {});
    return 0;
  }
  const host = await hostFindings();
  log.result(['host', ...host.map(findingText)].join('\n'), { about: 'host', findings: host });
  const board = options.board === undefined ? await findBoard(root, options) : await needBoard(root, options);
  let onBoard: Finding[] = [];
  if (board) {
    onBoard = await withConnection(context, board, (connection) => boardFindings(connection, board));
    log.result([`\nboard ${board.name}`, ...onBoard.map(findingText)].join('\n'), {
      about: board.name,
      findings: onBoard,
    });
  } else {
    log.result('\nno board is up (npm run board -- up starts one)', { about: 'board', findings: [] });
  }
  return verdict(host, onBoard, context);
}

function verdict(host: readonly Finding[], board: readonly Finding[], context: Context): number {
  const lacking = [...host, ...board].filter((finding) => finding.state === 'missing');
  const [first] = lacking;
  if (!first) {
    context.log.result('\nnothing is missing', { missing: 0 });
    return 0;
  }
  const packages = missingPackages(allPackages);
  const remedy = first.about === 'host' && packages.length > 0 ? installCommand(packages) : first.remedy;
  const failure = new Failure(first.about, `${lacking.length} missing, first of all ${first.what}: ${first.detail}`, {
    remedy,
  });
  context.log.failed({ failure, exitCode: exitCodes[first.about], reproduce: context.reproduce });
  return exitCodes[first.about];
}
