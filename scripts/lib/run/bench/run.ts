// SPDX-License-Identifier: MIT
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import { borrowedBoard, ownBoard } from '../choice/claim.ts';
import { withConnection } from '../../board/link/connect.ts';
import { defaultKernel, emulatedBuild, emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { findBoard, wantedEmulated } from '../choice/find.ts';
import { lockFor } from '../../board/link/lock.ts';
import { orBoardFault } from '../../board/link/power-loss.ts';
import { buildFor, programsOf } from '../../board/deploy/build.ts';
import { buildSdbctl } from '../../host/build/board-programs.ts';
import type { Log } from '../../base/log/log.ts';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import { requestFirmware } from '../../board/state/coprocessor-request.ts';
import { deploy, type Deliverables } from '../../board/deploy/deploy.ts';
import { instructionsPlugin } from '../../emulated/emulator/instructions.ts';
import { Failure } from '../../base/failure/failure.ts';
import { buildPackages, emulatorPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { loadInventory, type EmulatedEntry } from '../../board/inventory/load.ts';
import { cacheKernels } from '../../base/target/caches.ts';
import { qemuVersion, sourceVersion } from '../../host/programs/versions.ts';
import type { LinePlot } from '../../base/record/plot.ts';
import { linePlotSvg } from '../report/line-plot.ts';
import { findBoardFacts } from '../report/board-facts.ts';
import { Recording } from '../report/recording.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { BenchBoard } from './bench-board.ts';
import { bulk, bulkInstructions, sweep } from './bulk.ts';
import { caches } from './caches.ts';
import { diskCapture, diskInstructions } from './disk.ts';
import { events, fullRate, live, overload } from './events.ts';
import { harness } from './harness.ts';
import { InstructionCounter } from './instruction-counter.ts';
import { instructions } from './instructions.ts';
import { mapping, mappingInstructions } from './mapping.ts';
import { memory } from './memory.ts';
import { isReached, type Measurement } from './measurement.ts';
import { latencyPlot, throughputPlot } from './plots.ts';
import { starts } from './start.ts';
import { rowText } from './table.ts';
import { tellMeasurements } from './tell.ts';

export interface BenchOptions extends CommonOptions {
  readonly rounds?: number;
  readonly only?: readonly PartName[];
}

/** In the order in which they are measured. */
const timed = {
  harness,
  memory,
  bulk,
  sweep,
  event: events,
  live,
  rate: fullRate,
  overload,
  mapping,
  disk: diskCapture,
} as const;

/** On a board that counts instructions, after them. */
const counted = {
  instructions,
  bulk: bulkInstructions,
  mapping: mappingInstructions,
  disk: diskInstructions,
} as const;

/** Before both, without a board of the run's. */
const startPart = 'start';

/** Last, on boards of its own. */
const cachesPart = 'caches';

type PartName = typeof startPart | typeof cachesPart | keyof typeof timed | keyof typeof counted;
export const partNames = [
  ...new Set([startPart, ...Object.keys(timed), ...Object.keys(counted), cachesPart]),
] as PartName[];

const defaultRounds = 5;

/** Hand-over, withdrawal (so that each measurement finds no buffers of the one before) and several records a message. */
const allFeatures = '7';

/**
 * `npm run bench`: the driver's figures beside rpmsg_char's, on one board and in one run. A goal that is missed is told, and is
 * no failure: the figures depend on what else the host does.
 */
export async function benchRun(context: Context<BenchOptions>): Promise<void> {
  const { options, log } = context;
  const running = await findBoard(context.root, options);
  const entry =
    (running ? undefined : wantedEmulated(await loadInventory(context.root, options), options)) ??
    emulatedEntry(running?.kernel ?? defaultKernel);
  const rounds = options.rounds ?? defaultRounds;
  const wanted = options.only ?? partNames;
  if (options.dryRun) {
    const where = running ? `on ${running.name}, which is up` : `on ${entry.name}, started for it`;
    return log.result(`would build, deploy and measure ${where}: ${wanted.join(', ')}`, {
      board: running?.name ?? entry.name,
      rounds,
    });
  }
  const suite = running?.name ?? entry.name;
  const recording = await Recording.begin(context, 'bench', [suite]);
  warnIfBusy(context);
  await preparePackages([...buildPackages, ...emulatorPackages], context);
  const build = running ?? emulatedBuild(entry);
  const files = await log.step('build', async (step) => {
    const job = { ...context, log: step };
    return { ...(await buildFor(build, job)), sdbctl: await buildSdbctl(job, programsOf(build)) };
  });
  const measurements: Measurement[] = [];
  let conditions: readonly string[] = [];
  const isWanted = ([name]: readonly [string, unknown]): boolean => wanted.some((part) => part === name);
  if (wanted.includes(startPart)) {
    const directory = join(context.outputs.directory(), startPart);
    await measurePart(context, startPart, (step) => starts(entry.kernel, directory, rounds, step), measurements);
  }
  const parts = Object.entries(timed).filter(isWanted);
  if (parts.length > 0) {
    const claimed = running ? borrowedBoard(running) : await ownBoard(context, entry, log);
    conditions = await measureOn(context, claimed, files, (on) =>
      measureParts(context, { ...on, rounds }, parts, measurements),
    );
    await claimed.stop();
  }
  const isEmulated = running?.features.includes('emulated') ?? true;
  const counts = Object.entries(counted).filter(isWanted);
  if (counts.length > 0) {
    if (isEmulated) await countOn(context, entry, files, counts, measurements);
    else log.warn(`instructions are counted on an emulated board only, and ${running?.name ?? ''} is none`);
  }
  if (wanted.includes(cachesPart)) {
    if (isEmulated && cacheKernels.includes(entry.kernel)) {
      const part = (step: Log) => caches(context, entry.kernel, files, rounds, step);
      await measurePart(context, cachesPart, part, measurements);
    } else log.warn(`there is no model of a cache of ${suite}, which ${cachesPart} is about`);
  }
  await report(context, recording, suite, measurements, conditions);
}

type BenchFiles = Deliverables & Pick<BenchBoard, 'sdbctl'>;

function load(): number {
  return loadavg()[0] ?? NaN;
}

/** An emulated board's two cores take two of the host's. If they do not get them, they wait for each other. */
function warnIfBusy({ log }: Context): void {
  const free = availableParallelism() - load();
  if (free >= 1.5) return;
  log.warn(
    `the host is busy (load ${load().toFixed(1)} on ${availableParallelism()} cores): bulk figures will be too low`,
  );
}

/** A board that counts instructions is slower, so it is another one. */
async function countOn(
  context: Context<BenchOptions>,
  entry: EmulatedEntry,
  files: BenchFiles,
  parts: readonly (readonly [string, (board: BenchBoard, counter: InstructionCounter) => Promise<Measurement[]>])[],
  measurements: Measurement[],
): Promise<void> {
  const { log } = context;
  const plugin = await instructionsPlugin(log);
  const claimed = await ownBoard(context, entry, log, { folder: 'instructions', plugin });
  await measureOn(context, claimed, files, async (on) => {
    const counter = await InstructionCounter.on(on.connection, claimed.directory ?? '');
    const counting = parts.map(([name, part]) => [name, (board: BenchBoard) => part(board, counter)] as const);
    await measureParts(context, { ...on, rounds: 3 }, counting, measurements);
  });
  await claimed.stop();
}

async function measureParts(
  context: Context,
  on: BenchBoard,
  parts: readonly (readonly [string, (board: BenchBoard) => Promise<Measurement[]>])[],
  measurements: Measurement[],
): Promise<void> {
  for (const [name, part] of parts) {
    // The part before may have started the coprocessor anew, which forgets them.
    await requestFirmware(on.connection, ['features', allFeatures]);
    await measurePart(context, name, () => part(on), measurements);
  }
}

async function measurePart(
  { log }: Context<BenchOptions>,
  name: string,
  part: (step: Log) => Promise<Measurement[]>,
  measurements: Measurement[],
): Promise<void> {
  const made = await log.step(name, part);
  measurements.push(...made);
  for (const row of made) {
    const text = rowText(row);
    if (text !== undefined) log.info(text);
  }
}

/** Runs the measurements on a board with our driver and firmware; under which conditions they were made. */
function measureOn(
  context: Context<BenchOptions>,
  claimed: ClaimedBoard,
  files: BenchFiles,
  measure: (on: Omit<BenchBoard, 'rounds'>) => Promise<void>,
): Promise<string[]> {
  const { log, signal, root } = context;
  const { board } = claimed;
  const work = withConnection(context, board, async (connection) => {
    const lock = await lockFor(context, connection, context.log);
    await log.step('deploy', (step) => deploy(connection, board, files, step, signal));
    const facts = await findBoardFacts(connection, board, files);
    context.outputs.events.tell({ event: 'board', suite: board.name, ...facts });
    await measure({ board, connection, sdbctl: files.sdbctl });
    const kernel = (await execOk(connection, 'uname -r', { timeoutMs: 15_000 })).trim();
    lock.release();
    const emulator = board.features.includes('emulated') ? await qemuVersion() : undefined;
    return [
      [board.name, `Linux ${kernel}`, emulator, await sourceVersion(root)]
        .filter((part) => part !== undefined)
        .join(', '),
      `medians, with bands from quartile to quartile; the host has ${availableParallelism()} cores and a load of ${load().toFixed(1)}`,
    ];
  });
  return orBoardFault(claimed, work);
}

async function report(
  { log, outputs, options }: Context<BenchOptions>,
  recording: Recording,
  suite: string,
  measurements: readonly Measurement[],
  conditions: readonly string[],
): Promise<void> {
  if (measurements.length === 0) throw new Failure('usage', 'nothing was measured');
  const lines = measurements.map((each) => `${JSON.stringify(each)}\n`);
  await writeFile(outputs.file('bench.jsonl'), lines.join(''));
  const plots = new Map<string, LinePlot>();
  const wants = (part: PartName) => options.only?.includes(part) ?? true;
  if (wants('sweep')) plots.set(outputs.file('throughput.svg'), throughputPlot(measurements, conditions));
  if (wants('event')) plots.set(outputs.file('latency.svg'), latencyPlot(measurements, conditions));
  for (const [path, plot] of plots) await writeFile(path, await linePlotSvg(plot));
  await tellMeasurements(outputs.events, outputs.directory(), suite, measurements, [...plots.values()]);
  const reports = await recording.end(0);
  const goals = measurements.filter(({ goal }) => goal !== undefined);
  const missed = goals.filter((each) => !isReached(each));
  const text = [
    '',
    ...goals.map((each) => rowText(each) ?? ''),
    '',
    `${goals.length - missed.length} of ${goals.length} goals reached`,
    ...[outputs.file('bench.jsonl'), ...plots.keys()],
    ...(reports ? [`report: ${reports.page}`] : []),
  ];
  log.result(text.join('\n'), { measurements, conditions, plots: [...plots.keys()], report: reports?.page ?? null });
}
