// SPDX-License-Identifier: MIT
/*
 * sdbctl: a person's tool for /dev/rpmsg_sdb on the board. sdbctl.1 describes it. The code is also
 * an example of the second version of the interface.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "complaint.h"
#include "interrupt.h"
#include "quantity.h"

#define SDBCTL_VERSION "0.1.0"

static const struct command {
	const char *name;
	enum outcome (*run)(const struct options *options);
	/* letters of the options it takes, as for getopt */
	const char *letters;
	bool takes_file;
	const char *about;
} commands[] = {
	{ "list", list_command, "", false, "channels, memory, counters, who has them open" },
	{ "capture", capture_command, "d:b:s:n:m:t:i:qD", true,
	  "what the coprocessor fills, into FILE (- or none: standard output)" },
	{ "serve", serve_command, "d:b:s:n:m:t:i:q", true,
	  "the same to who connects to this TCP PORT, without a copy" },
	{ "send", send_command, "d:b:s:i:wq", true,
	  "FILE (- or none: standard input) to the coprocessor, a buffer at a time" },
	{ "watch", watch_command, "n:t:", false,
	  "buffers and channels as they come, change hands and go" },
	{ "benchmark", benchmark_command, "d:b:s:n:t:i:r:", false,
	  "rate and latency of what the coprocessor sends" },
};

static void usage(FILE *out)
{
	fprintf(out, "usage: sdbctl COMMAND [OPTIONS]\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(out, "  %-9s %-8s %s\n", commands[i].name,
			commands[i].run == serve_command ? "PORT" :
			commands[i].takes_file		 ? "[FILE]" :
							   "",
			commands[i].about);
	fprintf(out,
		"\n"
		"  -d, --device FILE   the device (/dev/rpmsg_sdb); not for list and watch\n"
		"  -j, --json          for scripts\n"
		"  -b, --buffers N     buffers to use (4)\n"
		"  -s, --size BYTES    of each: 4096, 32K, 1M (1M)\n"
		"  -n, --count N       stop after N transfers or events\n"
		"  -m, --bytes BYTES   stop after BYTES\n"
		"  -t, --time SECONDS  stop after SECONDS (benchmark: 5)\n"
		"  -i, --idle SECONDS  stop when nothing came for SECONDS (benchmark, send: 5)\n"
		"  -r, --read WHAT     benchmark: none of each buffer, a byte a page, or all (all)\n"
		"  -w, --no-wait       send: end when all is handed over\n"
		"  -D, --direct        capture: the disk takes the memory's pages, the CPU copies nothing\n"
		"  -q, --quiet         no progress line\n"
		"  -h, --help          this\n"
		"  -V, --version       the version\n\n"
		"exit code: 0 all right, 1 failed, 2 usage, 3 transfers missed or buffers not handed back\n");
}

static void print_version(void)
{
	printf("sdbctl " SDBCTL_VERSION "\n");
}

static const struct option long_options[] = {
	{ "device", required_argument, NULL, 'd' },
	{ "json", no_argument, NULL, 'j' },
	{ "buffers", required_argument, NULL, 'b' },
	{ "size", required_argument, NULL, 's' },
	{ "count", required_argument, NULL, 'n' },
	{ "bytes", required_argument, NULL, 'm' },
	{ "time", required_argument, NULL, 't' },
	{ "idle", required_argument, NULL, 'i' },
	{ "read", required_argument, NULL, 'r' },
	{ "no-wait", no_argument, NULL, 'w' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "direct", no_argument, NULL, 'D' },
	{},
};

static bool parse_touch(const char *word, enum touch *touch)
{
	static const char *const words[] = { "none", "page", "all" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(word, words[i])) {
			*touch = (enum touch)i;
			return true;
		}
	return false;
}

static bool take_option(struct options *options, int letter, const char *value)
{
	uint64_t number;

	switch (letter) {
	case 'd':
		options->device = value;
		return true;
	case 'j':
		return options->json = true;
	case 'q':
		return options->quiet = true;
	case 'w':
		return options->no_wait = true;
	case 'D':
		return options->direct = true;
	case 'b':
		if (!parse_quantity(value, &number) || !number || number > 1024)
			return false;
		options->buffers = (unsigned int)number;
		return true;
	case 's':
		return parse_quantity(value, &options->size) && options->size &&
		       options->size <= 0xfffff000;
	case 'n':
		return parse_quantity(value, &options->count) && options->count;
	case 'm':
		return parse_quantity(value, &options->bytes) && options->bytes;
	case 't':
		return parse_seconds(value, &options->seconds);
	case 'i':
		return parse_seconds(value, &options->idle);
	case 'r':
		return parse_touch(value, &options->touch);
	default:
		return false;
	}
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* What an option's value may be, for the message after a wrong one. */
static const char *wanted(int letter)
{
	switch (letter) {
	case 'b':
		return "1 to 1024";
	case 's':
		return "1 to 4294963200 bytes, with K, M or G";
	case 'm':
		return "bytes from 1 on, with K, M or G";
	case 'n':
		return "a number from 1 on";
	case 'r':
		return "none, page or all";
	default:
		return "seconds, more than 0 and less than 1000000";
	}
}

/* Whether the command has a use for the option. */
static bool is_taken(const struct command *command, int letter)
{
	return letter == 'j' || (letter != ':' && strchr(command->letters, letter));
}

static bool parse(int argc, char **argv, const struct command *command, struct options *options)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "d:jb:s:n:m:t:i:r:wDqhV", long_options, NULL)) !=
	       -1) {
		if (letter == 'h') {
			usage(stdout);
			exit(OUTCOME_OK);
		}
		if (letter == 'V') {
			print_version();
			exit(OUTCOME_OK);
		}
		if (letter == '?')
			return false;
		if (!is_taken(command, letter)) {
			complain("%s has no option -%c", command->name, letter);
			return false;
		}
		if (!take_option(options, letter, optarg)) {
			complain("bad value for -%c: %s; it takes %s", letter, optarg,
				 wanted(letter));
			return false;
		}
	}
	if (optind < argc && command->takes_file)
		options->file = argv[optind++];
	if (optind == argc)
		return true;
	complain("what is %s?", argv[optind]);
	return false;
}

int main(int argc, char **argv)
{
	struct options options = {
		.device = "/dev/rpmsg_sdb", .buffers = 4, .size = 1 << 20, .touch = TOUCH_ALL
	};
	const struct command *command;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		usage(stdout);
		return OUTCOME_OK;
	}
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		print_version();
		return OUTCOME_OK;
	}
	if (argc < 2) {
		usage(stderr);
		return OUTCOME_USAGE;
	}
	command = find_command(argv[1]);
	if (!command)
		complain("%s is no command; the command comes first", argv[1]);
	/* getopt begins its messages with the first word. */
	argv[1] = "sdbctl";
	if (!command || !parse(argc - 1, argv + 1, command, &options)) {
		fprintf(stderr, "sdbctl --help tells more\n");
		return OUTCOME_USAGE;
	}
	interrupt_catch();
	return (int)command->run(&options);
}
