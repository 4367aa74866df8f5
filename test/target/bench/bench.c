// SPDX-License-Identifier: MIT
/*
 * Measurements whose loops must wait for nobody but the driver. Each is one command and prints a
 * line for each region. scripts/lib/run/bench says what the figures mean, and which are compared.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../verb.h"
#include "measure.h"
#include "session.h"

static const struct {
	const char *name;
	bool (*run)(struct bench *bench);
} measurements[] = {
	/* rounds, count, turn, buffers: how many are live, length, features */
	{ "events", bench_events },
	/* all */
	{ "transfers", bench_transfers },
	/* rounds, length */
	{ "mapping", bench_mapping },
	/* rounds, count, length */
	{ "copy", bench_copy },
	/* rounds, count, length, buffers */
	{ "disk", bench_disk },
};

#define MEASUREMENTS (sizeof(measurements) / sizeof(measurements[0]))

static uint32_t *option(struct bench_options *options, const char *key)
{
	const struct {
		const char *key;
		uint32_t *value;
	} known[] = {
		{ "rounds", &options->rounds },	  { "count", &options->count },
		{ "buffers", &options->buffers }, { "length", &options->length },
		{ "batch", &options->batch },	  { "records", &options->records },
		{ "direct", &options->direct },	  { "features", &options->features },
		{ "delay", &options->delay },	  { "flow", &options->flow },
		{ "fill", &options->fill },	  { "turn", &options->turn },
		{ "dma", &options->dma },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].key, key))
			return known[i].value;
	return NULL;
}

static bool parse(struct bench_options *options, char **words, int count)
{
	for (int i = 0; i < count; i++) {
		char *value = strchr(words[i], '=');
		uint32_t *wanted;
		int64_t number;

		if (!value)
			return false;
		*value++ = '\0';
		wanted = option(options, words[i]);
		if (!wanted || !parse_number(value, &number) || number < 0 || number > UINT32_MAX)
			return false;
		*wanted = (uint32_t)number;
	}
	return options->rounds && options->count && options->length && options->buffers &&
	       options->buffers <= SESSION_BUFFERS_MAX;
}

int bench_main(int argc, char **argv)
{
	struct bench bench = { .options = { .rounds = 1,
					    .count = 1000,
					    .buffers = 1,
					    .length = 4096,
					    .batch = 1,
					    .records = 1,
					    .features = 7,
					    .flow = 1,
					    .fill = 1 } };
	size_t which = 0;
	struct answer answer;

	while (argc && which < MEASUREMENTS && strcmp(measurements[which].name, argv[0]))
		which++;
	if (!argc || which == MEASUREMENTS || !parse(&bench.options, argv + 1, argc - 1)) {
		fprintf(stderr, "usage: agent bench " BENCH_USAGE "\n");
		return 2;
	}
	answer_begin(&answer, NULL);
	bench.answer = bench.firmware.answer = &answer;
	measurements[which].run(&bench);
	answer_end(&answer);
	coprocessor_close();
	return answer.failed;
}
