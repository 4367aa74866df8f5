/* SPDX-License-Identifier: MIT */
/* Writes one JSON value after another to a stream, with the commas and brackets between them. */
#ifndef SDBCTL_JSON_H
#define SDBCTL_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool comma;
};

/* key is NULL in an array and on top. bracket is { or [ and its closing one. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t number);
void json_real(struct json *json, const char *key, double number);
void json_bool(struct json *json, const char *key, bool value);
/* The end of a document: a line. */
void json_end(struct json *json);

#endif
