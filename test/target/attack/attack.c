// SPDX-License-Identifier: MIT
/*
 * Eight threads make random system calls for a while. Four things are wrong: an error that user space must not see, a
 * byte written beside a structure, a thread that does not come back, a process that dies. The kernel's log has the
 * rest.
 *
 * All of it happens in a child, which this process watches. The child may die, and all that it had goes with it.
 */
#include "attack.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../coprocessor.h"
#include "../fault.h"
#include "../verb.h"
#include "attacker.h"

/* Blocked calls are interrupted so often. */
#define TICK_US 2000
/* A call that was interrupted returns within this time, on a slow and loaded board too. */
#define HANG_MS 30000
/* Errors that a system call can have: Linux's own, for restarting one, begin at 512. */
#define ERRNO_MAX 133

struct options {
	uint64_t seed;
	unsigned int milliseconds, threads;
	const char *device;
};

static const struct attack_call *const tables[] = { device_calls, memory_calls, descriptor_calls,
						    process_calls };
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static const char *const count_names[ATTACK_COUNTS] = {
	[ATTACK_OPENED] = "opened",	     [ATTACK_MAPPED] = "mapped",
	[ATTACK_IOCTLS] = "ioctls",	     [ATTACK_RECORDS] = "records",
	[ATTACK_HANDED_OVER] = "handedOver", [ATTACK_TOUCHED] = "touched",
	[ATTACK_FORKED] = "forked",	     [ATTACK_GONE] = "gone",
};

void attack_wrong(struct attack *attack, const char *format, ...)
{
	va_list arguments;

	if (atomic_exchange(&attack->is_wrong, true))
		return;
	va_start(arguments, format);
	vsnprintf(attack->wrong, sizeof(attack->wrong), format, arguments);
	va_end(arguments);
	atomic_store(&attack->stop, true);
}

long attack_result(struct attacker *attacker, long result)
{
	int error = errno;

	if (result == -1 && error > ERRNO_MAX)
		attack_wrong(attacker->attack, "errno %d in %s", error,
			     atomic_load(&attacker->attack->doing[attacker->number]));
	errno = error;
	return result;
}

static const struct attack_call *choose(struct random *random)
{
	unsigned int all = 0, at;

	for (size_t i = 0; i < TABLES; i++)
		for (const struct attack_call *call = tables[i]; call->name; call++)
			all += call->weight;
	at = random_below(random, all);
	for (size_t i = 0; i < TABLES; i++)
		for (const struct attack_call *call = tables[i]; call->name; call++) {
			if (at < call->weight)
				return call;
			at -= call->weight;
		}
	return NULL;
}

static void *attack_thread(void *data)
{
	struct attacker *attacker = data;
	struct attack *attack = attacker->attack;

	while (!atomic_load(&attack->go))
		usleep(TICK_US);
	while (!atomic_load(&attack->stop)) {
		const struct attack_call *call = choose(&attacker->random);

		atomic_store(&attack->doing[attacker->number], call->name);
		call->run(attacker);
		atomic_fetch_add_explicit(&attack->steps, 1, memory_order_relaxed);
	}
	atomic_store(&attack->doing[attacker->number], NULL);
	atomic_fetch_sub(&attack->running, 1);
	/* signals may still come: the process ends with its last thread */
	for (;;)
		pause();
	return NULL;
}

static bool start_threads(struct attack *attack, struct attacker *attackers, pthread_t *threads)
{
	for (unsigned int i = 0; i < attack->threads; i++) {
		attackers[i] =
			(struct attacker){ .attack = attack, .number = i, .page = guarded_page() };
		random_seed(&attackers[i].random, attack->seed * ATTACK_THREADS_MAX + i);
		if (!attackers[i].page ||
		    pthread_create(&threads[i], NULL, attack_thread, &attackers[i]))
			return false;
		atomic_fetch_add(&attack->running, 1);
	}
	atomic_store(&attack->go, true);
	return true;
}

/*
 * Sends a signal to one thread after the other, so that calls which block are interrupted, until no
 * thread runs. False: one hangs.
 */
static bool tickle(struct attack *attack, const pthread_t *threads, unsigned int milliseconds)
{
	int64_t end = monotonic_us() + milliseconds * 1000LL, limit = end + HANG_MS * 1000LL;

	for (unsigned int i = 0; atomic_load(&attack->running); i++) {
		usleep(TICK_US);
		pthread_kill(threads[i % attack->threads], SIGUSR1);
		if (monotonic_us() > end)
			atomic_store(&attack->stop, true);
		if (monotonic_us() > limit)
			return false;
	}
	return true;
}

static void tell_who_hangs(struct attack *attack)
{
	for (unsigned int i = 0; i < attack->threads; i++) {
		const char *doing = atomic_load(&attack->doing[i]);

		if (doing)
			attack_wrong(attack, "thread %u does not come back from %s", i, doing);
	}
}

/* Whose end this is; in memory that is shared, as all of it. */
static struct attack *attacked;

