/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware semaphores: RM0436, chapter "HSEM". Layout as in the kernel's stm32_hwspinlock.c and ST's CMSIS header
 * stm32mp157cxx_cm4.h; versions as in ST's device description (SVD). A lock carries the number of the core that
 * took it, and only that core gives it back.
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define R 0x000
#define RLR 0x080
#define CORES 0x100
#define CORE_SIZE 0x10
#define CR 0x140
#define KEYR 0x144

#define IER 0x0
#define ICR 0x4
#define ISR 0x8
#define MISR 0xc

#define LOCK (1u << 31)
#define PROCESS 0xff
#define CORE_SHIFT 8
#define CORE (0xfu << CORE_SHIFT)
#define KEY 0xffff0000

static void hsem_update(Stm32mp15Hsem *s)
{
    for (int core = 0; core < STM32MP15_CORES; core++) {
        qemu_set_irq(s->irq[core], !!(s->pending[core] & s->enabled[core]));
    }
}

static uint32_t hsem_core(void)
{
    return stm32mp15_mcu_accesses() ? 2 : 1;
}

static void hsem_free(Stm32mp15Hsem *s, int n)
{
    s->sem[n] = 0;
    for (int core = 0; core < STM32MP15_CORES; core++) {
        s->pending[core] |= 1u << n;
    }
    hsem_update(s);
}

static uint64_t hsem_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Hsem *s = opaque;
    unsigned n = offset % RLR / 4, core = (offset - CORES) / CORE_SIZE;

    if (offset < RLR) {
        return s->sem[n];
    }
    if (offset < CORES) { /* locked by being read */
        if (!s->sem[n]) {
            s->sem[n] = LOCK | hsem_core() << CORE_SHIFT;
        }
        return s->sem[n];
    }
    if (core < STM32MP15_CORES) {
        switch (offset % CORE_SIZE) {
        case IER:
            return s->enabled[core];
        case ICR:
            return 0;
        case ISR:
            return s->pending[core];
        default: /* MISR */
            return s->pending[core] & s->enabled[core];
        }
    }
    switch (offset) {
    case CR:
        return 0;
    case KEYR:
        return s->key;
    case 0x3ec: /* HWCFGR2: the cores' numbers */
        return 0x21;
    case 0x3f0: /* HWCFGR1: 32 semaphores, two interrupts */
        return 0x0220;
    case 0x3f4: /* VERR */
        return 0x20;
    case 0x3f8: /* IPIDR */
        return 0x00100072;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        return stm32mp15_no_register("hsem", offset);
    }
}

static void hsem_lock_write(Stm32mp15Hsem *s, int n, uint32_t value)
{
    if ((value & CORE) != hsem_core() << CORE_SHIFT) {
        stm32mp15_refuse("hsem", true, n * 4, value, "the number of another core");
    } else if (!s->sem[n]) {
        s->sem[n] = value & LOCK ? value & (LOCK | CORE | PROCESS) : 0;
    } else if (!(value & LOCK) && (s->sem[n] & ~LOCK) == (value & (CORE | PROCESS))) {
        hsem_free(s, n);
    }
}

static void hsem_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Hsem *s = opaque;
    unsigned core = (offset - CORES) / CORE_SIZE;

    if (offset < RLR) {
        hsem_lock_write(s, offset / 4, value);
    } else if (offset >= CORES && core < STM32MP15_CORES && offset % CORE_SIZE == IER) {
        s->enabled[core] = value;
    } else if (offset >= CORES && core < STM32MP15_CORES && offset % CORE_SIZE == ICR) {
        s->pending[core] &= ~value;
    } else if (offset == KEYR) {
        s->key = value & KEY;
    } else if (offset == CR) { /* frees all of a core's, with the key */
        for (int n = 0; n < STM32MP15_SEMAPHORES && (value & KEY) == s->key; n++) {
            if (s->sem[n] && (s->sem[n] & CORE) == (value & CORE)) {
                hsem_free(s, n);
            }
        }
    } else {
        stm32mp15_no_register_write("hsem", offset, value);
    }
    hsem_update(s);
}

static const MemoryRegionOps hsem_ops = {
    .read = hsem_read,
    .write = hsem_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void hsem_reset(DeviceState *dev)
{
    Stm32mp15Hsem *s = STM32MP15_HSEM(dev);

    memset(s->sem, 0, sizeof(s->sem));
    memset(s->enabled, 0, sizeof(s->enabled));
    memset(s->pending, 0, sizeof(s->pending));
    s->key = 0;
    hsem_update(s);
}

static void hsem_init(Object *obj)
{
    Stm32mp15Hsem *s = STM32MP15_HSEM(obj);

    memory_region_init_io(&s->mmio, obj, &hsem_ops, s, TYPE_STM32MP15_HSEM, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    for (int core = 0; core < STM32MP15_CORES; core++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[core]);
    }
}

static const VMStateDescription hsem_vmstate = {
    .name = TYPE_STM32MP15_HSEM,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(sem, Stm32mp15Hsem, STM32MP15_SEMAPHORES),
        VMSTATE_UINT32_ARRAY(enabled, Stm32mp15Hsem, STM32MP15_CORES),
        VMSTATE_UINT32_ARRAY(pending, Stm32mp15Hsem, STM32MP15_CORES),
        VMSTATE_UINT32(key, Stm32mp15Hsem),
        VMSTATE_END_OF_LIST() }
};

static void hsem_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = hsem_reset;
    DEVICE_CLASS(klass)->vmsd = &hsem_vmstate;
}

static const TypeInfo hsem_infos[] = {
    {
        .name = TYPE_STM32MP15_HSEM,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Hsem),
        .instance_init = hsem_init,
        .class_init = hsem_class_init,
    },
};
DEFINE_TYPES(hsem_infos)
