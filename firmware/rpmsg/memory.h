/* SPDX-License-Identifier: MIT */
/*
 * The functions of <string.h> that the compiler may call by itself, and strlen(). This firmware has
 * no C library.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);
size_t strlen(const char *string);

#endif
