// SPDX-License-Identifier: MIT
import { type Architecture, arm, arm64 } from './architecture.ts';

/**
 * Folders of firmware/platforms, and what their core is. The compiler for 32-bit ARM also makes a Cortex-M's Thumb
 * code.
 */
const cores = { stm32mp15: arm, emulated: arm64 } as const;

export type FirmwarePlatform = keyof typeof cores;

export const firmwarePlatforms = Object.keys(cores) as readonly FirmwarePlatform[];

export function coreOf(platform: FirmwarePlatform): Architecture {
  return cores[platform];
}

/** What the coprocessor of a board with this Linux runs. */
export function platformBeside(linux: Architecture): FirmwarePlatform {
  return firmwarePlatforms.find((platform) => cores[platform] === linux) ?? 'stm32mp15';
}
