/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Cortex-M4 with its reset: RM0436, chapter "RCC", sections "MCU reset" and "MCU boot". After a reset it is
 * held until RCC_MP_GCR.BOOT_MCU is set, and then runs until the next reset, whatever that bit becomes.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/units.h"
#include "cpu.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "sysemu/reset.h"
#include "target/arm/kvm-consts.h"
#include "stm32mp15_bus.h"

static void mcu_work(CPUState *cs, run_on_cpu_data data)
{
    Stm32mp15Mcu *s = data.host_ptr;

    /* Resetting the core leaves these as they are. */
    device_cold_reset(DEVICE(&s->armv7m.nvic));
    device_cold_reset(DEVICE(&s->armv7m.systick[M_REG_NS]));
    cpu_reset(cs);
    if (s->running) {
        ARM_CPU(cs)->power_state = PSCI_ON;
        cs->halted = 0;
    } else {
        ARM_CPU(cs)->power_state = PSCI_OFF;
        cs->halted = 1;
        cs->exception_index = EXCP_HLT;
    }
    /* Interrupts that were pending before the reset are pending after it. */
    stm32mp15_ipcc_update(s->ipcc);
}

static void mcu_apply(Stm32mp15Mcu *s, bool running)
{
    s->running = running;
    clock_update_hz(s->clock, stm32mp15_rcc_mcu_hz(s->rcc));
    async_run_on_cpu(CPU(s->armv7m.cpu), mcu_work, RUN_ON_CPU_HOST_PTR(s));
}

static void mcu_boot(void *opaque, int n, int level)
{
    Stm32mp15Mcu *s = opaque;

    s->boot = level;
    if (s->boot && !s->running) {
        mcu_apply(s, true);
    }
}

static void mcu_reset_pulse(void *opaque, int n, int level)
{
    Stm32mp15Mcu *s = opaque;

    if (level) {
        mcu_apply(s, s->boot);
    }
}

static void mcu_system_reset(void *opaque)
{
    Stm32mp15Mcu *s = opaque;

    s->boot = s->running = false;
    cpu_reset(CPU(s->armv7m.cpu)); /* start-powered-off: it stays off */
}

static void mcu_init(Object *obj)
{
    Stm32mp15Mcu *s = STM32MP15_MCU(obj);

    memory_region_init(&s->bus, obj, "stm32mp15-mcu-bus", 4 * GiB);
    object_initialize_child(obj, "cluster", &s->cluster, TYPE_CPU_CLUSTER);
    object_initialize_child(OBJECT(&s->cluster), "armv7m", &s->armv7m, TYPE_ARMV7M);
    qdev_init_gpio_in_named(DEVICE(obj), mcu_boot, "boot", 1);
    qdev_init_gpio_in_named(DEVICE(obj), mcu_reset_pulse, "reset", 1);
    s->clock = clock_new(obj, "mcu");
}

static void mcu_realize(DeviceState *dev, Error **errp)
{
    Stm32mp15Mcu *s = STM32MP15_MCU(dev);
    DeviceState *armv7m = DEVICE(&s->armv7m);

    stm32mp15_bus_background(&s->nothing, &s->bus);
    clock_set_hz(s->clock, stm32mp15_rcc_mcu_hz(s->rcc));
    qdev_prop_set_uint32(DEVICE(&s->cluster), "cluster-id", 1);
    qdev_prop_set_string(armv7m, "cpu-type", ARM_CPU_TYPE_NAME("cortex-m4"));
    qdev_prop_set_uint32(armv7m, "num-irq", STM32MP15_MCU_IRQS);
    qdev_prop_set_bit(armv7m, "start-powered-off", true);
    qdev_connect_clock_in(armv7m, "cpuclk", s->clock);
    object_property_set_link(OBJECT(armv7m), "memory", OBJECT(&s->bus), &error_abort);
    sysbus_realize(SYS_BUS_DEVICE(armv7m), &error_fatal);
    qdev_realize(DEVICE(&s->cluster), NULL, &error_fatal);
    qdev_connect_gpio_out_named(armv7m, "SYSRESETREQ", 0, qdev_get_gpio_in_named(dev, "reset", 0));
    qemu_register_reset(mcu_system_reset, s);
}

static const VMStateDescription mcu_vmstate = {
    .name = TYPE_STM32MP15_MCU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_BOOL(boot, Stm32mp15Mcu),
        VMSTATE_BOOL(running, Stm32mp15Mcu),
        VMSTATE_CLOCK(clock, Stm32mp15Mcu),
        VMSTATE_END_OF_LIST() }
};

static void mcu_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->realize = mcu_realize;
    DEVICE_CLASS(klass)->vmsd = &mcu_vmstate;
    DEVICE_CLASS(klass)->user_creatable = false;
}

static const TypeInfo mcu_infos[] = {
    {
        .name = TYPE_STM32MP15_MCU,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Mcu),
        .instance_init = mcu_init,
        .class_init = mcu_class_init,
    },
};
DEFINE_TYPES(mcu_infos)
