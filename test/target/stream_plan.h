/* SPDX-License-Identifier: MIT */
#ifndef AGENT_STREAM_PLAN_H
#define AGENT_STREAM_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_BUFFERS_MAX 64

struct stream_plan {
	unsigned int buffers;
	uint32_t length;
	/* fills in all, over all buffers */
	uint32_t count;
	/* fills a second by the coprocessor's timer, 0: as fast as it can */
	uint32_t rate;
	/* look at each word (1), at one a page (1024) or at none (0) */
	size_t stride;
	bool shared;
	/* give up when nothing came for so long */
	int idle_ms;
	int progress_ms;
	const char *device;
	/* further words of the firmware's stream request: batch=N, words=page, fill=no */
	char extra[64];
};

#define STREAM_USAGE \
	"[buffers=4] [length=1048576] [count=400] [rate=0] [check=words|page|none] [map=private|shared] " \
	"[idle=3000] [progress=500] [device=/dev/rpmsg_sdb] [firmware=WORD,WORD…]"

/* Takes KEY=VALUE words: NULL, or what is wrong. */
const char *stream_plan_parse(struct stream_plan *plan, char **words, size_t count);

#endif
