// SPDX-License-Identifier: MIT
#include "stream_plan.h"

#include <stdio.h>
#include <string.h>

#include "verb.h"

static const char *set_number(struct stream_plan *plan, const char *key, const char *value)
{
	int64_t number;

	if (!parse_number(value, &number) || number < 0 || number > 0xffffffff)
		return "not a number of 32 bits";
	if (!strcmp(key, "buffers"))
		plan->buffers = (unsigned int)number;
	else if (!strcmp(key, "length"))
		plan->length = (uint32_t)number;
	else if (!strcmp(key, "count"))
		plan->count = (uint32_t)number;
	else if (!strcmp(key, "rate"))
		plan->rate = (uint32_t)number;
	else if (!strcmp(key, "idle"))
		plan->idle_ms = (int)number;
	else if (!strcmp(key, "progress"))
		plan->progress_ms = (int)number;
	else
		return "unknown key";
	return NULL;
}

static const char *set_value(struct stream_plan *plan, const char *key, char *value)
{
	if (!strcmp(key, "device")) {
		plan->device = value;
		return NULL;
	}
	if (!strcmp(key, "firmware")) {
		for (char *comma = value; (comma = strchr(comma, ','));)
			*comma = ' ';
		if (snprintf(plan->extra, sizeof(plan->extra), " %s", value) >=
		    (int)sizeof(plan->extra))
			return "too long";
		return NULL;
	}
	if (!strcmp(key, "check")) {
		plan->stride = !strcmp(value, "page") ? 1024 : !strcmp(value, "words");
		return plan->stride || !strcmp(value, "none") ? NULL : "words, page or none";
	}
	if (!strcmp(key, "map")) {
		plan->shared = !strcmp(value, "shared");
		return plan->shared || !strcmp(value, "private") ? NULL : "private or shared";
	}
	return set_number(plan, key, value);
}

const char *stream_plan_parse(struct stream_plan *plan, char **words, size_t count)
{
	static char problem[160];

	*plan = (struct stream_plan){
		.buffers = 4,
		.length = 1 << 20,
		.count = 400,
		.stride = 1,
		.idle_ms = 3000,
		.progress_ms = 500,
		.device = "/dev/rpmsg_sdb",
	};
	for (size_t i = 0; i < count; i++) {
		char *value = strchr(words[i], '=');
		const char *wrong = "KEY=VALUE is wanted";

		if (value) {
			*value++ = '\0';
			wrong = set_value(plan, words[i], value);
		}
		if (wrong) {
			snprintf(problem, sizeof(problem), "%s: %s", words[i], wrong);
			return problem;
		}
	}
	if (!plan->buffers || plan->buffers > STREAM_BUFFERS_MAX)
		return "buffers: from 1 to 64";
	if (!plan->length || !plan->count)
		return "length and count: at least 1";
	return NULL;
}
