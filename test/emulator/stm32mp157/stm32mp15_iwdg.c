/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Independent watchdog: RM0436, chapter "IWDG". Layout as in the kernel's stm32_iwdg.c; values at reset and
 * versions as in ST's device description (SVD). It counts at the LSI's 32 kHz.
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define KR 0x00
#define PR 0x04
#define RLR 0x08
#define SR 0x0c
#define WINR 0x10

#define KEY_RELOAD 0xaaaa
#define KEY_START 0xcccc
#define KEY_UNLOCK 0x5555

#define PR_BITS 0x7
#define COUNTER_BITS 0xfff
#define UPDATING 0x7 /* PVU, RVU, WVU */
#define UPDATE_CYCLES 5

static int64_t iwdg_step_ns(Stm32mp15Iwdg *s)
{
    return (4ll << s->pr) * NANOSECONDS_PER_SECOND / STM32MP15_LSI_HZ;
}

static uint32_t iwdg_counter(Stm32mp15Iwdg *s)
{
    int64_t steps = (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->reloaded_ns) / iwdg_step_ns(s);

    return MAX(0, (int64_t)s->rlr - steps);
}

static void iwdg_reload(Stm32mp15Iwdg *s)
{
    s->reloaded_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    timer_mod(s->timer, s->reloaded_ns + (s->rlr + 1) * iwdg_step_ns(s));
}

static void iwdg_bite(void *opaque)
{
    Stm32mp15Iwdg *s = opaque;

    qemu_irq_pulse(s->reset);
}

static bool iwdg_updating(Stm32mp15Iwdg *s)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) < s->updated_ns;
}

static uint64_t iwdg_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Iwdg *s = opaque;

    switch (offset) {
    case KR:
        return 0;
    case PR:
        return s->pr;
    case RLR:
        return s->rlr;
    case SR:
        return iwdg_updating(s) ? UPDATING : 0;
    case WINR:
        return s->winr;
    case 0x3f0: /* HWCFGR */
        return 0x71;
    case 0x3f4: /* VERR */
        return 0x23;
    case 0x3f8: /* IPIDR */
        return 0x00120041;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        return stm32mp15_no_register("iwdg2", offset);
    }
}

static void iwdg_key(Stm32mp15Iwdg *s, uint32_t key)
{
    s->unlocked = key == KEY_UNLOCK;
    if (key == KEY_START) {
        s->started = true;
    }
    if (key == KEY_RELOAD && s->started && iwdg_counter(s) > s->winr) {
        iwdg_bite(s);
    } else if (s->started && (key == KEY_START || key == KEY_RELOAD)) {
        iwdg_reload(s);
    }
}

static void iwdg_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Iwdg *s = opaque;

    if (offset == KR) {
        iwdg_key(s, value & 0xffff);
        return;
    }
    if (offset != PR && offset != RLR && offset != WINR) {
        stm32mp15_no_register_write("iwdg2", offset, value);
        return;
    }
    if (!s->unlocked) {
        stm32mp15_refuse("iwdg2", true, offset, value, "it is locked");
        return;
    }
    if (offset == PR) {
        s->pr = value & PR_BITS;
    } else if (offset == RLR) {
        s->rlr = value & COUNTER_BITS;
    } else {
        s->winr = value & COUNTER_BITS;
        if (s->started) {
            iwdg_reload(s);
        }
    }
    s->updated_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                    UPDATE_CYCLES * NANOSECONDS_PER_SECOND / STM32MP15_LSI_HZ;
}

static const MemoryRegionOps iwdg_ops = {
    .read = iwdg_read,
    .write = iwdg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void iwdg_reset(DeviceState *dev)
{
    Stm32mp15Iwdg *s = STM32MP15_IWDG(dev);

    timer_del(s->timer);
    s->pr = PR_BITS;
    s->rlr = s->winr = COUNTER_BITS;
    s->started = s->unlocked = false;
    s->reloaded_ns = s->updated_ns = 0;
}

static void iwdg_init(Object *obj)
{
    Stm32mp15Iwdg *s = STM32MP15_IWDG(obj);

    memory_region_init_io(&s->mmio, obj, &iwdg_ops, s, TYPE_STM32MP15_IWDG, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    qdev_init_gpio_out_named(DEVICE(obj), &s->reset, "reset", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, iwdg_bite, s);
}

static const VMStateDescription iwdg_vmstate = {
    .name = TYPE_STM32MP15_IWDG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32(pr, Stm32mp15Iwdg),
        VMSTATE_UINT32(rlr, Stm32mp15Iwdg),
        VMSTATE_UINT32(winr, Stm32mp15Iwdg),
        VMSTATE_BOOL(started, Stm32mp15Iwdg),
        VMSTATE_BOOL(unlocked, Stm32mp15Iwdg),
        VMSTATE_INT64(reloaded_ns, Stm32mp15Iwdg),
        VMSTATE_INT64(updated_ns, Stm32mp15Iwdg),
        VMSTATE_TIMER_PTR(timer, Stm32mp15Iwdg),
        VMSTATE_END_OF_LIST() }
};

static void iwdg_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = iwdg_reset;
    DEVICE_CLASS(klass)->vmsd = &iwdg_vmstate;
}

static const TypeInfo iwdg_infos[] = {
    {
        .name = TYPE_STM32MP15_IWDG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Iwdg),
        .instance_init = iwdg_init,
        .class_init = iwdg_class_init,
    },
};
DEFINE_TYPES(iwdg_infos)
