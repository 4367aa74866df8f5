// SPDX-License-Identifier: MIT
#include "gic.h"

#define GICD 0x08000000u
#define GICC 0x08010000u

#define GICD_CTLR	0x000
#define GICD_IGROUPR	0x080
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ICACTIVER	0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR	0x800

#define GICC_CTLR  0x000
#define GICC_PMR   0x004
#define GICC_IAR   0x00c
#define GICC_EOIR  0x010
#define GICC_APR   0x0d0
#define GICC_NSAPR 0x0e0

#define ENABLE_BOTH_GROUPS 0x3
/* Both groups, acknowledge group 1 as well, group 0 as FIQ. */
#define INTERFACE_ON   0xf
#define ALL_PRIORITIES 0xf0

#define PRIORITY_IRQ 0xa0
#define PRIORITY_FIQ 0x00
#define THIS_CORE    0x02
#define FIRST_SPI    32u

static volatile uint32_t *reg32(uint32_t address)
{
	return (volatile uint32_t *)address;
}

static volatile uint8_t *reg8(uint32_t address)
{
	return (volatile uint8_t *)address;
}

static void set_bit(uint32_t bank, uint32_t id)
{
	*reg32(GICD + bank + id / 32 * 4) = 1u << id % 32;
}

void gic_drop_all(void)
{
	*reg32(GICC + GICC_APR) = 0;
	*reg32(GICC + GICC_NSAPR) = 0;
}

void gic_start(void)
{
	gic_drop_all();
	*reg32(GICD + GICD_CTLR) |= ENABLE_BOTH_GROUPS;
	*reg32(GICC + GICC_PMR) = ALL_PRIORITIES;
	*reg32(GICC + GICC_CTLR) = INTERFACE_ON;
}

void gic_enable(uint32_t id, bool fiq)
{
	volatile uint32_t *group = reg32(GICD + GICD_IGROUPR + id / 32 * 4);

	/* Linux writes no group after it has started. So this core may read and write them. */
	if (fiq)
		*group &= ~(1u << id % 32);
	else
		*group |= 1u << id % 32;
	*reg8(GICD + GICD_IPRIORITYR + id) = fiq ? PRIORITY_FIQ : PRIORITY_IRQ;
	if (id >= FIRST_SPI)
		*reg8(GICD + GICD_ITARGETSR + id) = THIS_CORE;
	set_bit(GICD_ICPENDR, id);
	set_bit(GICD_ICACTIVER, id);
	set_bit(GICD_ISENABLER, id);
}

void gic_listen(uint32_t id, bool listen)
{
	set_bit(listen ? GICD_ISENABLER : GICD_ICENABLER, id);
}

void gic_ring(uint32_t id)
{
	set_bit(GICD_ISPENDR, id);
}

uint32_t gic_acknowledge(void)
{
	return *reg32(GICC + GICC_IAR) & 0x3ff;
}

void gic_end(uint32_t id)
{
	*reg32(GICC + GICC_EOIR) = id;
}
