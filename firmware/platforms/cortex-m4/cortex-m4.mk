# SPDX-License-Identifier: MIT
# What platforms with a Cortex-M4 and an IPCC share. No floating point, so that an interrupt saves
# little; no unaligned access, since DDR may be a device to the core.
PLATFORM_SHARED := $(SOURCE)platforms/cortex-m4/
CORTEX_M4_SOURCES := start.c platform.c ipcc.c ticks.c mpu.c divide.S
PLATFORM_FLAGS := -mthumb -mcpu=cortex-m4 -mfloat-abi=soft -mno-unaligned-access
PLATFORM_LIBRARIES :=
