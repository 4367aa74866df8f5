/* SPDX-License-Identifier: MIT */
/*
 * Sizes, times and rates as people write and read them.
 */
#ifndef SDBCTL_QUANTITY_H
#define SDBCTL_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "4096", "0x1000", "32K", "1M", "2G": binary units. */
bool parse_quantity(const char *text, uint64_t *quantity);
/* "2", "0.5": more than 0. */
bool parse_seconds(const char *text, double *seconds);

/* "812 B", "4.0 KiB", "13.2 MiB" */
const char *bytes_text(char *text, size_t room, double bytes);

/* CLOCK_MONOTONIC, the clock of the records' timestamps. */
uint64_t now_ns(void);

#endif
