/* SPDX-License-Identifier: MIT */
/* OpenAMP with a test for Linux: what the firmware sends is printed, what Linux says comes from a line. */
#ifndef FAKE_OPENAMP_H
#define FAKE_OPENAMP_H

#include <stdbool.h>

/* "linux ADDRESS TEXT": a message that waits; "room N": messages that the ring takes. False: it is neither. */
bool fake_openamp_line(const char *line);

#endif
