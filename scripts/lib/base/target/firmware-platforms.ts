// SPDX-License-Identifier: MIT

/** Folders of firmware/platforms that are built whole; the last is for tests on this host. */
export const firmwarePlatforms = ['emulated', 'stm32mp15', 'stm32mp15-qemu'] as const;

export type FirmwarePlatform = (typeof firmwarePlatforms)[number];
