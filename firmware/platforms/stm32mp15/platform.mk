# SPDX-License-Identifier: MIT
# The STM32MP15's Cortex-M4, below stm32_rproc. CROSS_COMPILE may be arm-none-eabi- or arm-linux-gnueabihf-:
# nothing of a C library or of the compiler's own is linked.
include $(SOURCE)platforms/cortex-m4/cortex-m4.mk
PLATFORM_SOURCES := $(CORTEX_M4_SOURCES) board.c clock.c
PLATFORM_LINKER_SCRIPT := stm32mp15.ld
