// SPDX-License-Identifier: MIT
#include "fault.h"

__thread sigjmp_buf fault_return;
__thread volatile sig_atomic_t fault_expected;

static void on_fault(int number)
{
	if (fault_expected)
		siglongjmp(fault_return, number);
	/* a defect of the agent itself: it dies of it, as it would without a handler */
	signal(number, SIG_DFL);
	raise(number);
}

void fault_catch(void)
{
	struct sigaction action = { .sa_handler = on_fault };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

void fault_answer(struct answer *answer, int number)
{
	answer->failed = true;
	answer_text(answer, "errno", number == SIGBUS ? "SIGBUS" : "SIGSEGV");
}
