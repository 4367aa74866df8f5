// SPDX-License-Identifier: MIT
#include "measure.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_S 20

#if defined(__arm__)
#define MARK(number) __asm__ volatile("dbg #" #number ::: "memory")
#else
#define MARK(number) __asm__ volatile("" ::: "memory")
#endif

uint64_t bench_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void region_begin(struct region *region)
{
	*region = (struct region){ .begun_ns = bench_now_ns() };
	MARK(5);
}

void region_end(struct region *region, struct bench *bench, const char *name)
{
	static int64_t marks;

	uint64_t ns;

	MARK(6);
	ns = bench_now_ns() - region->begun_ns;
	answer_number(bench->answer, "mark", marks++);
	region_tell(region, bench, name, ns);
}

void region_tell(const struct region *region, struct bench *bench, const char *name, uint64_t ns)
{
	answer_text(bench->answer, "name", name);
	answer_number(bench->answer, "events", (int64_t)region->events);
	answer_number(bench->answer, "bytes", (int64_t)region->bytes);
	answer_number(bench->answer, "calls", (int64_t)region->calls);
	answer_number(bench->answer, "ns", (int64_t)ns);
	answer_part(bench->answer, "region");
}

static void on_silence(int number)
{
	/* only there so that a call that waits is interrupted */
	(void)number;
}

void bench_wait_for_coprocessor(bool begins)
{
	struct sigaction silence = { .sa_handler = on_silence };

	sigaction(SIGALRM, &silence, NULL);
	alarm(begins ? SILENCE_S : 0);
}

bool bench_fail(struct bench *bench, const char *what)
{
	int error = errno;

	answer_text(bench->answer, "during", what);
	answer_errno(bench->answer, error);
	return false;
}
