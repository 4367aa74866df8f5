/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * General-purpose and basic timers: RM0436, chapters "General-purpose timers (TIM2/TIM3/TIM4/TIM5)"
 * and "Basic timers (TIM6/TIM7)". Modelled are: counting up; the update, which interrupts or asks a
 * DMA; and the first channel's comparison. Other registers only keep what is written. The counter
 * is computed from QEMU's clock when it is read. So it is right however late an interrupt is taken.
 * Layout as in the kernel's stm32-timers.h; widths of the counters as in ST's CMSIS header
 * stm32mp157cxx_cm4.h; writable bits as in ST's device description (SVD).
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define CR1 0x00
#define DIER 0x0c
#define SR 0x10
#define EGR 0x14
#define CNT 0x24
#define PSC 0x28
#define ARR 0x2c
#define CCR1 0x34
#define CCR4 0x40

#define CR1_CEN (1u << 0)
#define DIER_UDE (1u << 8)
/* The same bits in DIER, SR and EGR. */
#define UPDATE (1u << 0)
#define COMPARE1 (1u << 1)

/* How soon a DMA that is set up after the timer is noticed. */
#define DMA_IDLE_NS 1000000
/* On a host that is later than this, requests are lost. */
#define DMA_LATE_NS 10000000

#define NOT_THERE 0
static const uint32_t writable[0x70 / 4] = {
    0x00000bff,
    0x00f57ffd,
    0x0031fff7,
    0x00007fff,
    0x00033fff,
    0x000001ff,
    0xffffffff,
    0xffffffff,
    0x0033bfff,
    0xffffffff,
    0x0000ffff,
    0xffffffff,
    NOT_THERE,
    0xffffffff,
    0xffffffff,
    0xffffffff,
    0xffffffff,
    NOT_THERE,
    0x00001f1f,
    0xffffffff,
    NOT_THERE,
    NOT_THERE,
    NOT_THERE,
    NOT_THERE,
    0xffffffff,
    NOT_THERE,
    0xffffffff,
};

static bool is_there(hwaddr offset)
{
    return offset < sizeof(writable) && writable[offset / 4] != NOT_THERE;
}

static uint32_t reg(Stm32mp15Tim *s, hwaddr offset)
{
    return s->regs[offset / 4];
}

static uint64_t period(Stm32mp15Tim *s)
{
    return (uint64_t)reg(s, ARR) + 1;
}

/* Rounded up, so that the counter has arrived when the time has. */
static int64_t to_ns(Stm32mp15Tim *s, uint64_t counts)
{
    uint64_t cycles = counts * ((uint64_t)reg(s, PSC) + 1);
    uint32_t hz = stm32mp15_rcc_timg1_hz(s->rcc);

    return cycles / hz * NANOSECONDS_PER_SECOND + DIV_ROUND_UP(cycles % hz * NANOSECONDS_PER_SECOND, hz);
}

/* Counts since the counter was 0, not wrapped. */
static uint64_t counts_at(Stm32mp15Tim *s, int64_t now)
{
    uint64_t cycles = muldiv64(now - s->zero_ns, stm32mp15_rcc_timg1_hz(s->rcc), NANOSECONDS_PER_SECOND);

    return cycles / ((uint64_t)reg(s, PSC) + 1);
}

static uint32_t count_at(Stm32mp15Tim *s, int64_t now)
{
    return reg(s, CR1) & CR1_CEN ? counts_at(s, now) % period(s) : reg(s, CNT);
}

static void expect_compare(Stm32mp15Tim *s, int64_t now)
{
    uint32_t count = count_at(s, now), compare = reg(s, CCR1);
    uint64_t left = compare > count ? compare - count : compare + period(s) - count;

    s->compare_ns = compare > reg(s, ARR) ? INT64_MAX : now + to_ns(s, left);
}

/*
 * Notes the updates that have happened by now. Updates that a DMA waits for are noted when the DMA
 * gets them.
 */
static void catch_up(Stm32mp15Tim *s, int64_t now)
{
    uint64_t updates;

    if (!(reg(s, CR1) & CR1_CEN)) {
        return;
    }
    updates = counts_at(s, now) / period(s);
    if (updates && !(reg(s, DIER) & DIER_UDE)) {
        s->regs[SR / 4] |= UPDATE;
        s->zero_ns += to_ns(s, updates * period(s));
    }
    if (s->compare_ns <= now) {
        s->regs[SR / 4] |= COMPARE1;
        expect_compare(s, now);
    }
}

static uint32_t items_until_event(Stm32mp15Tim *s)
{
    uint32_t items = 0;

    for (int i = 0; i < 2 && !items; i++) {
        items = s->dma[i] ? stm32mp15_dma_until_event(s->dma[i], s->request) : 0;
    }
    return items;
}

