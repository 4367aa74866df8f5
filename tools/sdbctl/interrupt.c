// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <signal.h>

static volatile sig_atomic_t seen;

static void on_signal(int number)
{
	(void)number;
	seen = 1;
}

void interrupt_catch(void)
{
	/* No SA_RESTART: whatever waits is to wake up. A second one ends the program at once. */
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void)
{
	return seen;
}
