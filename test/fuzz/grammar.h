/* SPDX-License-Identifier: MIT */
/*
 * The grammar of kernel/PROTOCOL.md a second time. This is a table of states that takes one character at a time. The
 * parsers under test descend. It shares no code, no type and no idea with them.
 */
#ifndef FUZZ_GRAMMAR_H
#define FUZZ_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grammar_record {
	bool announces;
	uint32_t index;
	/* of an announcement, else 0 */
	uint32_t address;
	uint32_t length;
};

/* Bytes of the record that the text begins with, 0 if it begins with none. */
size_t grammar_record(const char *text, size_t size, struct grammar_record *record);

#endif