static void schedule(Stm32mp15Tim *s)
{
    uint32_t dier = reg(s, DIER);
    int64_t next = INT64_MAX;

    qemu_set_irq(s->irq, !!(reg(s, SR) & dier & (UPDATE | COMPARE1)));
    s->dma_items = dier & DIER_UDE ? items_until_event(s) : 0;
    if (!(reg(s, CR1) & CR1_CEN)) {
        timer_del(s->timer);
        return;
    }
    if (s->dma_items) {
        next = s->zero_ns + to_ns(s, s->dma_items * period(s));
    } else if (dier & DIER_UDE) {
        next = s->zero_ns + MAX(DMA_IDLE_NS, to_ns(s, period(s)));
    } else if (dier & UPDATE) {
        next = s->zero_ns + to_ns(s, period(s));
    }
    if (dier & COMPARE1) {
        next = MIN(next, s->compare_ns);
    }
    if (next == INT64_MAX) {
        timer_del(s->timer);
    } else {
        timer_mod(s->timer, next);
    }
}

static void give_dma(Stm32mp15Tim *s, int64_t now)
{
    int64_t due = s->zero_ns + to_ns(s, s->dma_items * period(s));

    if (!(reg(s, DIER) & DIER_UDE) || now < due) {
        return;
    }
    s->regs[SR / 4] |= UPDATE;
    for (int i = 0; i < 2 && s->dma_items; i++) {
        if (s->dma[i]) {
            stm32mp15_dma_request(s->dma[i], s->request, s->dma_items);
        }
    }
    s->zero_ns = s->dma_items && now - due <= DMA_LATE_NS ? due : now;
}

static void tick(void *opaque)
{
    Stm32mp15Tim *s = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    give_dma(s, now);
    catch_up(s, now);
    schedule(s);
}

static uint64_t tim_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Tim *s = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (!is_there(offset)) {
        return stm32mp15_no_register("tim", offset);
    }
    switch (offset) {
    case EGR:
        return 0;
    case CNT:
        return count_at(s, now);
    case SR:
        catch_up(s, now);
        return reg(s, SR);
    default:
        return reg(s, offset);
    }
}

static void set_count(Stm32mp15Tim *s, int64_t now, uint32_t count)
{
    s->regs[CNT / 4] = count;
    s->zero_ns = now - to_ns(s, count);
}

static void tim_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Tim *s = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint32_t count = count_at(s, now);

    if (!is_there(offset)) {
        stm32mp15_no_register_write("tim", offset, value);
        return;
    }
    value &= writable[offset / 4];
    catch_up(s, now);
    switch (offset) {
    case SR:
        s->regs[SR / 4] &= value;
        break;
    case EGR:
        s->regs[SR / 4] |= value & (UPDATE | COMPARE1);
        if (value & UPDATE) {
            set_count(s, now, 0);
        }
        break;
    case CNT:
        set_count(s, now, value & s->max);
        break;
    default:
        s->regs[offset / 4] = offset >= ARR && offset <= CCR4 ? value & s->max : value;
        set_count(s, now, count);
    }
    expect_compare(s, now);
    schedule(s);
}

static const MemoryRegionOps tim_ops = {
    .read = tim_read,
    .write = tim_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
    .valid = { .min_access_size = 2, .max_access_size = 4 },
};

static void tim_reset(DeviceState *dev)
{
    Stm32mp15Tim *s = STM32MP15_TIM(dev);

    memset(s->regs, 0, sizeof(s->regs));
    s->regs[ARR / 4] = s->max;
    s->dma_items = 0;
    s->zero_ns = 0;
    s->compare_ns = INT64_MAX;
    timer_del(s->timer);
    qemu_set_irq(s->irq, 0);
}

static void tim_init(Object *obj)
{
    Stm32mp15Tim *s = STM32MP15_TIM(obj);

    memory_region_init_io(&s->mmio, obj, &tim_ops, s, TYPE_STM32MP15_TIM, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, tick, s);
}

static const VMStateDescription tim_vmstate = {
    .name = TYPE_STM32MP15_TIM,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(regs, Stm32mp15Tim, 0x70 / 4),
        VMSTATE_TIMER_PTR(timer, Stm32mp15Tim),
        VMSTATE_INT64(zero_ns, Stm32mp15Tim),
        VMSTATE_INT64(compare_ns, Stm32mp15Tim),
        VMSTATE_UINT32(dma_items, Stm32mp15Tim),
        VMSTATE_END_OF_LIST() }
};

static void tim_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = tim_reset;
    DEVICE_CLASS(klass)->vmsd = &tim_vmstate;
}

static const TypeInfo tim_infos[] = {
    {
        .name = TYPE_STM32MP15_TIM,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Tim),
        .instance_init = tim_init,
        .class_init = tim_class_init,
    },
};
DEFINE_TYPES(tim_infos)
