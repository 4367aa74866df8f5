/* SPDX-License-Identifier: MIT */
/*
 * What is wrong, on standard error: a line that begins with the program's name.
 */
#ifndef SDBCTL_COMPLAINT_H
#define SDBCTL_COMPLAINT_H

#include <stdbool.h>

/* format has no newline at its end. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/*
 * Says that standard error has a line without an end, such as the progress. The next complaint ends
 * it first.
 */
void complain_below(bool unended);

#endif
