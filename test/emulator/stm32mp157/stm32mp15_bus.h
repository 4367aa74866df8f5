/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between a core and the STM32MP15's peripherals: addresses, clocks and resets. */
#ifndef HW_ARM_STM32MP15_BUS_H
#define HW_ARM_STM32MP15_BUS_H

#include "hw/sysbus.h"
#include "stm32mp15.h"

/* The buses that peripherals hang on, as far as the RCC has a set of registers for each. */
typedef enum {
    STM32MP15_ALWAYS_ON,
    STM32MP15_APB1,
    STM32MP15_APB2,
    STM32MP15_APB3,
    STM32MP15_APB4,
    STM32MP15_APB5,
    STM32MP15_AHB2,
    STM32MP15_AHB3,
    STM32MP15_AHB4,
    STM32MP15_AHB5,
    STM32MP15_AHB6,
    STM32MP15_BUSES,
} Stm32mp15BusName;

/* Registers of the RCC for the peripherals of one bus. The MCU's lie 0x80 behind the MPU's. */
typedef struct Stm32mp15BusRegisters {
    uint16_t reset, enable;
} Stm32mp15BusRegisters;
#define STM32MP15_MC_OFFSET 0x80

/* A row of the memory map. */
typedef struct Stm32mp15Block {
    const char *name;
    hwaddr base;
    uint32_t size;
    Stm32mp15BusName bus;
    uint8_t bit;
} Stm32mp15Block;

extern const Stm32mp15BusRegisters stm32mp15_bus_registers[STM32MP15_BUSES];
extern const Stm32mp15Block stm32mp15_blocks[];
extern const unsigned stm32mp15_block_count;

/*
 * Lays the memory map into @system: what is in none of its rows answers with a bus error, what is not clocked or
 * held in reset does nothing, what is not modelled reads as 0. All of it is logged.
 */
void stm32mp15_bus_init(MemoryRegion *system, Stm32mp15Rcc *rcc);

/* Puts a model behind the row of this name. */
void stm32mp15_bus_attach(const char *name, SysBusDevice *dev);

/* For the MCU's own map: an address that nothing answers. */
void stm32mp15_bus_background(MemoryRegion *mr, MemoryRegion *container);

#endif
