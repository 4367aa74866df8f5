/* SPDX-License-Identifier: MIT */
/*
 * What the agent can be asked. Each concern has a file and a table of verbs.
 */
#ifndef AGENT_VERB_H
#define AGENT_VERB_H

#include <sys/types.h>

#include "answer.h"

#define ARGUMENTS_MAX 16

struct argument {
	char *text;
	/* set for the numeric ones */
	int64_t number;
};

struct verb {
	const char *name;
	/*
	 * The arguments by kind, one letter each: n number (decimal, 0x…, may be negative), s word, t the rest of the
	 * line (may be empty, holds spaces). After '?' they may be left out, and '*' repeats the letter before it.
	 */
	const char *shape;
	const char *usage;
	void (*run)(struct answer *answer, const struct argument *arguments, size_t count);
};

extern const struct verb file_verbs[];
extern const struct verb memory_verbs[];
extern const struct verb mapping_verbs[];
extern const struct verb ioctl_verbs[];
extern const struct verb event_verbs[];
extern const struct verb process_verbs[];
extern const struct verb thread_verbs[];
extern const struct verb syscall_verbs[];
extern const struct verb coprocessor_verbs[];
extern const struct verb kmsg_verbs[];
extern const struct verb stream_verbs[];
extern const struct verb fault_injection_verbs[];
extern const struct verb attack_verbs[];
extern const struct verb reopen_verbs[];
extern const struct verb ring_verbs[];
extern const struct verb pin_verbs[];

/* Splits and runs "VERB ARGS…" and answers with the id. The line is changed. */
void run_command(const char *id, char *command);

/* Splits "VERB ARGS…", which is changed: the verb with ARGUMENTS_MAX + 1 arguments, or NULL and the answer says why. */
const struct verb *parse_command(struct answer *answer, char *command, struct argument *arguments,
				 size_t *count);

/* Decimal, 0x…, negative; the whole word. 64 bits of either sign, so that any register value can be asked for. */
bool parse_number(const char *word, int64_t *number);

/* Hexadecimal digits to bytes: their count, or -1. */
ssize_t parse_bytes(const char *digits, void *bytes, size_t room);

/* \xNN and \\ to bytes, in place: the new length, or -1. */
ssize_t unescape(char *text);

#endif
