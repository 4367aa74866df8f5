/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real-time clock: RM0436, chapter "RTC". It shows the host's time until a guest sets it. Alarms, the wake-up
 * timer and time stamps only keep what is written. Layout as in the kernel's rtc-stm32.c; values at reset,
 * writable bits and versions as in ST's device description (SVD).
 */
#include "qemu/osdep.h"
#include "qemu/bcd.h"
#include "migration/vmstate.h"
#include "sysemu/rtc.h"
#include "stm32mp15.h"

#define TR 0x00
#define DR 0x04
#define ICSR 0x0c
#define PRER 0x10
#define WPR 0x24
#define SCR 0x5c

#define INITS (1u << 4)
#define RSF (1u << 5)
#define INITF (1u << 6)
#define INIT (1u << 7)
#define WRITE_FLAGS 0x7 /* alarms and wake-up timer can be written */
#define KEY1 0xca
#define KEY2 0x53
#define CENTURY 2000

#define NOT_THERE 0
#define NOTHING (1u << 31) /* there, but no bit of it can be written */
static const uint32_t writable[0x70 / 4] = {
    0x007f7f7f,
    0x00ffff3f,
    NOTHING,
    0x000000a0,
    0x007f7fff,
    0x0000ffff,
    0xe7ffff7f,
    NOT_THERE,
    0x0000e00f,
    0x000000ff,
    0x0000e1ff,
    NOTHING,
    NOTHING,
    NOTHING,
    NOTHING,
    NOT_THERE,
    0x7fffffff,
    0x0f007fff,
    0x7fffffff,
    0x0f007fff,
    NOTHING,
    NOTHING,
    NOTHING,
    0x0000003f,
    0x00000007,
};

static void rtc_now(Stm32mp15Rtc *s, uint32_t *time, uint32_t *date)
{
    struct tm tm;

    qemu_get_timedate(&tm, s->offset_s);
    *time = to_bcd(tm.tm_hour) << 16 | to_bcd(tm.tm_min) << 8 | to_bcd(tm.tm_sec);
    *date = to_bcd((tm.tm_year + 1900 - CENTURY) % 100) << 16 | (tm.tm_wday ? tm.tm_wday : 7) << 13 |
            to_bcd(tm.tm_mon + 1) << 8 | to_bcd(tm.tm_mday);
}

/* What a guest has set while the clock stood. */
static void rtc_set(Stm32mp15Rtc *s)
{
    uint32_t time = s->regs[TR / 4], date = s->regs[DR / 4];
    struct tm tm = {
        .tm_hour = from_bcd(time >> 16 & 0x3f),
        .tm_min = from_bcd(time >> 8 & 0x7f),
        .tm_sec = from_bcd(time & 0x7f),
        .tm_year = from_bcd(date >> 16 & 0xff) + CENTURY - 1900,
        .tm_mon = from_bcd(date >> 8 & 0x1f) - 1,
        .tm_mday = from_bcd(date & 0x3f),
    };

    s->offset_s = qemu_timedate_diff(&tm);
}

static uint64_t rtc_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Rtc *s = opaque;
    uint32_t time, date;

    switch (offset) {
    case 0x3f0: /* HWCFGR */
        return 0x01031111;
    case 0x3f4: /* VERR */
        return 0x10;
    case 0x3f8: /* IPIDR */
        return 0x00120033;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    }
    if (offset >= sizeof(writable) || writable[offset / 4] == NOT_THERE) {
        return stm32mp15_no_register("rtc", offset);
    }
    if (offset == ICSR) {
        return s->regs[ICSR / 4] | WRITE_FLAGS | INITS | RSF | (s->regs[ICSR / 4] & INIT ? INITF : 0);
    }
    if (offset == WPR) {
        return 0;
    }
    if (!(s->regs[ICSR / 4] & INIT) && (offset == TR || offset == DR)) {
        rtc_now(s, &time, &date);
        return offset == TR ? time : date;
    }
    return s->regs[offset / 4];
}

static void rtc_key(Stm32mp15Rtc *s, uint32_t key)
{
    if (key == KEY1) {
        s->unlocked = 1;
    } else {
        s->unlocked = s->unlocked == 1 && key == KEY2 ? 2 : 0;
    }
}

static void rtc_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Rtc *s = opaque;
    bool was_set = s->regs[ICSR / 4] & INIT;

    if (offset >= sizeof(writable) || writable[offset / 4] == NOT_THERE) {
        stm32mp15_no_register_write("rtc", offset, value);
        return;
    }
    if (offset == WPR) {
        rtc_key(s, value & 0xff);
        return;
    }
    if (s->unlocked != 2 && offset != SCR) {
        stm32mp15_refuse("rtc", true, offset, value, "it is locked");
        return;
    }
    if (!was_set && (offset == TR || offset == DR || offset == PRER)) {
        stm32mp15_refuse("rtc", true, offset, value, "it is not being set");
        return;
    }
    value &= writable[offset / 4] & ~NOTHING;
    if (offset == ICSR) {
        value &= INIT;
        if (value && !was_set) {
            rtc_now(s, &s->regs[TR / 4], &s->regs[DR / 4]);
        }
        if (!value && was_set) {
            rtc_set(s);
        }
    }
    s->regs[offset / 4] = offset == SCR ? 0 : value;
}

static const MemoryRegionOps rtc_ops = {
    .read = rtc_read,
    .write = rtc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

/* The backup domain: a system reset leaves it as it is. */
static void rtc_init(Object *obj)
{
    Stm32mp15Rtc *s = STM32MP15_RTC(obj);

    memory_region_init_io(&s->mmio, obj, &rtc_ops, s, TYPE_STM32MP15_RTC, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    s->regs[PRER / 4] = 0x007f00ff;
    s->regs[0x14 / 4] = 0x0000ffff; /* WUTR */
    s->regs[0x20 / 4] = 0x0000e00f; /* SMCR */
}

static const VMStateDescription rtc_vmstate = {
    .name = TYPE_STM32MP15_RTC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(regs, Stm32mp15Rtc, 0x70 / 4),
        VMSTATE_INT32(offset_s, Stm32mp15Rtc),
        VMSTATE_UINT32(unlocked, Stm32mp15Rtc),
        VMSTATE_END_OF_LIST() }
};

static void rtc_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->vmsd = &rtc_vmstate;
}

static const TypeInfo rtc_infos[] = {
    {
        .name = TYPE_STM32MP15_RTC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Rtc),
        .instance_init = rtc_init,
        .class_init = rtc_class_init,
    },
};
DEFINE_TYPES(rtc_infos)
