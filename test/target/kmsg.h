/* SPDX-License-Identifier: MIT */
#ifndef AGENT_KMSG_H
#define AGENT_KMSG_H

/* `agent kmsg [SEQ]`: the kernel log from that sequence number on, a JSON object a line; the exit code. */
int kmsg_main(int argc, char **argv);

#endif
