// SPDX-License-Identifier: MIT
import type { Log } from './log.ts';

/** Says nothing: for tests, which have words of their own. */
export const quiet: Log = {
  step: (_title, work) => work({ ...quiet, progress: () => undefined, fail: () => undefined }),
  info: () => undefined,
  warn: () => undefined,
};
