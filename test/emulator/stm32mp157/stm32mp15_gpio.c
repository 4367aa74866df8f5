/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GPIO: RM0436, chapter "GPIO". A pin that is an output reads as what is put out. Layout as in the kernel's
 * pinctrl-stm32.c; values at reset and versions as in ST's device description (SVD).
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"

#define MODER 0x00
#define IDR 0x10
#define ODR 0x14
#define BSRR 0x18
#define BRR 0x28
#define SECCFGR 0x30 /* of port Z, which is not secured here */
#define ALL_PINS 0xffff
#define MODE_OUTPUT 1

static const uint32_t writable[0x30 / 4] = {
    0xffffffff,
    0x0000ffff,
    0xffffffff,
    0xffffffff,
    0,
    0x0000ffff,
    0,
    0x0001ffff,
    0xffffffff,
    0xffffffff,
    0,
    0,
};

static uint32_t gpio_pins(Stm32mp15Gpio *s)
{
    uint32_t outputs = 0;

    for (int pin = 0; pin < STM32MP15_GPIO_PINS; pin++) {
        if ((s->regs[MODER / 4] >> pin * 2 & 3) == MODE_OUTPUT) {
            outputs |= 1u << pin;
        }
    }
    return (s->regs[ODR / 4] & outputs) | (s->input & ~outputs & ALL_PINS);
}

static uint64_t gpio_read(void *opaque, hwaddr offset, unsigned size)
{
    Stm32mp15Gpio *s = opaque;

    if (offset & 3) { /* a part of a register, which a DMA may take */
        return gpio_read(opaque, offset & ~3, 4) >> (offset & 3) * 8;
    }
    switch (offset) {
    case IDR:
        return gpio_pins(s);
    case 0x3c8: /* HWCFGR10 */
        return 0x00011240;
    case 0x3cc:
        return 0x000000ff;
    case 0x3d4:
    case 0x3d8:
        return 0xffffffff;
    case BSRR:
    case BRR:
    case 0x3d0:
    case 0x3dc:
    case 0x3e0:
    case 0x3e4:
    case 0x3e8:
    case 0x3ec:
    case 0x3f0: /* HWCFGR0 */
        return 0;
    case 0x3f4: /* VERR */
        return 0x40;
    case 0x3f8: /* IPIDR */
        return 0x000f0002;
    case 0x3fc: /* SIDR */
        return 0xa3c5dd01;
    default:
        if (offset < BRR) {
            return s->regs[offset / 4];
        }
        return stm32mp15_no_register("gpio", offset);
    }
}

static void gpio_write(void *opaque, hwaddr offset, uint64_t value, unsigned size)
{
    Stm32mp15Gpio *s = opaque;

    if (offset & 3 || size != 4) { /* the manual has words, half words and bytes; only words are used */
        stm32mp15_refuse("gpio", true, offset, value, "a part of a register is not modelled");
        return;
    }
    switch (offset) {
    case BSRR:
        s->regs[ODR / 4] = (s->regs[ODR / 4] & ~(value >> 16)) | (value & ALL_PINS);
        break;
    case BRR:
        s->regs[ODR / 4] &= ~value;
        break;
    case SECCFGR:
        break;
    default:
        if (offset >= BRR || offset == IDR) {
            stm32mp15_no_register_write("gpio", offset, value);
            return;
        }
        s->regs[offset / 4] = value & writable[offset / 4];
    }
}

static void gpio_input(void *opaque, int pin, int level)
{
    Stm32mp15Gpio *s = opaque;

    s->input = deposit32(s->input, pin, 1, !!level);
}

static const MemoryRegionOps gpio_ops = {
    .read = gpio_read,
    .write = gpio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
    .valid = { .min_access_size = 1, .max_access_size = 4 },
};

static void gpio_reset(DeviceState *dev)
{
    Stm32mp15Gpio *s = STM32MP15_GPIO(dev);

    memset(s->regs, 0, sizeof(s->regs));
    s->regs[MODER / 4] = 0xffffffff;
}

static void gpio_init(Object *obj)
{
    Stm32mp15Gpio *s = STM32MP15_GPIO(obj);

    memory_region_init_io(&s->mmio, obj, &gpio_ops, s, TYPE_STM32MP15_GPIO, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    qdev_init_gpio_in_named(DEVICE(obj), gpio_input, "pin", STM32MP15_GPIO_PINS);
}

static const VMStateDescription gpio_vmstate = {
    .name = TYPE_STM32MP15_GPIO,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32_ARRAY(regs, Stm32mp15Gpio, 0x30 / 4),
        VMSTATE_UINT32(input, Stm32mp15Gpio),
        VMSTATE_END_OF_LIST() }
};

static void gpio_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->reset = gpio_reset;
    DEVICE_CLASS(klass)->vmsd = &gpio_vmstate;
}

static const TypeInfo gpio_infos[] = {
    {
        .name = TYPE_STM32MP15_GPIO,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Gpio),
        .instance_init = gpio_init,
        .class_init = gpio_class_init,
    },
};
DEFINE_TYPES(gpio_infos)
