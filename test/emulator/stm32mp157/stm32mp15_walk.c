/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks translation tables: what QEMU has found in them it does not tell. */
#include "qemu/osdep.h"
#include "cpu.h"
#include "internals.h"
#include "exec/address-spaces.h"
#include "stm32mp15_walk.h"

#define NEXT_TABLE 0xfffffff000ull

static uint32_t read_short(hwaddr address)
{
    return address_space_ldl_le(&address_space_memory, address, MEMTXATTRS_UNSPECIFIED, NULL);
}

static uint64_t read_long(hwaddr address)
{
    return address_space_ldq_le(&address_space_memory, address, MEMTXATTRS_UNSPECIFIED, NULL);
}

Stm32mp15Descriptors stm32mp15_walk(CPUARMState *env, uint32_t va)
{
    uint32_t n = env->cp15.tcr_el[1] & 7, ttbr;
    Stm32mp15Descriptors found = {};

    if (n && va >> (32 - n)) {
        ttbr = A32_BANKED_CURRENT_REG_GET(env, ttbr1);
        n = 0;
    } else {
        ttbr = A32_BANKED_CURRENT_REG_GET(env, ttbr0);
    }
    found.at = (ttbr & ~((1u << (14 - n)) - 1)) | (va << n >> n) >> 20 << 2;
    found.first = read_short(found.at);
    if ((found.first & 3) == 1) {
        found.at = (found.first & 0xfffffc00) | (va >> 12 & 0xff) << 2;
        found.second = read_short(found.at);
    }
    return found;
}

/* ARM DDI 0406C, B3.6: up to three levels of nine bits each; fewer bits of the first one are used. */
static Stm32mp15Entry walk_long(CPUARMState *env, uint32_t va)
{
    uint32_t ttbcr = env->cp15.tcr_el[1], t0 = ttbcr & 7, t1 = ttbcr >> 16 & 7;
    bool is_upper = t1 ? va >> (32 - t1) == (1u << t1) - 1 : t0 && va >> (32 - t0);
    uint32_t used = is_upper ? t1 : t0, shift = used < 2 ? 30 : 21;
    uint64_t table = is_upper ? A32_BANKED_CURRENT_REG_GET(env, ttbr1) : A32_BANKED_CURRENT_REG_GET(env, ttbr0);
    Stm32mp15Entry entry = { .is_long = true };

    /* The first table may be smaller than a page. Its address may then lie in the middle of one. */
    entry.at = (table & 0xffffffffe0ull) | (va << used >> used) >> shift << 3;
    for (;;) {
        entry.value = read_long(entry.at);
        if (shift == 12 || (entry.value & 3) != 3) {
            return entry;
        }
        shift -= 9;
        entry.at = (entry.value & NEXT_TABLE) | (va >> shift & 0x1ff) << 3;
    }
}

Stm32mp15Entry stm32mp15_entry(CPUARMState *env, uint32_t va)
{
    Stm32mp15Descriptors found;

    if (extended_addresses_enabled(env)) {
        return walk_long(env, va);
    }
    found = stm32mp15_walk(env, va);
    return (Stm32mp15Entry){ .at = found.at, .value = (found.first & 3) == 1 ? found.second : found.first };
}

bool stm32mp15_entry_stands(const Stm32mp15Entry *entry)
{
    return entry->at && (entry->is_long ? read_long(entry->at) : read_short(entry->at)) == entry->value;
}
