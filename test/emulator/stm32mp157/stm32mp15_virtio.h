/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulator's own devices: where the chip has nothing, Linux finds its disk and its network. */
#ifndef HW_ARM_STM32MP15_VIRTIO_H
#define HW_ARM_STM32MP15_VIRTIO_H

#include "hw/irq.h"

#define STM32MP15_VIRTIO_COUNT 8
#define STM32MP15_VIRTIO_SPI 240 /* of the first; the others follow */

void stm32mp15_virtio_init(const qemu_irq lines[STM32MP15_VIRTIO_COUNT]);

/* Their nodes in Linux's device tree. */
void stm32mp15_virtio_nodes(void *fdt);

#endif
