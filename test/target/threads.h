/* SPDX-License-Identifier: MIT */
#ifndef AGENT_THREADS_H
#define AGENT_THREADS_H

/* In a child, after fork(): it has none of its parent's threads. */
void threads_forget(void);

#endif
