// SPDX-License-Identifier: MIT
/*
 * The application of ST's example, with every word checked. It has an eventfd and a private mapping for each buffer.
 * It polls the eventfds, calls GET_DATA_SIZE, and looks at the data. It hands nothing back. So a coprocessor that is
 * faster than this loop overwrites what is being read. Such a transfer is counted as torn. Its words tell it from a
 * corrupt one: they are right for a later fill.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <rpmsg_sdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coprocessor.h"
#include "firmware.h"
#include "pattern.h"
#include "stream_plan.h"
#include "verb.h"

#define NOTHING_NEW 0xffffffffu

struct stream {
	struct stream_plan plan;
	struct answer *answer;
	int device;
	struct pollfd events[STREAM_BUFFERS_MAX];
	void *memory[STREAM_BUFFERS_MAX];
	/* fills that the eventfd told of: the sequence number of the newest is one less */
	uint32_t fills[STREAM_BUFFERS_MAX];
	/* system calls of the loop */
	uint64_t calls;
	uint64_t seen, transfers, missed, torn, corrupt, wrong_sizes, bytes;
	/* of the first corrupt word */
	unsigned int wrong_buffer;
	struct pattern_check wrong;
	int64_t first_us, last_us, progress_us;
	struct firmware firmware;
};

static bool fail(struct stream *stream, const char *what)
{
	int error = errno;

	answer_text(stream->answer, "during", what);
	answer_errno(stream->answer, error);
	return false;
}

static bool add_buffer(struct stream *stream, unsigned int index)
{
	struct rpmsg_sdb_ioctl_set_efd set = { .bufferId = (int)index };
	void *memory;

	stream->events[index].fd = set.eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	stream->events[index].events = POLLIN;
	if (set.eventfd < 0)
		return fail(stream, "eventfd");
	if (ioctl(stream->device, RPMSG_SDB_IOCTL_SET_EFD, &set) < 0)
		return fail(stream, "SET_EFD");
	memory = mmap(NULL, stream->plan.length, PROT_READ | PROT_WRITE,
		      stream->plan.shared ? MAP_SHARED : MAP_PRIVATE, stream->device, 0);
	if (memory == MAP_FAILED)
		return fail(stream, "mmap");
	stream->memory[index] = memory;
	return true;
}

static void verify(struct stream *stream, unsigned int index)
{
	struct pattern_check check;

	stream->transfers++;
	stream->bytes += stream->plan.length;
	if (!stream->plan.stride)
		return;
	pattern_verify(&check, stream->memory[index], stream->plan.length, index,
		       stream->fills[index] - 1, stream->plan.stride);
	if (check.later)
		stream->torn++;
	if (check.wrong > check.later && !stream->corrupt) {
		stream->wrong_buffer = index;
		stream->wrong = check;
	}
	stream->corrupt += check.wrong - check.later;
}

static bool take_event(struct stream *stream, unsigned int index)
{
	struct rpmsg_sdb_ioctl_get_data_size get = { .bufferId = (int)index };
	uint64_t fills;

	stream->calls++;
	if (read(stream->events[index].fd, &fills, sizeof(fills)) < 0)
		return errno == EAGAIN ? true : fail(stream, "read of an eventfd");
	stream->seen += fills;
	stream->fills[index] += (uint32_t)fills;
	stream->calls++;
	if (ioctl(stream->device, RPMSG_SDB_IOCTL_GET_DATA_SIZE, &get) < 0)
		return fail(stream, "GET_DATA_SIZE");
	if (get.size == NOTHING_NEW) {
		/* its size was taken together with the fill before it */
		stream->missed += fills;
		return true;
	}
	stream->missed += fills - 1;
	if (get.size != stream->plan.length)
		stream->wrong_sizes++;
	verify(stream, index);
	return true;
}

static void answer_counts(struct stream *stream)
{
	struct answer *answer = stream->answer;

	answer_number(answer, "fills", (int64_t)stream->seen);
	answer_number(answer, "transfers", (int64_t)stream->transfers);
	answer_number(answer, "bytes", (int64_t)stream->bytes);
	answer_number(answer, "missed", (int64_t)stream->missed);
	answer_number(answer, "torn", (int64_t)stream->torn);
	answer_number(answer, "corrupt", (int64_t)stream->corrupt);
	answer_number(answer, "wrongSizes", (int64_t)stream->wrong_sizes);
}

static void show_progress(struct stream *stream)
{
	int64_t now = monotonic_us();

	if (now - stream->progress_us < (int64_t)stream->plan.progress_ms * 1000)
		return;
	stream->progress_us = now;
	answer_counts(stream);
	answer_part(stream->answer, "progress");
}

