// SPDX-License-Identifier: MIT
#include "json.h"

#include <inttypes.h>

static void quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(out, "\\u%04x", (unsigned int)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void begin(struct json *json, const char *key)
{
	if (json->comma)
		fputc(',', json->out);
	if (key) {
		quoted(json->out, key);
		fputc(':', json->out);
	}
	json->comma = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	fputc(bracket, json->out);
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	fputc(bracket, json->out);
	json->comma = true;
}

void json_text(struct json *json, const char *key, const char *text)
{
	begin(json, key);
	quoted(json->out, text);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
	begin(json, key);
	fprintf(json->out, "%" PRIu64, number);
}

void json_real(struct json *json, const char *key, double number)
{
	begin(json, key);
	fprintf(json->out, "%.6f", number);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_end(struct json *json)
{
	fputc('\n', json->out);
	fflush(json->out);
	json->comma = false;
}
