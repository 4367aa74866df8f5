// SPDX-License-Identifier: MIT
/*
 * The test agent: performs on the board the system calls that a test asks for. README.md has the commands.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "attack/attack.h"
#include "bench/bench.h"
#include "coprocessor.h"
#include "fault.h"
#include "kmsg.h"
#include "serve.h"
#include "stream.h"
#include "stream_plan.h"

static int usage(void)
{
	fprintf(stderr,
		"usage: agent serve                    commands on stdin, JSON lines on stdout\n"
		"       agent coprocessor REQUEST…     one request to the test firmware\n"
		"       agent kmsg [SEQUENCE]          kernel log from that record on, as JSON lines\n"
		"       agent stream [KEY=VALUE…]      receive a stream and check it\n"
		"         " STREAM_USAGE "\n"
		"       agent attack [KEY=VALUE…]      random system calls on the device, from several threads\n"
		"         " ATTACK_USAGE "\n"
		"       agent bench MEASUREMENT [KEY=VALUE…]\n"
		"         " BENCH_USAGE "\n");
	return 2;
}

static void on_interrupt(int number)
{
	/* only there so that a blocked call ends with EINTR */
	(void)number;
}

/* SIGUSR1 ends a blocked call with EINTR, SIGUSR2 lets it go on; a bad access is an answer. */
static void catch_signals(void)
{
	struct sigaction interrupt = { .sa_handler = on_interrupt };
	struct sigaction restart = { .sa_handler = on_interrupt, .sa_flags = SA_RESTART };

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGUSR1, &interrupt, NULL);
	sigaction(SIGUSR2, &restart, NULL);
	fault_catch();
}

static int serve_main(int argc, char **argv)
{
	/* --answer ID: what was exec'ed by the verb of that name, and owes its answer */
	if (argc != 0 && !(argc == 2 && !strcmp(argv[0], "--answer")))
		return usage();
	catch_signals();
	if (argc) {
		struct answer answer;

		answer_begin(&answer, argv[1]);
		answer_end(&answer);
	}
	serve(STDIN_FILENO);
	coprocessor_close();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage();
	if (!strcmp(argv[1], "serve"))
		return serve_main(argc - 2, argv + 2);
	if (!strcmp(argv[1], "coprocessor"))
		return coprocessor_main(argc - 2, argv + 2);
	if (!strcmp(argv[1], "kmsg"))
		return kmsg_main(argc - 2, argv + 2);
	if (!strcmp(argv[1], "stream"))
		return stream_main(argc - 2, argv + 2);
	if (!strcmp(argv[1], "attack")) {
		catch_signals();
		return attack_main(argc - 2, argv + 2);
	}
	if (!strcmp(argv[1], "bench"))
		return bench_main(argc - 2, argv + 2);
	return usage();
}
