// SPDX-License-Identifier: MIT
/*
 * A file to the coprocessor, a buffer at a time. A buffer is used again when the coprocessor has
 * handed it back. What the coprocessor wrote into it is not looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complaint.h"
#include "device.h"
#include "interrupt.h"
#include "progress.h"
#include "quantity.h"

struct sending {
	struct device device;
	struct progress progress;
	/* numbers of the buffers that are ours, a stack */
	uint32_t *ours;
	unsigned int free;
	uint64_t idle_ns;
};

/* Fills a buffer from the file: its length, 0 at the end of the file, -1. */
static ssize_t fill(int in, void *memory, size_t size)
{
	size_t filled = 0;

	while (filled < size && !interrupted()) {
		ssize_t bytes = read(in, (char *)memory + filled, size - filled);

		if (bytes < 0 && errno == EINTR)
			continue;
		if (bytes < 0) {
			complain("reading: %s", strerror(errno));
			return -1;
		}
		if (!bytes)
			break;
		filled += (size_t)bytes;
	}
	return (ssize_t)filled;
}

/* Waits for at least one buffer to come back. */
static bool take_back(struct sending *sending)
{
	const unsigned int out = sending->device.count - sending->free;
	struct rpmsg_sdb_transfer records[32];
	int count;

	progress_wait(&sending->progress);
	count = device_read(&sending->device, records, 32, now_ns() + sending->idle_ns);
	if (!count && !interrupted())
		complain("the coprocessor did not hand back %u of %u buffers in time", out,
			 sending->device.count);
	for (int i = 0; i < count; i++)
		sending->ours[sending->free++] = records[i].buffer;
	return count > 0;
}

static enum outcome send_file(struct sending *sending, int in, const struct options *options)
{
	struct progress *progress = &sending->progress;

	/* A buffer that is not full is the file's last one. */
	for (size_t length = (size_t)options->size; length == (size_t)options->size;) {
		struct rpmsg_sdb_transfer record = { 0 };
		ssize_t filled;

		if (!sending->free && !take_back(sending))
			return OUTCOME_INCOMPLETE;
		record.buffer = sending->ours[sending->free - 1];
		filled = fill(in, sending->device.buffers[record.buffer].memory,
			      (size_t)options->size);
		if (filled < 0)
			return OUTCOME_FAILED;
		/* Handing over 0 bytes would ask for the buffer to be filled. */
		if (!filled)
			break;
		length = (size_t)filled;
		record.length = (uint32_t)length;
		if (device_hand_over(&sending->device, &record, 1) <= 0)
			return OUTCOME_FAILED;
		sending->free--;
		progress->transfers++;
		progress->bytes += length;
		progress_update(progress);
	}
	if (interrupted())
		return OUTCOME_INCOMPLETE;
	/* Closing takes the buffers away: not while the coprocessor reads them. */
	while (!options->no_wait && sending->free < sending->device.count)
		if (!take_back(sending))
			return OUTCOME_INCOMPLETE;
	return OUTCOME_OK;
}

static bool prepare(struct sending *sending, const struct options *options)
{
	if (!device_allocate(&sending->device, options->buffers, options->size, 0))
		return false;
	if (!device_takes_buffers(&sending->device)) {
		if (!interrupted())
			complain(
				"the coprocessor does not say that it takes buffers; should it do so all the same, "
				"load the module with peer=1");
		return false;
	}
	sending->progress.handover = true;
	sending->ours = calloc(sending->device.count, sizeof(*sending->ours));
	if (!sending->ours)
		return false;
	while (sending->free < sending->device.count) {
		sending->ours[sending->free] = sending->device.count - 1 - sending->free;
		sending->free++;
	}
	return true;
}

enum outcome send_command(const struct options *options)
{
	const bool from_stdin = !options->file || !strcmp(options->file, "-");
	struct sending sending = { .idle_ns =
					   (uint64_t)((options->idle ? options->idle : 5) * 1e9) };
	enum outcome outcome = OUTCOME_FAILED;
	int in = from_stdin ? STDIN_FILENO : open(options->file, O_RDONLY | O_CLOEXEC);

	if (in < 0) {
		complain("%s: %s", options->file, strerror(errno));
		return OUTCOME_FAILED;
	}
	if (device_open(&sending.device, options->device)) {
		progress_begin(&sending.progress, options);
		if (prepare(&sending, options)) {
			outcome = send_file(&sending, in, options);
			progress_end(&sending.progress, options, "send", true);
		}
		device_close(&sending.device);
		free(sending.ours);
	}
	if (!from_stdin)
		close(in);
	return outcome;
}
