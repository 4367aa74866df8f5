// SPDX-License-Identifier: MIT
import { buildFirmware, type FirmwarePlatform } from '../../../scripts/lib/build/board-programs.ts';
import type { Log } from '../../../scripts/lib/log/log.ts';
import { Outputs } from '../../../scripts/lib/run/outputs.ts';
import { inTree } from '../native.ts';

const quiet: Log = {
  step: (_title, work) => work({ ...quiet, progress: () => undefined }),
  info: () => undefined,
  warn: () => undefined,
};

/** Path of the firmware, made unless the cache has it. */
export function firmwareFor(platform: FirmwarePlatform): Promise<string> {
  const outputs = new Outputs(inTree(), 'unit');
  return buildFirmware(platform, { root: inTree(), log: quiet, outputs, signal: new AbortController().signal });
}
