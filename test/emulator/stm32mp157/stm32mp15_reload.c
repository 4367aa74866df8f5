/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that holds the firmware's program, as Linux sees it. Linux loads the same firmware again at each start. QEMU
 * throws code away that is written to, though it is written as it was, and with each piece of it all cores' jumps. Here
 * a write of what is there already is none.
 *
 * A debugger of a Cortex-A7 reads here, but QEMU drops what it writes. It can write at the memory's alias.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "stm32mp15_reload.h"

static uint64_t reload_read(void *opaque, hwaddr at, unsigned size)
{
    Stm32mp15Reload *s = opaque;

    return ldn_le_p(s->bytes + at, size);
}

static void reload_write(void *opaque, hwaddr at, uint64_t value, unsigned size)
{
    Stm32mp15Reload *s = opaque;
    uint8_t bytes[sizeof(value)];

    if (ldn_le_p(s->bytes + at, size) == value) {
        return;
    }
    stn_le_p(bytes, size, value);
    address_space_write(&address_space_memory, s->direct + at, MEMTXATTRS_UNSPECIFIED, bytes, size);
}

static const MemoryRegionOps reload_ops = {
    .read = reload_read,
    .write = reload_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

void stm32mp15_reload_init(Stm32mp15Reload *s, MemoryRegion *memory, hwaddr base, hwaddr direct, uint64_t size)
{
    s->bytes = memory_region_get_ram_ptr(memory);
    s->direct = direct;
    memory_region_init_io(&s->seen, NULL, &reload_ops, s, "firmware-program", size);
    memory_region_add_subregion_overlap(get_system_memory(), base, &s->seen, 1);
}
