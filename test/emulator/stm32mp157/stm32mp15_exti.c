/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EXTI: RM0436, chapter "EXTI". Direct events go past it to the interrupt controllers. So only the
 * configurable ones do anything here. Layout as in the kernel's irq-stm32mp-exti.c and ST's CMSIS
 * header stm32mp157cxx_cm4.h; which lines are configurable, values at reset and versions as in ST's
 * device description (SVD).
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define BANK_SIZE 0x20
#define RTSR 0x00
#define FTSR 0x04
#define SWIER 0x08
#define RPR 0x0c
#define FPR 0x10
#define TZENR 0x14
#define EXTICR 0x60
#define IMR 0x80
#define CORE_SIZE 0x40 /* masks of one core */
#define MASK_SIZE 0x10 /* masks of one bank: IMR, EMR */

/* 0 to 16: pins, PVD; 65, 66: events of the cores; 68: reset by WWDG1; 73, 74 */
static const uint32_t configurable[STM32MP15_EXTI_BANKS] = { 0x0001ffff, 0x00000000, 0x00000616 };
static const uint32_t imr_at_reset[STM32MP15_EXTI_BANKS] = { 0xfffe0000, 0xffffffff, 0x00000de9 };
static const uint32_t imr_bits[STM32MP15_EXTI_BANKS] = { 0xffffffff, 0xffffffff, 0x00000fff };
static const uint32_t emr_bits[STM32MP15_EXTI_BANKS] = { 0x000effff, 0x00000000, 0x00000004 };
static const uint32_t tzenr_bits[STM32MP15_EXTI_BANKS] = { 0x050effff, 0x1fc00200, 0x00000000 };

static void exti_update(Stm32mp15Exti *s)
{
    for (int line = 0; line < STM32MP15_EXTI_LINES; line++) {
        int bank = line / 32;
        uint32_t bit = 1u << line % 32;
        bool pending = (s->rpr[bank] | s->fpr[bank]) & bit;

        if (configurable[bank] & bit) {
            for (int core = 0; core < STM32MP15_CORES; core++) {
                qemu_set_irq(s->irq[core][line], pending && s->imr[core][bank] & bit);
            }
        }
    }
}

static void exti_event(void *opaque, int line, int level)
{
    Stm32mp15Exti *s = opaque;
    int bank = line / 32;
    uint32_t bit = 1u << line % 32;

    if (!(configurable[bank] & bit) || !!(s->level[bank] & bit) == !!level) {
        return;
    }
    s->level[bank] ^= bit;
    if (level) {
        s->rpr[bank] |= s->rtsr[bank] & bit;
    } else {
        s->fpr[bank] |= s->ftsr[bank] & bit;
    }
    exti_update(s);
}

/* Registers that just keep what is written, and the bits of them that are there. */
static uint32_t *exti_kept(Stm32mp15Exti *s, hwaddr offset, uint32_t *bits)
{
    unsigned bank = offset / BANK_SIZE, core = (offset - IMR) / CORE_SIZE;
    unsigned masks = (offset - IMR) % CORE_SIZE / MASK_SIZE;

    if (offset >= IMR) {
        if (core >= STM32MP15_CORES || masks >= STM32MP15_EXTI_BANKS) {
            return NULL;
        }
        switch (offset % MASK_SIZE) {
        case 0:
            *bits = imr_bits[masks];
            return &s->imr[core][masks];
        case 4:
            *bits = emr_bits[masks];
            return &s->emr[core][masks];
        default:
            return NULL;
        }
    }
    if (offset >= EXTICR) {
        *bits = 0xffffffff;
        return offset < EXTICR + sizeof(s->exticr) ? &s->exticr[(offset - EXTICR) / 4] : NULL;
    }
    *bits = configurable[bank];
    switch (offset % BANK_SIZE) {
    case RTSR:
        return &s->rtsr[bank];
    case FTSR:
        return &s->ftsr[bank];
    case TZENR:
        *bits = tzenr_bits[bank];
        return &s->tzenr[bank];
    default:
        return NULL;
    }
}

