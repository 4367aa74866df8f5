/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks whose registers only keep what is written: RM0436, chapters "PWR", "SYSCFG", "DTS", "DBGMCU", "BSEC",
 * "ETZPC" and "TAMP". Values at reset, writable bits and versions as in ST's device description (SVD); what is
 * otherwise says so.
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define ALL 0xffffffff
#define SIDR 0xa3c5dd01

/* Regulators and their ready bits: as the kernel's stm32-pwr.c polls them. */
static const Stm32mp15BankRule pwr[] = {
    { 0x000, .writable = 0x000701f7 },
    { 0x004 },
    { 0x008, .writable = 0x00000013, .ready = 0x00030000, .shift = 16 },
    { 0x00c, .reset = 0x50000000, .writable = 0x513e1f00, .ready = 0xa0000000, .shift = 1 },
    { 0x010, .writable = 0x00000209 },
    { 0x014, .writable = 0x00000201 },
    { 0x020, .writable = 0x0fff3f3f },
    { 0x024 },
    { 0x028, .writable = 0x0000003f },
    { 0x02c, .writable = 0x0000003f },
    { 0x3f4, .reset = 0x00000011 },
    { 0x3f8, .reset = 0x00010001 },
    { 0x3fc, .reset = SIDR },
};

static const Stm32mp15BankRule syscfg[] = {
    { 0x000, .reset = 5, .writable = 0x00000070 }, /* the board's BOOT pins: SD card */
    { 0x004, .writable = 0x03f3033f, .sets = true },
    { 0x018, .writable = 0x0000001f, .sets = true },
    { 0x01c, .writable = 0x000007ef },
    { 0x020, .reset = 0x00870000, .writable = 0x00ff0002 },
    { 0x024, .writable = 0x00000003, .sets = true },
    { 0x028, .writable = 0x00000003, .clears = 0x024 },
    { 0x02c, .writable = 0x00000005 },
    { 0x044, .writable = 0x03f3033f, .clears = 0x004 },
    { 0x058, .writable = 0x0000001f, .clears = 0x018 },
    { 0x3f4, .reset = 0x00000020 },
    { 0x3f8, .reset = 0x00030001 },
    { 0x3fc, .reset = SIDR },
};

/*
 * A factory would write the sensor's values. These are made up: 30 degrees. The sensor is always
 * ready.
 */
static const Stm32mp15BankRule dts[] = {
    { 0x000, .writable = 0x7f3f0f11 },
    { 0x008, .reset = 0x00000801 },
    { 0x010, .reset = 0x00000100 },
    { 0x014, .writable = ALL },
    { 0x01c, .writable = 0x0000ffff },
    { 0x020, .reset = 0x00008000 },
    { 0x024, .writable = 0x00000077 },
    { 0x028, .writable = 0x00000077, .clears = 0x028 },
    { 0x02c, .writable = ALL },
};

/* Revision B: TF-A's stm32mp1_def.h has the numbers. */
static const Stm32mp15BankRule dbgmcu[] = {
    { 0x000, .reset = 0x20006500 },
    { 0x004, .writable = ALL },
    { 0x02c, .writable = ALL, .more = 15 },
};

/* No fuse is blown, so all shadow registers read 0. Part number 0 is the STM32MP157C. */
static const Stm32mp15BankRule bsec[] = {
    { 0x01c },
    { 0x200, .more = 95 },
    { 0xff4, .reset = 0x00000011 },
    { 0xffc, .reset = SIDR },
};

/*
 * A reset leaves all peripherals to the secure side. A boot loader for a Linux without a secure
 * side gives all of them away.
 */
static const Stm32mp15BankRule etzpc[] = {
    { 0x000, .reset = 0x000003ff, .writable = 0x800003ff, .more = 1 },
    { 0x010, .reset = ALL, .writable = ALL, .more = 5 },
    { 0x030, .writable = ALL, .more = 2 },
    { 0x3f0, .reset = 0x00006002 },
    { 0x3f4, .reset = 0x00000020 },
    { 0x3f8, .reset = 0x00100061 },
    { 0x3fc, .reset = SIDR },
};

