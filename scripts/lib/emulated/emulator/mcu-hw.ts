// SPDX-License-Identifier: MIT
import type { ModuleSources } from '../../host/kernel/out-of-tree.ts';
import { sourceText } from '../../base/target/emulator-sources.ts';

/** The test module that is the coprocessor's mailbox, reset and clock. */
export function mcuHw(): ModuleSources {
  return {
    title: 'test/emulator/mcu_hw',
    modules: ['mcu_hw'],
    files: { 'mcu_hw.c': sourceText('mcu_hw/mcu_hw.c'), Kbuild: sourceText('mcu_hw/Kbuild') },
  };
}
