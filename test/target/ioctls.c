// SPDX-License-Identifier: MIT
/* ioctl with any request and any argument: a number (a pointer into nowhere, too) or the bytes of a structure. */
#include "verb.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static void answer_call(struct answer *answer, long result)
{
	if (result < 0)
		answer_errno(answer, errno);
	else
		answer_number(answer, "result", result);
}

static void call_with_number(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	/* the raw call: the C library's ioctl() takes an int for a request on some systems */
	answer_call(answer,
		    syscall(SYS_ioctl, (int)arguments[0].number, (unsigned int)arguments[1].number,
			    (unsigned long)arguments[2].number));
}

/*
 * The bytes after the call are answered too. They are answered after a failure as well, because that must not have
 * changed them.
 */
static void call_with_bytes(struct answer *answer, const struct argument *arguments, size_t count)
{
	unsigned char bytes[1024] __attribute__((aligned(16))) = { 0 };
	ssize_t length = parse_bytes(arguments[2].text, bytes, sizeof(bytes));

	(void)count;
	if (length < 0) {
		answer_error(answer, "not an even number of hexadecimal digits, or too many");
		return;
	}
	answer_call(answer, syscall(SYS_ioctl, (int)arguments[0].number,
				    (unsigned int)arguments[1].number, bytes));
	answer_bytes(answer, "data", bytes, (size_t)length);
}

const struct verb ioctl_verbs[] = {
	{ "ioctl", "nnn", "FD REQUEST NUMBER", call_with_number },
	{ "ioctl-bytes", "nns", "FD REQUEST HEX", call_with_bytes },
	{ 0 },
};
