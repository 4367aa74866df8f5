// SPDX-License-Identifier: MIT
import type { Log } from '../../base/log/log.ts';
import type { Outputs } from '../../base/record/outputs.ts';

/** What every build is given. */
export interface BuildJob {
  /** the checkout */
  readonly root: string;
  readonly log: Log;
  readonly outputs: Outputs;
  readonly signal: AbortSignal;
}