/* The loop proper. False: a call failed. Fills that never come show in the result. */
static bool receive(struct stream *stream)
{
	while (stream->seen < stream->plan.count) {
		int ready;

		stream->calls++;
		ready = poll(stream->events, stream->plan.buffers, stream->plan.idle_ms);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready < 0)
			return fail(stream, "poll");
		if (!ready)
			return true;
		if (!stream->first_us)
			stream->first_us = monotonic_us();
		for (unsigned int i = 0; i < stream->plan.buffers; i++) {
			if (stream->events[i].revents & ~POLLIN) {
				errno = EIO;
				return fail(stream, "poll of an eventfd");
			}
			if (stream->events[i].revents && !take_event(stream, i))
				return false;
		}
		stream->last_us = monotonic_us();
		show_progress(stream);
	}
	return true;
}

static void answer_result(struct stream *stream)
{
	struct answer *answer = stream->answer;

	answer_number(answer, "buffers", stream->plan.buffers);
	answer_number(answer, "length", stream->plan.length);
	answer_number(answer, "count", stream->plan.count);
	answer_counts(stream);
	answer_number(answer, "lost", (int64_t)stream->plan.count - (int64_t)stream->seen);
	answer_number(answer, "streamUs", stream->last_us - stream->first_us);
	answer_number(answer, "systemCalls", (int64_t)stream->calls);
	answer_number(answer, "firmwareFills", firmware_number(&stream->firmware, "fills"));
	answer_number(answer, "firmwareFull", firmware_number(&stream->firmware, "full"));
	answer_number(answer, "firmwareUs", firmware_number(&stream->firmware, "us"));
	if (stream->corrupt) {
		answer_number(answer, "wrongBuffer", stream->wrong_buffer);
		answer_number(answer, "wrongOffset", (int64_t)stream->wrong.offset);
		answer_number(answer, "wrongExpected", stream->wrong.expected);
		answer_number(answer, "wrongFound", stream->wrong.found);
	}
	if (stream->corrupt || stream->wrong_sizes || stream->seen != stream->plan.count)
		answer->failed = true;
}

static bool run_stream(struct stream *stream)
{
	stream->device = open(stream->plan.device, O_RDWR | O_CLOEXEC);
	if (stream->device < 0)
		return fail(stream, "open");
	for (unsigned int i = 0; i < stream->plan.buffers; i++)
		if (!add_buffer(stream, i))
			return false;
	if (!firmware_wait_registered(&stream->firmware, stream->plan.buffers))
		return false;
	stream->progress_us = monotonic_us();
	return firmware_ask(&stream->firmware, "stream %" PRIu32 " %" PRIu32 " %" PRIu32 "%s",
			    stream->plan.length, stream->plan.count, stream->plan.rate,
			    stream->plan.extra) &&
	       receive(stream) && firmware_ask(&stream->firmware, "status");
}

static void close_stream(struct stream *stream)
{
	for (unsigned int i = 0; i < STREAM_BUFFERS_MAX; i++) {
		if (stream->memory[i])
			munmap(stream->memory[i], stream->plan.length);
		if (stream->events[i].fd >= 0)
			close(stream->events[i].fd);
	}
	if (stream->device >= 0)
		close(stream->device);
}

static void stream_words(struct answer *answer, char **words, size_t count)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	const char *problem = stream_plan_parse(&stream->plan, words, count);

	stream->answer = answer;
	stream->firmware.answer = answer;
	stream->device = -1;
	for (unsigned int i = 0; i < STREAM_BUFFERS_MAX; i++)
		stream->events[i].fd = -1;
	if (problem) {
		answer_error(answer, "%s; usage: stream " STREAM_USAGE, problem);
	} else {
		if (run_stream(stream))
			answer_result(stream);
		close_stream(stream);
	}
	free(stream);
}

static void run_verb(struct answer *answer, const struct argument *arguments, size_t count)
{
	char *words[ARGUMENTS_MAX];

	for (size_t i = 0; i < count; i++)
		words[i] = arguments[i].text;
	stream_words(answer, words, count);
}

const struct verb stream_verbs[] = {
	{ "stream", "?s*", STREAM_USAGE, run_verb },
	{ 0 },
};

int stream_main(int argc, char **argv)
{
	struct stream_plan plan;
	struct answer answer;
	const char *problem;
	char **words = calloc((size_t)argc + 1, sizeof(*words));

	/* a first look, at a copy of the words: a mistake in them is exit code 2, and not a failed stream */
	for (int i = 0; i < argc; i++)
		words[i] = strdup(argv[i]);
	problem = stream_plan_parse(&plan, words, (size_t)argc);
	if (problem) {
		fprintf(stderr, "agent: %s\nusage: agent stream " STREAM_USAGE "\n", problem);
		return 2;
	}
	answer_begin(&answer, NULL);
	stream_words(&answer, argv, (size_t)argc);
	answer_end(&answer);
	coprocessor_close();
	return answer.failed;
}
