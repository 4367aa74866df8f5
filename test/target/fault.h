/* SPDX-License-Identifier: MIT */
/*
 * Memory accesses that may fault. A test asks for any address; the fault is an answer ("errno":"SIGSEGV" or "SIGBUS"),
 * not the end of the agent.
 */
#ifndef AGENT_FAULT_H
#define AGENT_FAULT_H

#include <setjmp.h>
#include <signal.h>

#include "answer.h"

extern __thread sigjmp_buf fault_return;
extern __thread volatile sig_atomic_t fault_expected;

void fault_catch(void);
void fault_answer(struct answer *answer, int signal);

/*
 * Runs the statements; a fault in them leaves them and is answered. Locals changed inside and read outside must be
 * volatile.
 */
#define MAY_FAULT(answer, ...) \
	do { \
		int fault_ = sigsetjmp(fault_return, 1); \
\
		if (!fault_) { \
			fault_expected = 1; \
			__VA_ARGS__ \
		} else { \
			fault_answer(answer, fault_); \
		} \
		fault_expected = 0; \
	} while (0)

#endif
