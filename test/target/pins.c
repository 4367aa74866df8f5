// SPDX-License-Identifier: MIT
/*
 * Rounds of O_DIRECT to and from a mapping, while the machine is short of memory and Linux compacts it. If Linux moved
 * or lost a page, the data would show it, or the frame that an address leads to.
 */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK	   65536u
#define FRAME_BITS 55

struct rounds {
	int disk, pagemap;
	size_t page;
	unsigned char *memory;
	size_t length;
	uint64_t first_frame;
	uint64_t done, wrong, moved;
	/* who presses, and how often it did: in memory that both have */
	pid_t presser;
	_Atomic unsigned int *laps;
};

/* Kibibytes that Linux thinks can be had without swapping, 0 if it does not say. */
static size_t available_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	size_t kib = 0;
	char line[128];

	while (file && !kib && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %zu kB", &kib) != 1)
			kib = 0;
	if (file)
		fclose(file);
	return kib;
}

/*
 * Takes most of the memory, has the rest compacted, and gives it back. It does so again and again
 * until it is killed.
 */
static void press(_Atomic unsigned int *laps)
{
	int compact = open("/proc/sys/vm/compact_memory", O_WRONLY | O_CLOEXEC);

	for (;;) {
		size_t size = available_kib() / 10 * 8 * 1024;
		char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				    -1, 0);

		if (memory == MAP_FAILED)
			continue;
		for (size_t at = 0; at < size; at += 4096)
			memory[at] = 1;
		if (write(compact, "1", 1) < 0)
			_exit(1);
		/* Holes, so that there is something to compact. */
		for (size_t at = 0; at + 8192 <= size; at += 8192)
			madvise(memory + at, 4096, MADV_DONTNEED);
		if (write(compact, "1", 1) < 0)
			_exit(1);
		munmap(memory, size);
		atomic_fetch_add(laps, 1);
	}
}

static bool frame_of(struct rounds *rounds, size_t offset, uint64_t *frame)
{
	uint64_t place = ((uintptr_t)rounds->memory + offset) / rounds->page * sizeof(*frame);
	uint64_t entry;

	if (pread(rounds->pagemap, &entry, sizeof(entry), (off_t)place) != sizeof(entry))
		return false;
	*frame = entry & ((1ULL << FRAME_BITS) - 1);
	return true;
}

/* Pages that are not where they were in the beginning are counted. */
static bool look_at(struct rounds *rounds, size_t offset)
{
	uint64_t frame;

	if (!frame_of(rounds, offset, &frame))
		return false;
	if (frame != rounds->first_frame + offset / rounds->page)
		rounds->moved++;
	return true;
}

static bool move_chunk(struct rounds *rounds, unsigned char *chunk, unsigned char *expected)
{
	if (pwrite(rounds->disk, chunk, CHUNK, 0) != CHUNK)
		return false;
	memset(chunk, 0, CHUNK);
	if (pread(rounds->disk, chunk, CHUNK, 0) != CHUNK)
		return false;
	if (memcmp(chunk, expected, CHUNK))
		rounds->wrong++;
	return true;
}

static bool one_round(struct rounds *rounds, unsigned char *expected)
{
	size_t offset = rounds->done * CHUNK % (rounds->length - CHUNK + 1) / CHUNK * CHUNK;

	memset(expected, (int)(rounds->done % 251 + 1), CHUNK);
	memcpy(rounds->memory + offset, expected, CHUNK);
	if (!move_chunk(rounds, rounds->memory + offset, expected))
		return false;
	if (!look_at(rounds, offset))
		return false;
	rounds->done++;
	return true;
}

static bool still_pressed(struct rounds *rounds)
{
	if (!waitpid(rounds->presser, NULL, WNOHANG))
		return true;
	rounds->presser = -1;
	errno = ECHILD;
	return false;
}

/* At least so many rounds, while the memory is taken and given back at least so many times. */
static bool all_rounds(struct rounds *rounds, uint64_t count, uint64_t laps)
{
	unsigned char *expected = malloc(CHUNK);
	bool well = expected && frame_of(rounds, 0, &rounds->first_frame);

	while (well && (rounds->done < count || atomic_load(rounds->laps) < laps))
		well = still_pressed(rounds) && one_round(rounds, expected);
	free(expected);
	/* All of them, those included that no round has come to. */
	for (size_t at = 0; well && at < rounds->length; at += rounds->page)
		well = look_at(rounds, at);
	return well;
}

static void pin_rounds(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct rounds rounds = {
		.disk = (int)arguments[0].number,
		.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC),
		.page = (size_t)sysconf(_SC_PAGESIZE),
		.memory = (unsigned char *)(uintptr_t)arguments[1].number,
		.length = (size_t)arguments[2].number,
		.laps = mmap(NULL, sizeof(*rounds.laps), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0),
	};

	(void)count;
	rounds.presser = rounds.laps == MAP_FAILED ? -1 : fork();
	if (!rounds.presser)
		press(rounds.laps);
	if (rounds.presser < 0 ||
	    !all_rounds(&rounds, (uint64_t)arguments[3].number, (uint64_t)arguments[4].number))
		answer_errno(answer, errno);
	if (rounds.presser > 0) {
		kill(rounds.presser, SIGKILL);
		waitpid(rounds.presser, NULL, 0);
	}
	close(rounds.pagemap);
	if (rounds.laps != MAP_FAILED)
		munmap(rounds.laps, sizeof(*rounds.laps));
	answer_number(answer, "rounds", (int64_t)rounds.done);
	answer_number(answer, "wrong", (int64_t)rounds.wrong);
	answer_number(answer, "moved", (int64_t)rounds.moved);
	answer_number(answer, "frame", (int64_t)rounds.first_frame);
}

const struct verb pin_verbs[] = {
	{ "pin-rounds", "nnnnn", "DISK ADDRESS LENGTH ROUNDS LAPS", pin_rounds },
	{ 0 },
};
