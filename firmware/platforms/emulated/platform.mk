# SPDX-License-Identifier: MIT
# The second core of QEMU's virt machine, 64-bit and without MMU; unaligned accesses fault. A coprocessor's pointers have
# 32 bits.
PLATFORM_SOURCES := platform.c gic.c start.S core.c
PLATFORM_LINKER_SCRIPT := emulated.ld
PLATFORM_FLAGS := -mcpu=cortex-a35 -mabi=ilp32 -mgeneral-regs-only -mstrict-align
