/* SPDX-License-Identifier: MIT */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/* Linux's watchdog for this core: makes remoteproc recover it. */
void watchdog_bite(void);

#endif