static uint64_t exti_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Exti *s = opaque;
    uint32_t bits, *kept = exti_kept(s, offset, &bits);

    if (kept) {
        return *kept;
    }
    if (offset < EXTICR) {
        switch (offset % BANK_SIZE) {
        case SWIER:
            return 0;
        case RPR:
            return s->rpr[offset / BANK_SIZE];
        case FPR:
            return s->fpr[offset / BANK_SIZE];
        }
    }
    switch (offset) {
    case 0x3ec: /* HWCFGR2 to 4: the lines that are configurable */
    case 0x3e8:
    case 0x3e4:
        return configurable[(0x3ec - offset) / 4];
    case 0x3f0: /* HWCFGR1: 76 lines, two cores */
        return 0x000b214b;
    case 0x3f4: /* VERR */
        return 0x30;
    case 0x3f8: /* IPIDR */
        return 0x000e0001;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        return stm32mp15_no_register("exti", offset);
    }
}

static void exti_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Exti *s = opaque;
    unsigned bank = offset / BANK_SIZE, which = offset % BANK_SIZE;
    uint32_t bits, *kept = exti_kept(s, offset, &bits);

    if (kept) {
        *kept = value & bits;
    } else if (offset < EXTICR && which == SWIER) {
        s->rpr[bank] |= value & configurable[bank];
    } else if (offset < EXTICR && which == RPR) {
        s->rpr[bank] &= ~value;
    } else if (offset < EXTICR && which == FPR) {
        s->fpr[bank] &= ~value;
    } else {
        stm32mp15_no_register_write("exti", offset, value);
        return;
    }
    exti_update(s);
}

static const MemoryRegionOps exti_ops = {
    .read = exti_read,
    .write = exti_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void exti_reset(DeviceState *dev)
{
    Stm32mp15Exti *s = STM32MP15_EXTI(dev);

    memset(s->rtsr, 0, sizeof(s->rtsr));
    memset(s->ftsr, 0, sizeof(s->ftsr));
    memset(s->rpr, 0, sizeof(s->rpr));
    memset(s->fpr, 0, sizeof(s->fpr));
    memset(s->tzenr, 0, sizeof(s->tzenr));
    memset(s->level, 0, sizeof(s->level));
    memset(s->emr, 0, sizeof(s->emr));
    memset(s->exticr, 0, sizeof(s->exticr));
    for (int core = 0; core < STM32MP15_CORES; core++) {
        memcpy(s->imr[core], imr_at_reset, sizeof(imr_at_reset));
    }
    exti_update(s);
}

static void exti_init(Object *obj)
{
    Stm32mp15Exti *s = STM32MP15_EXTI(obj);

    memory_region_init_io(&s->mmio, obj, &exti_ops, s, TYPE_STM32MP15_EXTI, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    qdev_init_gpio_in_named(DEVICE(obj), exti_event, "event", STM32MP15_EXTI_LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->irq[0], "mpu", STM32MP15_EXTI_LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->irq[1], "mcu", STM32MP15_EXTI_LINES);
}

static const VMStateDescription exti_vmstate = {
    .name = TYPE_STM32MP15_EXTI,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(rtsr, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(ftsr, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(rpr, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(fpr, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(tzenr, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(level, Stm32mp15Exti, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_2DARRAY(imr, Stm32mp15Exti, STM32MP15_CORES, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_2DARRAY(emr, Stm32mp15Exti, STM32MP15_CORES, STM32MP15_EXTI_BANKS),
        VMSTATE_UINT32_ARRAY(exticr, Stm32mp15Exti, 4),
        VMSTATE_END_OF_LIST() }
};

static void exti_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = exti_reset;
    DEVICE_CLASS(klass)->vmsd = &exti_vmstate;
}

static const TypeInfo exti_infos[] = {
    {
        .name = TYPE_STM32MP15_EXTI,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Exti),
        .instance_init = exti_init,
        .class_init = exti_class_init,
    },
};
DEFINE_TYPES(exti_infos)
