/* SPDX-License-Identifier: MIT */
/* The log that Linux shows as /sys/kernel/debug/remoteproc/remoteproc0/trace0. */
#ifndef TRACE_H
#define TRACE_H

#define TRACE_SIZE 8192

extern char trace_buffer[TRACE_SIZE];

/* One line, "[seconds.micros] " before and "\n" after it; %s %c %u %x %08x %llu only. */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