static const Stm32mp15BankRule tamp[] = {
    { 0x000, .reset = 0xffff0000, .writable = 0x009f0007 },
    { 0x004, .writable = 0x07070007 },
    { 0x00c, .writable = 0x000000ff },
    { 0x010, .reset = 0x00070000, .writable = 0xc7073f07 },
    { 0x014 },
    { 0x018 },
    { 0x020, .reset = 0x80000000, .writable = 0x80ff00ff },
    { 0x02c, .writable = 0x009f0007 },
    { 0x030, .more = 2 },
    { 0x03c, .writable = 0x009f0007, .clears = 0x03c },
    { 0x040 },
    { 0x050, .writable = 0x00000001 },
    { 0x100, .writable = ALL, .more = 31 },
    { 0x3ec, .reset = 0x00000101 },
    { 0x3f0, .reset = 0x009d1320 },
    { 0x3f4, .reset = 0x00000010 },
    { 0x3f8, .reset = 0x00121033 },
    { 0x3fc, .reset = SIDR },
};

const Stm32mp15BankLayout stm32mp15_banks[] = {
    { "pwr", pwr, ARRAY_SIZE(pwr) },
    { "syscfg", syscfg, ARRAY_SIZE(syscfg) },
    { "dts", dts, ARRAY_SIZE(dts) },
    { "dbgmcu", dbgmcu, ARRAY_SIZE(dbgmcu) },
    { "bsec", bsec, ARRAY_SIZE(bsec) },
    { "etzpc", etzpc, ARRAY_SIZE(etzpc) },
    { "tamp", tamp, ARRAY_SIZE(tamp) },
};
const unsigned stm32mp15_bank_count = ARRAY_SIZE(stm32mp15_banks);

static const Stm32mp15BankRule *bank_rule(Stm32mp15Bank *s, hwaddr offset)
{
    for (unsigned i = 0; i < s->layout->count; i++) {
        const Stm32mp15BankRule *rule = &s->layout->rules[i];

        if (offset >= rule->offset && offset <= rule->offset + rule->more * 4 && offset % 4 == 0) {
            return rule;
        }
    }
    return NULL;
}

static uint64_t bank_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Bank *s = opaque;
    const Stm32mp15BankRule *rule = bank_rule(s, offset);
    uint32_t value;

    if (!rule) {
        return stm32mp15_no_register(s->layout->name, offset);
    }
    value = s->regs[(rule->clears ? rule->clears : offset) / 4];
    return value | (value << rule->shift & rule->ready);
}

static void bank_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Bank *s = opaque;
    const Stm32mp15BankRule *rule = bank_rule(s, offset);
    uint32_t *reg = &s->regs[offset / 4];

    if (!rule) {
        stm32mp15_no_register_write(s->layout->name, offset, value);
        return;
    }
    value &= rule->writable;
    if (rule->clears) {
        s->regs[rule->clears / 4] &= ~value;
    } else {
        *reg = rule->sets ? *reg | value : (*reg & ~rule->writable) | value;
    }
}

static const MemoryRegionOps bank_ops = {
    .read = bank_read,
    .write = bank_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void bank_reset(DeviceState *dev)
{
    Stm32mp15Bank *s = STM32MP15_BANK(dev);

    memset(s->regs, 0, sizeof(s->regs));
    for (unsigned i = 0; i < s->layout->count; i++) {
        for (unsigned n = 0; n <= s->layout->rules[i].more; n++) {
            s->regs[s->layout->rules[i].offset / 4 + n] = s->layout->rules[i].reset;
        }
    }
}

static void bank_init(Object *obj)
{
    Stm32mp15Bank *s = STM32MP15_BANK(obj);

    memory_region_init_io(&s->mmio, obj, &bank_ops, s, TYPE_STM32MP15_BANK, sizeof(s->regs));
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
}

static const VMStateDescription bank_vmstate = {
    .name = TYPE_STM32MP15_BANK,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(regs, Stm32mp15Bank, 0x1000 / 4),
        VMSTATE_END_OF_LIST() }
};

static void bank_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = bank_reset;
    DEVICE_CLASS(klass)->vmsd = &bank_vmstate;
}

static const TypeInfo bank_infos[] = {
    {
        .name = TYPE_STM32MP15_BANK,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Bank),
        .instance_init = bank_init,
        .class_init = bank_class_init,
    },
};
DEFINE_TYPES(bank_infos)
