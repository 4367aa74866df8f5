/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "qemu/osdep.h"
#include "hw/sysbus.h"
#include "sysemu/device_tree.h"
#include "stm32mp15_virtio.h"

#define BASE 0x5f000000
#define SIZE 0x200

void stm32mp15_virtio_init(const qemu_irq lines[STM32MP15_VIRTIO_COUNT])
{
    for (int i = 0; i < STM32MP15_VIRTIO_COUNT; i++) {
        sysbus_create_simple("virtio-mmio", BASE + i * SIZE, lines[i]);
    }
}

void stm32mp15_virtio_nodes(void *fdt)
{
    uint32_t gic = qemu_fdt_get_phandle(fdt, "/interrupt-controller@a0021000");

    for (int i = 0; i < STM32MP15_VIRTIO_COUNT; i++) {
        g_autofree char *node = g_strdup_printf("/virtio_mmio@%x", BASE + i * SIZE);

        qemu_fdt_add_subnode(fdt, node);
        qemu_fdt_setprop_string(fdt, node, "compatible", "virtio,mmio");
        qemu_fdt_setprop_cells(fdt, node, "reg", BASE + i * SIZE, SIZE);
        qemu_fdt_setprop_cells(fdt, node, "interrupt-parent", gic);
        qemu_fdt_setprop_cells(fdt, node, "interrupts", 0, STM32MP15_VIRTIO_SPI + i, 1);
    }
}
