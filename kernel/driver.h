/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_DRIVER_H
#define RPMSG_SDB_DRIVER_H

int sdb_driver_init(void);
void sdb_driver_exit(void);

#endif /* RPMSG_SDB_DRIVER_H */
