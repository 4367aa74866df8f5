// SPDX-License-Identifier: MIT
import type { KernelVersion } from '../target/kernels.ts';
import type { Renderer } from '../log/renderer.ts';
import type { Cleanup } from './cleanups.ts';
import type { Outputs } from '../record/outputs.ts';

/** Options that every verb takes. */
export interface CommonOptions {
  /** of several, separated by commas */
  readonly board?: string;
  /** the inventory */
  readonly boards?: string;
  readonly kernel?: readonly KernelVersion[];
  readonly dryRun?: boolean;
  /** for a board that another run has */
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What a verb works with. */
export interface Context<Options extends CommonOptions = CommonOptions> {
  /** the checkout */
  readonly root: string;
  readonly options: Options;
  readonly log: Renderer;
  readonly outputs: Outputs;
  /** aborted by SIGINT, SIGTERM and SIGHUP */
  readonly signal: AbortSignal;
  /** the command line that does the same again */
  readonly reproduce: string;
  /** Registers what has to be undone however the verb ends; undone in reverse order. */
  defer(cleanup: Cleanup): void;
}
