/* SPDX-License-Identifier: MIT */
/*
 * One answer of the agent: a line of JSON. Several threads and processes share one pipe. So each line is written by
 * one write() and never exceeds PIPE_BUF. A pipe keeps such a write whole.
 */
#ifndef AGENT_ANSWER_H
#define AGENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_MAX 4096
/* what fits into one answer as hexadecimal digits, with room for the other fields */
#define ANSWER_BYTES_MAX 1792

struct answer {
	/* number that the question came with, NULL on the command line */
	const char *id;
	bool failed;
	bool overflow;
	int64_t begun_us;
	size_t length;
	char fields[ANSWER_MAX];
};

void answer_begin(struct answer *answer, const char *id);

void answer_number(struct answer *answer, const char *key, int64_t value);
void answer_numbers(struct answer *answer, const char *key, const int64_t *values, size_t count);
void answer_text(struct answer *answer, const char *key, const char *text);
/* for bytes that need not be text: what is not printable ASCII appears as \u00NN */
void answer_string(struct answer *answer, const char *key, const char *bytes, size_t length);
void answer_bytes(struct answer *answer, const char *key, const void *bytes, size_t length);
void answer_pointer(struct answer *answer, const char *key, const void *pointer);

/* The system call failed: "errno":"EINVAL" and so on. */
void answer_errno(struct answer *answer, int error);
/* The agent itself could not do what was asked: "error":"…". */
void answer_error(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line that belongs to the question but is not its end: {"id":1,KIND:{…}}. Empties the fields. */
void answer_part(struct answer *answer, const char *kind);
/* The line that ends the question, with the time it took and when it ended (CLOCK_MONOTONIC). */
void answer_end(struct answer *answer);

int64_t monotonic_us(void);

#endif
