/* SPDX-License-Identifier: MIT */
/* The serve loop: "ID VERB ARGS…" a line in, JSON lines out. */
#ifndef AGENT_SERVE_H
#define AGENT_SERVE_H

/* Reads commands from the descriptor until its end. */
void serve(int fd);

#endif
