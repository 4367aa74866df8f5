/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_PARAMETERS_H
#define RPMSG_SDB_PARAMETERS_H

#include <linux/types.h>

/* Whether the module can work with what it was loaded with: 0 or -EINVAL. */
int sdb_parameters_check(void);

/* Root may change the limits while the module is loaded, so each use reads them anew. */
unsigned int sdb_max_buffers(void);
u64 sdb_max_file_bytes(void);
u64 sdb_max_bytes(void);
u64 sdb_address_limit(void);
u32 sdb_forced_peer(void);

#endif /* RPMSG_SDB_PARAMETERS_H */
