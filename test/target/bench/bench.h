/* SPDX-License-Identifier: MIT */
#ifndef AGENT_BENCH_H
#define AGENT_BENCH_H

#define BENCH_USAGE \
	"events|transfers|mapping|copy|disk [rounds=1] [count=1000] [turn=0] [buffers=1] [length=4096] [batch=1] [records=1] " \
	"[features=7] [direct=0] [delay=0] [flow=1] [fill=1] [dma=0]"

/* `agent bench MEASUREMENT [KEY=VALUE…]`: the exit code. */
int bench_main(int argc, char **argv);

#endif
