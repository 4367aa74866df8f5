// SPDX-License-Identifier: MIT
/* Other processes: children that have the files and mappings too, and those who look into an address space. */
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Waits for a child of our own, whatever signals come. */
static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	return status;
}

/* In a child of many threads only system calls are safe: no memory, no stdio. */
__attribute__((noreturn)) static void live_shortly(struct attacker *attacker)
{
	volatile unsigned char *at = arena_pages(attacker, 4096);

	/* may die of what it touches, with everything still open */
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	for (unsigned int i = random_below(&attacker->random, 6); i; i--) {
		close(device_descriptor(attacker));
		if (random_below(&attacker->random, 2))
			*at = 1;
	}
	_exit(0);
}

static void fork_one(struct attacker *attacker)
{
	pid_t pid = (pid_t)attack_result(attacker, fork());

	if (!pid)
		live_shortly(attacker);
	if (pid < 0)
		return;
	attack_counted(attacker, ATTACK_FORKED);
	if (random_below(&attacker->random, 2))
		kill(pid, SIGKILL);
	wait_for(pid);
}

static void trace_one(struct attacker *attacker)
{
	unsigned char *at = arena_pages(attacker, 4096);
	pid_t pid = (pid_t)attack_result(attacker, fork());

	if (!pid)
		for (;;)
			pause();
	if (pid < 0)
		return;
	/* the end of this thread, whatever happens to it, must not leave the child behind */
	if (!ptrace(PTRACE_SEIZE, pid, NULL, (void *)PTRACE_O_EXITKILL) &&
	    !ptrace(PTRACE_INTERRUPT, pid, NULL, NULL)) {
		wait_for(pid);
		errno = 0;
		attack_result(attacker, ptrace(PTRACE_PEEKDATA, pid, at, NULL));
		attack_result(attacker, ptrace(PTRACE_POKEDATA, pid, at, (void *)0x5a));
	}
	kill(pid, SIGKILL);
	while (!WIFSIGNALED(wait_for(pid)))
		;
}

static void look_into(struct attacker *attacker)
{
	size_t length = random_below(&attacker->random, 4096);
	struct iovec local = { attacker->page, length }, remote = { any_pointer(attacker), length };
	int memory;

	if (random_below(&attacker->random, 2)) {
		attack_result(attacker, process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
		remote.iov_base = arena_pages(attacker, length);
		attack_result(attacker, process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
		return;
	}
	memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (memory < 0)
		return;
	attack_result(attacker, pread(memory, attacker->page, length,
				      (off_t)(uintptr_t)arena_pages(attacker, length)));
	attack_result(attacker, pwrite(memory, attacker->page, length,
				       (off_t)(uintptr_t)arena_pages(attacker, length)));
	close(memory);
}

const struct attack_call process_calls[] = {
	{ "fork", 2, fork_one },
	{ "ptrace", 1, trace_one },
	{ "access from outside", 6, look_into },
	{ 0 },
};
