# SPDX-License-Identifier: MIT
# The STM32MP15's Cortex-M4, below stm32_rproc. CROSS_COMPILE may be arm-none-eabi- or arm-linux-gnueabihf-: nothing of a
# C library or of the compiler's own is linked. No floating point, so that an interrupt saves little; no unaligned access,
# since DDR may be a device to the core.
PLATFORM_SOURCES := start.c platform.c ipcc.c timer.c clock.c dma.c watchdog.c mpu.c divide.S
PLATFORM_FLAGS := -mthumb -mcpu=cortex-m4 -mfloat-abi=soft -mno-unaligned-access
PLATFORM_LINKER_SCRIPT := stm32mp15.ld
