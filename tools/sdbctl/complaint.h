/* SPDX-License-Identifier: MIT */
/*
 * What is wrong, on standard error: a line that begins with the program's name.
 */
#ifndef SDBCTL_COMPLAINT_H
#define SDBCTL_COMPLAINT_H

#include <stdbool.h>

/* format has no newline at its end. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Standard error has a line that is not ended, such as the progress: the next complaint ends it first. */
void complain_below(bool unended);

#endif
