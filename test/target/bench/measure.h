/* SPDX-License-Identifier: MIT */
/* What all measurements share: their options, and the regions they are made of. */
#ifndef AGENT_BENCH_MEASURE_H
#define AGENT_BENCH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "../answer.h"
#include "../firmware.h"

/* KEY=VALUE words; which of them a measurement looks at stands with it in bench.c. */
struct bench_options {
	uint32_t rounds;
	/* events, fills or payloads a round */
	uint32_t count;
	/* of them, events until the next way has its turn; 0: all */
	uint32_t turn;
	uint32_t buffers;
	/* bytes a buffer */
	uint32_t length;
	/* records in a payload of the firmware */
	uint32_t batch;
	/* records that one read() may take */
	uint32_t records;
	/* what the firmware says it understands */
	uint32_t features;
	/* 496-byte payloads a round in direct mode */
	uint32_t direct;
	/* microseconds that the reader dawdles after each read() */
	uint32_t delay;
	/* hand buffers back, or have the firmware go round them and wait for nothing */
	uint32_t flow;
	/* have the firmware fill, and check one word a page; or only say so */
	uint32_t fill;
	/* the coprocessor's DMA fills, not its core */
	uint32_t dma;
};

struct bench {
	struct bench_options options;
	struct answer *answer;
	struct firmware firmware;
};

/*
 * A stretch that is timed, and whose system calls are counted, by the agent. Two DBG instructions stand around it,
 * which do nothing but to be seen by what counts instructions (test/emulator/instructions.c).
 */
struct region {
	uint64_t begun_ns, calls, events, bytes;
};

uint64_t bench_now_ns(void);

void region_begin(struct region *region);

/*
 * Ends it and tells: {"region":{"mark":…,"name":…,"events":…,"bytes":…,"calls":…,"ns":…}}. Marks are counted from 0: the
 * number of DBG pairs before this one.
 */
void region_end(struct region *region, struct bench *bench, const char *name);

/* Tells of a stretch that somebody else timed: without DBG instructions, and without a mark. */
void region_tell(const struct region *region, struct bench *bench, const char *name, uint64_t ns);

/* A read() of what the coprocessor does not send ends with EINTR, from true to false. */
void bench_wait_for_coprocessor(bool begins);

/* The system call failed, says the answer. */
bool bench_fail(struct bench *bench, const char *what);

/* The measurements: false when a call failed. */
bool bench_copy(struct bench *bench);
bool bench_disk(struct bench *bench);
bool bench_events(struct bench *bench);
bool bench_mapping(struct bench *bench);
bool bench_transfers(struct bench *bench);

#endif
