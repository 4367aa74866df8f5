/* SPDX-License-Identifier: MIT */
#ifndef SDBCTL_INTERRUPT_H
#define SDBCTL_INTERRUPT_H

#include <stdbool.h>

/* From here on SIGINT and SIGTERM end the command in good order, with its summary. */
void interrupt_catch(void);
bool interrupted(void);

#endif
