/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Window watchdog of the MCU: RM0436, chapter "WWDG". Layout as in ST's CMSIS header
 * stm32mp157cxx_cm4.h; values at reset and versions as in ST's device description (SVD). Before it
 * is activated, this model does not look at its counter.
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define CR 0x00
#define CFR 0x04
#define SR 0x08

#define T 0x7f
#define T6 (1u << 6)
#define WDGA (1u << 7)
#define EWI (1u << 9)
#define WDGTB_SHIFT 11
#define WDGTB 0x7
#define CFR_BITS (T | EWI | WDGTB << WDGTB_SHIFT)
#define EWIF (1u << 0)
#define PCLK_DIVIDER 4096

/* Time that the counter takes for so many steps. */
static int64_t wwdg_ns(Stm32mp15Wwdg *s, uint32_t steps)
{
    uint64_t cycles = (uint64_t)steps * PCLK_DIVIDER << (s->cfr >> WDGTB_SHIFT & WDGTB);

    return muldiv64(cycles, NANOSECONDS_PER_SECOND, stm32mp15_rcc_pclk1_hz(s->rcc));
}

static uint32_t wwdg_counter(Stm32mp15Wwdg *s)
{
    int64_t step = MAX(1, wwdg_ns(s, 1));

    return (s->cr - (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->since_ns) / step) & T;
}

static void wwdg_bite(Stm32mp15Wwdg *s)
{
    timer_del(s->timer);
    qemu_irq_pulse(s->reset); /* the RCC resets this watchdog with the core */
}

/* The early wake-up at 0x40, then the reset on the step to 0x3f. */
static void wwdg_schedule(Stm32mp15Wwdg *s)
{
    uint32_t left = (s->cr & T) - T6;

    qemu_set_irq(s->irq, s->sr & EWIF && s->cfr & EWI);
    if (!(s->cr & WDGA)) {
        timer_del(s->timer);
    } else if (wwdg_counter(s) > T6) {
        timer_mod(s->timer, s->since_ns + wwdg_ns(s, left));
    } else {
        timer_mod(s->timer, s->since_ns + wwdg_ns(s, left + 1));
    }
}

static void wwdg_tick(void *opaque)
{
    Stm32mp15Wwdg *s = opaque;

    if (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->since_ns >= wwdg_ns(s, (s->cr & T) - T6 + 1)) {
        wwdg_bite(s);
        return;
    }
    s->sr |= EWIF;
    qemu_set_irq(s->irq, !!(s->cfr & EWI));
    timer_mod(s->timer, s->since_ns + wwdg_ns(s, (s->cr & T) - T6 + 1));
}

static uint64_t wwdg_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Wwdg *s = opaque;

    switch (offset) {
    case CR:
        return s->cr & WDGA ? WDGA | wwdg_counter(s) : s->cr;
    case CFR:
        return s->cfr;
    case SR:
        return s->sr;
    case 0x3f0: /* HWCFGR */
        return PCLK_DIVIDER - 1;
    case 0x3f4: /* VERR */
        return 0x21;
    case 0x3f8: /* IPIDR */
        return 0x00120051;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        return stm32mp15_no_register("wwdg1", offset);
    }
}

static void wwdg_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Wwdg *s = opaque;
    bool too_early;

    switch (offset) {
    case CR:
        too_early = s->cr & WDGA && wwdg_counter(s) > (s->cfr & T);
        s->cr = (value & (WDGA | T)) | (s->cr & WDGA);
        s->since_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        if (s->cr & WDGA && (too_early || !(s->cr & T6))) {
            wwdg_bite(s);
            return;
        }
        break;
    case CFR:
        s->cr = (s->cr & WDGA) | wwdg_counter(s); /* it goes on from where it is */
        s->since_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->cfr = (value & CFR_BITS) | (s->cfr & EWI);
        break;
    case SR:
        s->sr &= value;
        break;
    default:
        stm32mp15_no_register_write("wwdg1", offset, value);
        return;
    }
    wwdg_schedule(s);
}

static const MemoryRegionOps wwdg_ops = {
    .read = wwdg_read,
    .write = wwdg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void wwdg_reset(DeviceState *dev)
{
    Stm32mp15Wwdg *s = STM32MP15_WWDG(dev);

    timer_del(s->timer);
    s->cr = s->cfr = T;
    s->sr = 0;
    s->since_ns = 0;
    qemu_set_irq(s->irq, 0);
}

static void wwdg_init(Object *obj)
{
    Stm32mp15Wwdg *s = STM32MP15_WWDG(obj);

    memory_region_init_io(&s->mmio, obj, &wwdg_ops, s, TYPE_STM32MP15_WWDG, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->reset, "reset", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, wwdg_tick, s);
}

static const VMStateDescription wwdg_vmstate = {
    .name = TYPE_STM32MP15_WWDG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32(cr, Stm32mp15Wwdg),
        VMSTATE_UINT32(cfr, Stm32mp15Wwdg),
        VMSTATE_UINT32(sr, Stm32mp15Wwdg),
        VMSTATE_INT64(since_ns, Stm32mp15Wwdg),
        VMSTATE_TIMER_PTR(timer, Stm32mp15Wwdg),
        VMSTATE_END_OF_LIST() }
};

static void wwdg_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = wwdg_reset;
    DEVICE_CLASS(klass)->vmsd = &wwdg_vmstate;
}

static const TypeInfo wwdg_infos[] = {
    {
        .name = TYPE_STM32MP15_WWDG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Wwdg),
        .instance_init = wwdg_init,
        .class_init = wwdg_class_init,
    },
};
DEFINE_TYPES(wwdg_infos)
