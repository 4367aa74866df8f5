/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see ../README.md: the real header is libmetal's. */
#ifndef METAL_SYS_H
#define METAL_SYS_H

struct metal_init_params {
	int log_level;
};

#define METAL_INIT_DEFAULTS \
	{ \
		.log_level = 0 \
	}

int metal_init(const struct metal_init_params *params);

#endif
