/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_PARAMETERS_H
#define RPMSG_SDB_PARAMETERS_H

#include <linux/types.h>

/* Limits, read anew at each use: root may change them while the module is loaded. */
unsigned int sdb_max_buffers(void);
u64 sdb_max_file_bytes(void);
u64 sdb_max_bytes(void);
u64 sdb_address_limit(void);
u32 sdb_forced_peer(void);

#endif /* RPMSG_SDB_PARAMETERS_H */
