/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_DROP_H
#define RPMSG_SDB_DROP_H

/* Why a record from the coprocessor was dropped. */
enum sdb_drop {
	SDB_DROP_NONE,
	SDB_DROP_MALFORMED,  /* not in the grammar, or empty */
	SDB_DROP_UNEXPECTED, /* an announcement, or a confirmation that nobody asked for */
	SDB_DROP_UNKNOWN,    /* no buffer of that index */
	SDB_DROP_LENGTH,     /* longer than the buffer */
	SDB_DROPS,
};

#endif /* RPMSG_SDB_DROP_H */
