// SPDX-License-Identifier: MIT
import { buildFor } from '../../board/deploy/build.ts';
import { readKernelLog } from '../../board/agent/agent-command.ts';
import { kernelsOf } from '../../board/inventory/board.ts';
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import { borrowedBoard, ownBoard } from '../choice/claim.ts';
import { withConnection } from '../../board/link/connect.ts';
import { defaultKernel, emulatedBuild, emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { findBoard, wantedEmulated } from '../choice/find.ts';
import { lockFor } from '../../board/link/lock.ts';
import { aboveNotice, findFaults, type KernelRecord } from '../../board/link/kernel-log.ts';
import { orBoardFault } from '../../board/link/power-loss.ts';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import { deploy, type Deliverables } from '../../board/deploy/deploy.ts';
import { Failure } from '../../base/failure/failure.ts';
import { buildPackages, emulatorPackages, kernelPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { loadInventory } from '../../board/inventory/load.ts';
import { qemuVersion, sourceVersion } from '../../host/programs/versions.ts';
import { requestFirmware } from '../../board/state/coprocessor-request.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { StreamResult } from './result.ts';
import { fillCount, runStream, type StreamPlan } from './run.ts';
import { summaryText, type Versions } from './summary.ts';
import { faultsOf } from './verdict.ts';

export interface StartOptions extends CommonOptions {
  readonly size?: number;
  readonly buffers?: number;
  readonly bufferSize?: number;
  readonly rate?: number;
}

const mebibyte = 1024 * 1024;

/** The main job: set up, build, board, deploy, stream, verify, summary. Owns its emulated board unless one is up. */
export async function mainJob(context: Context<StartOptions>): Promise<void> {
  const { options, log } = context;
  const plan: StreamPlan = {
    bytes: options.size ?? 256 * mebibyte,
    buffers: options.buffers ?? 4,
    bufferSize: options.bufferSize ?? mebibyte,
    rate: options.rate ?? 50,
  };
  const running = await findBoard(context.root, options);
  const entry = running
    ? undefined
    : (wantedEmulated(await loadInventory(context.root, options), options) ?? emulatedEntry(defaultKernel));
  if (options.dryRun) {
    const where = running ? `on ${running.name}, which is up` : `on ${entry?.name}, started for it`;
    const what = `${fillCount(plan)} fills of ${plan.bufferSize} bytes through ${plan.buffers} buffers`;
    return log.result(`would build, deploy and stream ${what} ${where}`, { board: running?.name ?? entry?.name, plan });
  }
  const build = running ?? emulatedBuild(entry ?? emulatedEntry(defaultKernel));
  await preparePackages([...buildPackages, ...emulatorPackages, ...kernelPackages(...kernelsOf(build))], context);
  // The first time, each waits for downloads while the other one computes.
  const [files, claimed] = await Promise.all([
    log.step('build', (step) => buildFor(build, { ...context, log: step })),
    running ? borrowedBoard(running) : ownBoard(context, entry ?? emulatedEntry(defaultKernel), log),
  ]);
  const outcome = await orBoardFault(claimed, streamOn(context, claimed, files, plan));
  const { result, messages, versions } = outcome;
  log.result(`\n${summaryText(result, messages, versions)}\n`, { result, messages, versions });
  await claimed.stop();
  judge(outcome);
}

interface Outcome {
  readonly result: StreamResult;
  readonly messages: readonly KernelRecord[];
  readonly versions: Versions;
}

function streamOn(context: Context, claimed: ClaimedBoard, files: Deliverables, plan: StreamPlan): Promise<Outcome> {
  const { log, signal } = context;
  const { board } = claimed;
  return withConnection(context, board, async (connection) => {
    const lock = await lockFor(context, connection, log);
    await log.step('deploy', (step) => deploy(connection, board, files, step, signal));
    const before = (await readKernelLog(connection)).at(-1)?.seq ?? -1;
    const result = await log.step('stream', (step) => runStream(connection, plan, step, signal));
    const messages = aboveNotice(await readKernelLog(connection, before + 1));
    const firmware = await requestFirmware(connection, ['version']);
    const versions: Versions = {
      board: board.name,
      kernel: `Linux ${(await execOk(connection, 'uname -r', { timeoutMs: 15_000 })).trim()}`,
      driver: `rpmsg_sdb ${files.driver.srcversion ?? files.driver.sha256.slice(0, 12)}`,
      firmware: firmware.ending.replace(/^ok\s*/, ''),
      emulator: board.features.includes('emulated') ? await qemuVersion() : undefined,
      source: await sourceVersion(context.root),
    };
    lock.release();
    return { result, messages, versions };
  });
}

function judge({ result, messages }: Outcome): void {
  const kernelFaults = findFaults(messages);
  if (kernelFaults[0]) throw new Failure('kernel', `the board's kernel reports: ${kernelFaults[0].text}`);
  const faults = faultsOf(result);
  if (faults.length > 0) throw new Failure('test', faults.join('; '));
}
