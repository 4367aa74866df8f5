# SPDX-License-Identifier: MIT
# The second core of QEMU's virt machine: a Cortex-A7 without MMU; unaligned accesses fault.
PLATFORM_SOURCES := start.S platform.c gic.c
PLATFORM_FLAGS := -marm -mcpu=cortex-a7 -mgeneral-regs-only -mno-unaligned-access
PLATFORM_LINKER_SCRIPT := emulated.ld
