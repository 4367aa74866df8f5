/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DMAMUX: RM0436, chapter "DMAMUX". It says which request a DMA's stream follows; synchronisation and request
 * generators only keep what is written. Layout as in the kernel's stm32-dmamux.c and ST's CMSIS header
 * stm32mp157cxx_cm4.h; writable bits and versions as in ST's device description (SVD).
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define CSR 0x80
#define CFR 0x84
#define RGCR 0x100
#define RGSR 0x140
#define RGCFR 0x144
#define CCR_BITS 0x07ff037f
#define RGCR_BITS 0x00ff0107

static uint64_t dmamux_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Dmamux *s = opaque;

    if (offset < sizeof(s->ccr)) {
        return s->ccr[offset / 4];
    }
    if (offset >= RGCR && offset < RGCR + sizeof(s->rgcr)) {
        return s->rgcr[(offset - RGCR) / 4];
    }
    switch (offset) {
    case CSR:
    case CFR:
    case RGSR:
    case RGCFR:
        return 0;
    case 0x3ec: /* HWCFGR2 */
        return 0x08;
    case 0x3f0: /* HWCFGR1: 16 channels, 108 requests */
        return 0x08086c10;
    case 0x3f4: /* VERR */
        return 0x11;
    case 0x3f8: /* IPIDR */
        return 0x00100011;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        return stm32mp15_no_register("dmamux", offset);
    }
}

static void dmamux_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Dmamux *s = opaque;

    if (offset < sizeof(s->ccr)) {
        s->ccr[offset / 4] = value & CCR_BITS;
    } else if (offset >= RGCR && offset < RGCR + sizeof(s->rgcr)) {
        s->rgcr[(offset - RGCR) / 4] = value & RGCR_BITS;
        qemu_log_mask(LOG_UNIMP, "stm32mp15: dmamux: request generator\n");
    } else if (offset != CFR && offset != RGCFR) {
        stm32mp15_no_register_write("dmamux", offset, value);
    }
}

static const MemoryRegionOps dmamux_ops = {
    .read = dmamux_read,
    .write = dmamux_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void dmamux_reset(DeviceState *dev)
{
    Stm32mp15Dmamux *s = STM32MP15_DMAMUX(dev);

    memset(s->ccr, 0, sizeof(s->ccr));
    memset(s->rgcr, 0, sizeof(s->rgcr));
}

static void dmamux_init(Object *obj)
{
    Stm32mp15Dmamux *s = STM32MP15_DMAMUX(obj);

    memory_region_init_io(&s->mmio, obj, &dmamux_ops, s, TYPE_STM32MP15_DMAMUX, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
}

static const VMStateDescription dmamux_vmstate = {
    .name = TYPE_STM32MP15_DMAMUX,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(ccr, Stm32mp15Dmamux, STM32MP15_DMAMUX_CHANNELS),
        VMSTATE_UINT32_ARRAY(rgcr, Stm32mp15Dmamux, 8),
        VMSTATE_END_OF_LIST() }
};

static void dmamux_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = dmamux_reset;
    DEVICE_CLASS(klass)->vmsd = &dmamux_vmstate;
}

static const TypeInfo dmamux_infos[] = {
    {
        .name = TYPE_STM32MP15_DMAMUX,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Dmamux),
        .instance_init = dmamux_init,
        .class_init = dmamux_class_init,
    },
};
DEFINE_TYPES(dmamux_infos)
