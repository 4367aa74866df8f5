/* SPDX-License-Identifier: MIT */
#ifndef AGENT_STREAM_H
#define AGENT_STREAM_H

/* `agent stream [KEY=VALUE…]`: progress and result as JSON lines; the exit code is 0 when every word was right. */
int stream_main(int argc, char **argv);

#endif
