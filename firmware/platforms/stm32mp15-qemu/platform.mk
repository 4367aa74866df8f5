# SPDX-License-Identifier: MIT
# The firmware of the STM32MP15 on QEMU's mps2-an386: the same Cortex-M4 code, with memory in place of
# the IPCC. It is for tests on a host, and no board runs it.
include $(SOURCE)platforms/cortex-m4/cortex-m4.mk
PLATFORM_SOURCES := $(CORTEX_M4_SOURCES) board.c
PLATFORM_LINKER_SCRIPT := stm32mp15-qemu.ld
