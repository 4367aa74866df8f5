/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way from a core to a peripheral. RM0436, chapter "RCC", section "Peripheral clock gating": a
 * peripheral is clocked when the MPU or the MCU has enabled it. The manual does not say what the
 * chip does with an access to a peripheral without a clock. Here a read gives 0, a write is lost,
 * and both are logged as a guest's error.
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "cpu.h"
#include "exec/exec-all.h"
#include "exec/memop.h"
#include "stm32mp15_bus.h"

/* A guest that polls what is refused must not fill the disk. */
#define LOGGED_MAX 10000

typedef struct Stm32mp15Port {
    const Stm32mp15Block *block;
    MemoryRegion gate;
    SysBusDevice *dev; /* NULL: not modelled */
} Stm32mp15Port;

static Stm32mp15Port *ports;
static Stm32mp15Rcc *bus_rcc;

/*
 * The instruction that a core is at, asked from within a device. This must not change the core's
 * state: the translated code goes on with what it has.
 */
static uint32_t guest_pc(CPUState *cs)
{
    CPUARMState *env = &ARM_CPU(cs)->env;
    uint64_t data[TARGET_INSN_START_WORDS];

    if (!cpu_unwind_state_data(cs, cs->mem_io_pc, data)) {
        return env->regs[15];
    }
    return TARGET_TB_PCREL ? (env->regs[15] & TARGET_PAGE_MASK) | data[0] : data[0];
}

/* A core of the second cluster is the MCU. Without one it is a DMA, or a test. */
bool stm32mp15_mcu_accesses(void)
{
    return current_cpu && current_cpu->cluster_index == 1;
}

void stm32mp15_guest_error(const char *format, ...)
{
    static unsigned logged;
    g_autofree char *what = NULL, *who = NULL;
    va_list arguments;

    if (!qemu_loglevel_mask(LOG_GUEST_ERROR) || logged > LOGGED_MAX) {
        return;
    }
    if (!current_cpu) {
        who = g_strdup("no core");
    } else if (stm32mp15_mcu_accesses()) {
        who = g_strdup_printf("mcu at 0x%08x", guest_pc(current_cpu));
    } else {
        who = g_strdup_printf("mpu%d at 0x%08x", current_cpu->cpu_index, guest_pc(current_cpu));
    }
    va_start(arguments, format);
    what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    qemu_log("stm32mp15: %s (%s)\n", what, who);
    if (++logged > LOGGED_MAX) {
        qemu_log("stm32mp15: no more of this is logged\n");
    }
}

void stm32mp15_refuse(const char *name, bool is_write, hwaddr offset, uint64_t value, const char *why)
{
    if (is_write) {
        stm32mp15_guest_error("%s: write of 0x%08" PRIx64 " at 0x%03" HWADDR_PRIx " refused: %s", name, value, offset,
                              why);
    } else {
        stm32mp15_guest_error("%s: read at 0x%03" HWADDR_PRIx " refused: %s", name, offset, why);
    }
}

uint64_t stm32mp15_no_register(const char *name, hwaddr offset)
{
    stm32mp15_refuse(name, false, offset, 0, "no such register");
    return 0;
}

void stm32mp15_no_register_write(const char *name, hwaddr offset, uint64_t value)
{
    stm32mp15_refuse(name, true, offset, value, "no such register");
}

static const char *refusal(const Stm32mp15Block *block)
{
    const Stm32mp15BusRegisters *registers = &stm32mp15_bus_registers[block->bus];
    uint32_t bit = 1u << block->bit, enabled;

    if (block->bus == STM32MP15_ALWAYS_ON) {
        return NULL;
    }
    if (bus_rcc->regs[registers->reset / 4] & bit) {
        return "it is held in reset";
    }
    enabled = bus_rcc->regs[registers->enable / 4] | bus_rcc->regs[(registers->enable + STM32MP15_MC_OFFSET) / 4];
    if (!(enabled & bit)) {
        return "its clock is off";
    }
    return NULL;
}

