// SPDX-License-Identifier: MIT
/* Any system call, by name, with raw arguments: what has no verb of its own, and what no library would let through. */
#include "verb.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	long number;
} calls[] = {
	{ "getpid", SYS_getpid },
	{ "read", SYS_read },
	{ "write", SYS_write },
	{ "readv", SYS_readv },
	{ "writev", SYS_writev },
	{ "lseek", SYS_lseek },
	{ "ioctl", SYS_ioctl },
	{ "munmap", SYS_munmap },
	{ "mremap", SYS_mremap },
	{ "mprotect", SYS_mprotect },
	{ "madvise", SYS_madvise },
	{ "msync", SYS_msync },
	{ "mlock", SYS_mlock },
	{ "munlock", SYS_munlock },
	{ "mincore", SYS_mincore },
	{ "remap_file_pages", SYS_remap_file_pages },
	{ "ptrace", SYS_ptrace },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "process_vm_writev", SYS_process_vm_writev },
	{ "prctl", SYS_prctl },
	{ "prlimit64", SYS_prlimit64 },
	{ "setsid", SYS_setsid },
	{ "kill", SYS_kill },
	{ "fsync", SYS_fsync },
	{ "splice", SYS_splice },
	{ "vmsplice", SYS_vmsplice },
	{ "pipe2", SYS_pipe2 },
	{ "memfd_create", SYS_memfd_create },
	{ "ftruncate", SYS_ftruncate },
	{ "socket", SYS_socket },
	{ "bind", SYS_bind },
	{ "listen", SYS_listen },
	{ "connect", SYS_connect },
	{ "accept4", SYS_accept4 },
	{ "getsockname", SYS_getsockname },
	{ "setsockopt", SYS_setsockopt },
	{ "sendto", SYS_sendto },
	{ "recvfrom", SYS_recvfrom },
	{ "recvmsg", SYS_recvmsg },
};

static bool find_call(const char *name, int64_t *number)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!strcmp(calls[i].name, name)) {
			*number = calls[i].number;
			return true;
		}
	}
	return parse_number(name, number);
}

static void call(struct answer *answer, const struct argument *arguments, size_t count)
{
	long registers[6] = { 0 };
	int64_t number;
	long result;

	if (!find_call(arguments[0].text, &number) || count > 7) {
		answer_error(
			answer,
			"usage: syscall NAME|NUMBER [ARGUMENT]… (at most six), and the name is in syscalls.c");
		return;
	}
	for (size_t i = 1; i < count; i++)
		registers[i - 1] = (long)arguments[i].number;
	result = syscall((long)number, registers[0], registers[1], registers[2], registers[3],
			 registers[4], registers[5]);
	if (result == -1)
		answer_errno(answer, errno);
	else
		answer_number(answer, "result", result);
}

const struct verb syscall_verbs[] = {
	{ "syscall", "sn*", "NAME|NUMBER [ARGUMENT]…", call },
	{ 0 },
};
