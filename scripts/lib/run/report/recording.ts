// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import { exitCodes } from '../../base/failure/failure.ts';
import { sourceVersion } from '../../host/programs/versions.ts';
import { tellFailure } from './tell-failure.ts';
import { writeReports, type Reports } from './write-reports.ts';

/** A run whose events are being told, from its beginning to its reports. */
export class Recording {
  readonly #context: Context;
  #ended = false;

  private constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Begins the run's folder and its events. The reports are made however the verb ends. `end` makes them. If the verb
   * was interrupted or failed before, they are made while the verb cleans up.
   */
  static async begin(context: Context, verb: string, boards: readonly string[]): Promise<Recording> {
    const { outputs } = context;
    const recording = new Recording(context);
    outputs.nameAfter(boards);
    if (!outputs.events.isPart) {
      const source = await sourceVersion(context.root);
      outputs.events.tell({ event: 'run-started', verb, command: context.reproduce, source, boards: [...boards] });
    }
    context.defer(async (failure) => {
      if (recording.#ended) return;
      if (failure) tellFailure(outputs.events, failure);
      const reports = await recording.end(failure ? exitCodes[failure.failureClass] : 0);
      if (reports) context.log.info(`report: ${reports.page}`);
    });
    return recording;
  }

  /** Tells the end and makes the reports. Whoever runs the whole makes those of a part. */
  async end(exitCode: number): Promise<Reports | undefined> {
    this.#ended = true;
    const { events } = this.#context.outputs;
    if (events.isPart) return undefined;
    events.tell({ event: 'run-ended', exitCode });
    return writeReports(this.#context.outputs.directory(), [events.path]);
  }
}
