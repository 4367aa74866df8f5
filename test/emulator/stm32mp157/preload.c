/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine is loaded into a QEMU that was built without it. That takes two things. Programs that
 * QEMU starts must not load it too. And a QEMU whose structures are laid out otherwise than here is
 * refused, with a message.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "cpu.h"
#include "hw/arm/armv7m.h"
#include "hw/boards.h"
#include "hw/cpu/a15mpcore.h"
#include "stm32mp15.h"

static void __attribute__((constructor)) keep_from_children(void)
{
    unsetenv("LD_PRELOAD");
}

void stm32mp15_check_layout(void)
{
    static const struct {
        const char *type;
        size_t size;
    } known[] = {
        { TYPE_MACHINE, sizeof(MachineState) },
        { TYPE_SYS_BUS_DEVICE, sizeof(SysBusDevice) },
        { TYPE_ARM_CPU, sizeof(ARMCPU) },
        { TYPE_ARMV7M, sizeof(ARMv7MState) },
        { TYPE_A15MPCORE_PRIV, sizeof(A15MPPrivState) },
    };

    for (int i = 0; i < ARRAY_SIZE(known); i++) {
        size_t size = object_type_get_instance_size(known[i].type);

        if (size != known[i].size) {
            error_report("%s takes %zu bytes in this QEMU and %zu in its sources", known[i].type, size, known[i].size);
            exit(1);
        }
    }
}
