/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see ../README.md: the real header is libmetal's. */
#ifndef METAL_IO_H
#define METAL_IO_H

#include <stddef.h>
#include <stdint.h>

typedef unsigned long metal_phys_addr_t;

struct metal_io_region {
	void *virt;
};

struct metal_io_ops;

void metal_io_init(struct metal_io_region *io, void *virt, const metal_phys_addr_t *physmap,
		   size_t size, unsigned int page_shift, unsigned int mem_flags,
		   const struct metal_io_ops *ops);

#endif