/* An access faulted that was not meant to. So the attack's own memory is not as it was. */
static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (fault_expected)
		siglongjmp(fault_return, number);
	attack_wrong(attacked, "signal %d at %p", number, info->si_addr);
	signal(number, SIG_DFL);
	raise(number);
}

__attribute__((noreturn)) static void attack_process(struct attack *attack,
						     unsigned int milliseconds)
{
	static struct attacker attackers[ATTACK_THREADS_MAX];
	struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	struct rlimit none = { 0, 0 };
	pthread_t threads[ATTACK_THREADS_MAX];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* who watches, and the way to the board, come first */
	setpriority(PRIO_PROCESS, 0, 10);
	setrlimit(RLIMIT_CORE, &none);
	coprocessor_forget();
	attacked = attack;
	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGBUS, &fault, NULL);
	if (!arena_reserve() || !start_threads(attack, attackers, threads))
		attack_wrong(attack, "the attack cannot begin: %s", strerror(errno));
	else if (!tickle(attack, threads, milliseconds))
		tell_who_hangs(attack);
	_exit(0);
}

/* Until the child has ended. */
static void watch(struct attack *attack, pid_t pid, unsigned int milliseconds)
{
	int64_t limit = monotonic_us() + (milliseconds + 2 * HANG_MS) * 1000LL;
	int status;

	for (;;) {
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended == pid)
			break;
		if (monotonic_us() > limit) {
			tell_who_hangs(attack);
			attack_wrong(attack, "the process cannot be ended");
			kill(pid, SIGKILL);
			return;
		}
		usleep(10000);
	}
	if (WIFSIGNALED(status))
		attack_wrong(attack, "ended by signal %d", WTERMSIG(status));
}

static void answer_attack(struct answer *answer, struct attack *attack)
{
	answer_number(answer, "seed", (int64_t)attack->seed);
	answer_number(answer, "steps", (int64_t)atomic_load(&attack->steps));
	for (size_t i = 0; i < ATTACK_COUNTS; i++)
		answer_number(answer, count_names[i], (int64_t)atomic_load(&attack->counts[i]));
	if (atomic_load(&attack->is_wrong))
		answer_text(answer, "wrong", attack->wrong);
	answer->failed = atomic_load(&attack->is_wrong);
}

static void run(struct answer *answer, const struct options *options)
{
	struct attack *attack = mmap(NULL, sizeof(*attack), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (attack == MAP_FAILED) {
		answer_errno(answer, errno);
		return;
	}
	attack->device = options->device;
	attack->seed = options->seed;
	attack->threads = options->threads;
	for (size_t i = 0; i < ATTACK_SLOTS; i++)
		atomic_store(&attack->slots[i], -1);
	pid = fork();
	if (!pid)
		attack_process(attack, options->milliseconds);
	if (pid < 0) {
		answer_errno(answer, errno);
	} else {
		watch(attack, pid, options->milliseconds);
		answer_attack(answer, attack);
	}
	munmap(attack, sizeof(*attack));
}

/* NULL, or what is wrong. */
static const char *set_option(struct options *options, char *word)
{
	char *value = strchr(word, '=');
	int64_t number;

	if (!value)
		return "KEY=VALUE is wanted";
	*value++ = '\0';
	if (!strcmp(word, "device")) {
		options->device = value;
		return NULL;
	}
	if (!parse_number(value, &number) || number < 0)
		return "not a number";
	if (!strcmp(word, "seed"))
		options->seed = (uint64_t)number;
	else if (!strcmp(word, "ms") && number <= 86400000)
		options->milliseconds = (unsigned int)number;
	else if (!strcmp(word, "threads") && number >= 1 && number <= ATTACK_THREADS_MAX)
		options->threads = (unsigned int)number;
	else
		return "no such key, or out of range";
	return NULL;
}

static const char *set_options(struct options *options, char **words, size_t count)
{
	*options = (struct options){
		.seed = 1, .milliseconds = 3000, .threads = 8, .device = "/dev/rpmsg_sdb"
	};
	for (size_t i = 0; i < count; i++) {
		const char *problem = set_option(options, words[i]);

		if (problem)
			return problem;
	}
	return NULL;
}

static void run_verb(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct options options;
	char *words[ARGUMENTS_MAX];
	const char *problem;

	for (size_t i = 0; i < count; i++)
		words[i] = arguments[i].text;
	problem = set_options(&options, words, count);
	if (problem)
		answer_error(answer, "%s; usage: attack " ATTACK_USAGE, problem);
	else
		run(answer, &options);
}

const struct verb attack_verbs[] = {
	{ "attack", "?s*", ATTACK_USAGE, run_verb },
	{ 0 },
};

int attack_main(int argc, char **argv)
{
	struct options options;
	struct answer answer;
	const char *problem = set_options(&options, argv, (size_t)argc);

	if (problem) {
		fprintf(stderr, "agent: %s\nusage: agent attack " ATTACK_USAGE "\n", problem);
		return 2;
	}
	answer_begin(&answer, NULL);
	run(&answer, &options);
	answer_end(&answer);
	return answer.failed;
}
