# SPDX-License-Identifier: MIT
# The second core of QEMU's virt machine, without MMU; unaligned accesses fault. The compiler says whether it is a 32-bit
# or a 64-bit one.
CORE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
PLATFORM_SOURCES := platform.c gic.c $(CORE)/start.S $(CORE)/core.c
PLATFORM_LINKER_SCRIPT := emulated.ld

PLATFORM_FLAGS_arm := -marm -mcpu=cortex-a7 -mgeneral-regs-only -mno-unaligned-access
# A coprocessor's pointers have 32 bits.
PLATFORM_FLAGS_aarch64 := -mcpu=cortex-a35 -mabi=ilp32 -mgeneral-regs-only -mstrict-align
PLATFORM_FLAGS := $(PLATFORM_FLAGS_$(CORE))

# Divisions of 64-bit numbers; a 64-bit core has an instruction for them.
PLATFORM_LIBRARIES_arm := -lgcc
PLATFORM_LIBRARIES := $(PLATFORM_LIBRARIES_$(CORE))
