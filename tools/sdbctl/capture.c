// SPDX-License-Identifier: MIT
/*
 * What the coprocessor fills, into a file or a pipe, straight from the shared memory. If the
 * coprocessor takes buffers, each goes back only when it is written. So nothing is lost, however
 * slow the file is. With --direct the disk takes the pages themselves, and the CPU copies nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complaint.h"
#include "device.h"
#include "output.h"
#include "progress.h"
#include "quantity.h"

static bool is_enough(const struct progress *progress, const struct options *options)
{
	return (options->count && progress->transfers >= options->count) ||
	       (options->bytes && progress->bytes >= options->bytes);
}

/*
 * Writes the contents of the buffers, and turns the records into those that hand the buffers back.
 */
static bool save(const struct device *device, struct rpmsg_sdb_transfer *records, int count,
		 struct output *output, struct progress *progress, const struct options *options)
{
	for (int i = 0; i < count && !is_enough(progress, options); i++) {
		struct rpmsg_sdb_transfer *record = &records[i];
		uint64_t length = record->length;

		if (options->bytes && length > options->bytes - progress->bytes)
			length = options->bytes - progress->bytes;
		if (!output_write(output, device->buffers[record->buffer].memory, (size_t)length))
			return false;
		progress->transfers++;
		progress->missed += record->missed;
		progress->bytes += length;
		progress_update(progress);
		*record = (struct rpmsg_sdb_transfer){ .buffer = record->buffer };
	}
	return true;
}

static enum outcome capture(struct device *device, struct output *output, struct progress *progress,
			    const struct options *options)
{
	struct rpmsg_sdb_transfer *records = calloc(device->count, sizeof(*records));
	const uint64_t end_ns =
		options->seconds ? progress->begun_ns + (uint64_t)(options->seconds * 1e9) : 0;
	enum outcome outcome = OUTCOME_OK;
	int count;

	progress_wait(progress);
	while (records && !is_enough(progress, options) && !(end_ns && now_ns() >= end_ns)) {
		uint64_t deadline = options->idle ? now_ns() + (uint64_t)(options->idle * 1e9) : 0;

		if (end_ns && (!deadline || end_ns < deadline))
			deadline = end_ns;
		count = device_read(device, records, device->count, deadline);
		if (count <= 0) {
			outcome = count ? OUTCOME_FAILED : OUTCOME_OK;
			break;
		}
		if (!save(device, records, count, output, progress, options)) {
			outcome = OUTCOME_FAILED;
			break;
		}
		if (is_enough(progress, options))
			break;
		/* A coprocessor that does not take buffers fills one after the other by itself. */
		if (device_hand_over(device, records, (unsigned int)count) < 0) {
			outcome = OUTCOME_FAILED;
			break;
		}
	}
	free(records);
	if (outcome == OUTCOME_OK && progress->missed)
		outcome = OUTCOME_INCOMPLETE;
	return outcome;
}

enum outcome capture_command(const struct options *options)
{
	const uint32_t flags = options->direct ? RPMSG_SDB_CACHED | RPMSG_SDB_FROM_COPROCESSOR : 0;
	const bool to_stdout = !options->file || !strcmp(options->file, "-");
	enum outcome outcome = OUTCOME_FAILED;
	struct progress progress;
	struct output output;
	struct device device;

	if (to_stdout && isatty(STDOUT_FILENO)) {
		complain("raw data is nothing for a terminal: give a FILE or a pipe");
		return OUTCOME_USAGE;
	}
	if (!device_open(&device, options->device))
		return OUTCOME_FAILED;
	if (!output_open(&output, options->file, options->direct))
		goto close;
	progress_begin(&progress, options);
	if (device_allocate(&device, options->buffers, options->size, flags) &&
	    (!options->direct || device_is_pinnable(&device))) {
		device_offer(&device);
		outcome = capture(&device, &output, &progress, options);
		progress.handover = device.takes_buffers;
		progress.copied = output.copied;
		progress_end(&progress, options, "capture", !to_stdout);
	}
	if (!output_close(&output, options->file))
		outcome = OUTCOME_FAILED;
close:
	device_close(&device);
	return outcome;
}
