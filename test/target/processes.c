// SPDX-License-Identifier: MIT
/*
 * Processes: a forked copy of the agent serves commands that its parent passes on, and answers on the same stdout.
 * It shares every open file and mapping, as after any fork(), and dies with its parent.
 */
#include "verb.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coprocessor.h"
#include "serve.h"
#include "threads.h"

struct child {
	struct child *next;
	char *name;
	pid_t pid;
	/* commands go in here */
	int commands;
};

static struct child *children;

static struct child *find_child(const char *name)
{
	struct child *child = children;

	while (child && strcmp(child->name, name))
		child = child->next;
	return child;
}

__attribute__((noreturn)) static void live_as_child(int commands)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* brothers' command pipes must end with the parent, not with us */
	for (struct child *child = children; child; child = child->next)
		close(child->commands);
	children = NULL;
	threads_forget();
	coprocessor_forget();
	dup2(commands, STDIN_FILENO);
	close(commands);
	serve(STDIN_FILENO);
	_exit(0);
}

static void fork_child(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct child *child;
	int ends[2];
	pid_t pid;

	(void)count;
	if (!answer->id || find_child(arguments[0].text)) {
		answer_error(answer, "a child of that name exists, or this is not 'agent serve'");
		return;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		answer_errno(answer, errno);
		return;
	}
	pid = fork();
	if (pid < 0) {
		answer_errno(answer, errno);
		close(ends[0]);
		close(ends[1]);
		return;
	}
	if (!pid) {
		close(ends[0]);
		live_as_child(ends[1]);
	}
	close(ends[1]);
	child = calloc(1, sizeof(*child));
	child->name = strdup(arguments[0].text);
	child->pid = pid;
	child->commands = ends[0];
	child->next = children;
	children = child;
	answer_number(answer, "pid", pid);
}

static void pass_on(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct child *child = find_child(arguments[0].text);
	char *line;
	int length;

	(void)count;
	if (!child || !answer->id) {
		answer_error(answer, "no child '%s'", arguments[0].text);
		return;
	}
	length = asprintf(&line, "%s %s\n", answer->id, arguments[1].text);
	if (length < 0 || write(child->commands, line, (size_t)length) != length)
		answer_errno(answer, errno);
	else
		answer->id = NULL;
	if (length >= 0)
		free(line);
}

static void signal_child(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct child *child = find_child(arguments[0].text);

	(void)count;
	if (!child)
		answer_error(answer, "no child '%s'", arguments[0].text);
	else if (kill(child->pid, (int)arguments[1].number) < 0)
		answer_errno(answer, errno);
}

/* Ends the child's commands, waits for it and says how it ended. */
static void wait_child(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct child **link = &children, *child;
	int status;

	(void)count;
	while (*link && strcmp((*link)->name, arguments[0].text))
		link = &(*link)->next;
	child = *link;
	if (!child) {
		answer_error(answer, "no child '%s'", arguments[0].text);
		return;
	}
	close(child->commands);
	if (waitpid(child->pid, &status, 0) < 0)
		answer_errno(answer, errno);
	else if (WIFSIGNALED(status))
		answer_number(answer, "signal", WTERMSIG(status));
	else
		answer_number(answer, "exit", WEXITSTATUS(status));
	*link = child->next;
	free(child->name);
	free(child);
}

/* Becomes a fresh agent in this process: mappings and close-on-exec files are gone, the others stay. */
static void execute(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)arguments;
	(void)count;
	if (!answer->id) {
		answer_error(answer, "only in 'agent serve'");
		return;
	}
	execl("/proc/self/exe", "agent", "serve", "--answer", answer->id, (char *)NULL);
	answer_errno(answer, errno);
}

static void describe(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)arguments;
	(void)count;
	answer_number(answer, "pid", getpid());
	answer_number(answer, "bits", 8 * (int)sizeof(void *));
	answer_number(answer, "page", sysconf(_SC_PAGESIZE));
}

const struct verb process_verbs[] = {
	{ "self", "", "", describe },
	{ "fork", "s", "NAME", fork_child },
	{ "child", "st", "NAME COMMAND…", pass_on },
	{ "kill", "sn", "NAME SIGNAL", signal_child },
	{ "wait", "s", "NAME", wait_child },
	{ "exec", "", "", execute },
	{ 0 },
};
