// SPDX-License-Identifier: MIT
/*
 * A command during which one chosen allocation or user memory access of the kernel fails. Needs a kernel with
 * CONFIG_FAULT_INJECTION; /proc/thread-self/fail-nth is documented in its Documentation/fault-injection.
 */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Arms the thread: the NTHth place from now on where it could fail does. */
static bool arm(int control, int64_t nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%lld", (long long)nth);

	return write(control, text, (size_t)length) == length;
}

/*
 * Disarms the thread, and tells how many places were left to pass: 0 when the failure had happened. Reading and
 * writing the file are places to fail too, so a failure here says that it was still to come.
 */
static int64_t disarm(int control)
{
	char text[16] = "";
	int64_t left = pread(control, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 1;

	/* the place that fails may be this write itself: then nothing is armed any more, and the second write works */
	if (!arm(control, 0))
		arm(control, 0);
	return left;
}

/*
 * The C library registers an area of each thread for restartable sequences. The kernel writes to it at any return to
 * user space. If that access failed, the kernel would kill us.
 */
static void leave_restartable_sequences(void)
{
	if (__rseq_size)
		syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset,
			sizeof(struct rseq), RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
}

static void fail_nth(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct argument inner[ARGUMENTS_MAX + 1] = { 0 };
	const struct verb *verb;
	int control;

	verb = parse_command(answer, arguments[1].text, inner, &count);
	if (!verb)
		return;
	control = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (control < 0) {
		answer_error(answer, "this kernel has no fault injection");
		return;
	}
	leave_restartable_sequences();
	if (!arm(control, arguments[0].number)) {
		answer_errno(answer, errno);
	} else {
		int64_t left;

		verb->run(answer, inner, count);
		left = disarm(control);
		answer_number(answer, "injected", left == 0);
		answer_number(answer, "left", left);
	}
	close(control);
}

const struct verb fault_injection_verbs[] = {
	{ "fail-nth", "nt", "NTH COMMAND…", fail_nth },
	{ 0 },
};
