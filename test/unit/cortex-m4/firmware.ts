// SPDX-License-Identifier: MIT
import type { FirmwarePlatform } from '../../../scripts/lib/base/target/firmware-platforms.ts';
import { buildFirmware } from '../../../scripts/lib/host/build/board-programs.ts';
import { quiet } from '../../../scripts/lib/base/log/quiet.ts';
import { Outputs } from '../../../scripts/lib/base/record/outputs.ts';
import { inTree } from '../native.ts';

/** Path of the firmware, made unless the cache has it. */
export function firmwareFor(platform: FirmwarePlatform): Promise<string> {
  const outputs = new Outputs(inTree(), 'unit');
  return buildFirmware(platform, { root: inTree(), log: quiet, outputs, signal: new AbortController().signal });
}