static MemTxResult gate_read(void *opaque, hwaddr offset, uint64_t *value, unsigned size, MemTxAttrs attrs)
{
    Stm32mp15Port *port = opaque;
    const char *why = refusal(port->block);

    *value = 0;
    if (why) {
        stm32mp15_refuse(port->block->name, false, offset, 0, why);
        return MEMTX_OK;
    }
    if (!port->dev) {
        qemu_log_mask(LOG_UNIMP, "stm32mp15: %s: read at 0x%03" HWADDR_PRIx "\n", port->block->name, offset);
        return MEMTX_OK;
    }
    return memory_region_dispatch_read(port->dev->mmio[0].memory, offset, value, size_memop(size) | MO_LE, attrs);
}

static MemTxResult gate_write(void *opaque, hwaddr offset, uint64_t value, unsigned size, MemTxAttrs attrs)
{
    Stm32mp15Port *port = opaque;
    const char *why = refusal(port->block);

    if (why) {
        stm32mp15_refuse(port->block->name, true, offset, value, why);
        return MEMTX_OK;
    }
    if (!port->dev) {
        qemu_log_mask(LOG_UNIMP, "stm32mp15: %s: write of 0x%08" PRIx64 " at 0x%03" HWADDR_PRIx "\n",
                      port->block->name, value, offset);
        return MEMTX_OK;
    }
    return memory_region_dispatch_write(port->dev->mmio[0].memory, offset, value, size_memop(size) | MO_LE, attrs);
}

static const MemoryRegionOps gate_ops = {
    .read_with_attrs = gate_read,
    .write_with_attrs = gate_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
    .valid = { .min_access_size = 1, .max_access_size = 4 },
};

static MemTxResult nothing_read(void *opaque, hwaddr address, uint64_t *value, unsigned size, MemTxAttrs attrs)
{
    stm32mp15_refuse("bus", false, address, 0, "nothing is there");
    *value = 0;
    return MEMTX_DECODE_ERROR;
}

static MemTxResult nothing_write(void *opaque, hwaddr address, uint64_t value, unsigned size, MemTxAttrs attrs)
{
    stm32mp15_refuse("bus", true, address, value, "nothing is there");
    return MEMTX_DECODE_ERROR;
}

static const MemoryRegionOps nothing_ops = {
    .read_with_attrs = nothing_read,
    .write_with_attrs = nothing_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 8 },
    .valid = { .min_access_size = 1, .max_access_size = 8 },
};

void stm32mp15_bus_background(MemoryRegion *mr, MemoryRegion *container)
{
    memory_region_init_io(mr, NULL, &nothing_ops, NULL, "nothing", 0x100000000ull);
    memory_region_add_subregion_overlap(container, 0, mr, -1);
}

/* Bits of one of the RCC's reset registers have been set. */
void stm32mp15_bus_reset(hwaddr offset, uint32_t bits)
{
    for (unsigned i = 0; i < stm32mp15_block_count; i++) {
        const Stm32mp15Block *block = ports[i].block;

        if (ports[i].dev && block->bus != STM32MP15_ALWAYS_ON &&
            stm32mp15_bus_registers[block->bus].reset == offset && bits & 1u << block->bit) {
            device_cold_reset(DEVICE(ports[i].dev));
        }
    }
}

void stm32mp15_bus_init(MemoryRegion *system, Stm32mp15Rcc *rcc)
{
    bus_rcc = rcc;
    ports = g_new0(Stm32mp15Port, stm32mp15_block_count);
    for (unsigned i = 0; i < stm32mp15_block_count; i++) {
        const Stm32mp15Block *block = &stm32mp15_blocks[i];

        ports[i].block = block;
        memory_region_init_io(&ports[i].gate, NULL, &gate_ops, &ports[i], block->name, block->size);
        memory_region_add_subregion(system, block->base, &ports[i].gate);
    }
}

void stm32mp15_bus_attach(const char *name, SysBusDevice *dev)
{
    for (unsigned i = 0; i < stm32mp15_block_count; i++) {
        if (!strcmp(ports[i].block->name, name)) {
            ports[i].dev = dev;
            return;
        }
    }
    g_assert_not_reached();
}
