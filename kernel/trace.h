/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, under events/rpmsg_sdb in tracefs.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rpmsg_sdb

#if !defined(RPMSG_SDB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RPMSG_SDB_TRACE_H

#include <linux/tracepoint.h>

#include "drop.h"

TRACE_DEFINE_ENUM(SDB_DROP_MALFORMED);
TRACE_DEFINE_ENUM(SDB_DROP_UNEXPECTED);
TRACE_DEFINE_ENUM(SDB_DROP_UNKNOWN);
TRACE_DEFINE_ENUM(SDB_DROP_LENGTH);

/* The kernel lays out events with a field a line. clang-format would make one long call of it. */
/* clang-format off */
DECLARE_EVENT_CLASS(rpmsg_sdb_memory,
		    TP_PROTO(u32 index, u64 address, u64 size),
		    TP_ARGS(index, address, size),
		    TP_STRUCT__entry(__field(u32, index)
				     __field(u64, address)
				     __field(u64, size)),
		    TP_fast_assign(__entry->index = index;
				   __entry->address = address;
				   __entry->size = size;),
		    TP_printk("index=%u address=%#llx size=%#llx",
			      __entry->index, __entry->address, __entry->size)
);

/* The coprocessor was told of the buffer. */
DEFINE_EVENT(rpmsg_sdb_memory, rpmsg_sdb_announce,
	     TP_PROTO(u32 index, u64 address, u64 size),
	     TP_ARGS(index, address, size)
);

/* The last reference is gone, and the coprocessor may still write to the memory. */
DEFINE_EVENT(rpmsg_sdb_memory, rpmsg_sdb_retire,
	     TP_PROTO(u32 index, u64 address, u64 size),
	     TP_ARGS(index, address, size)
);

/* Retired memory has a new owner. */
DEFINE_EVENT(rpmsg_sdb_memory, rpmsg_sdb_reuse,
	     TP_PROTO(u32 index, u64 address, u64 size),
	     TP_ARGS(index, address, size)
);

/* The memory goes back to Linux. */
DEFINE_EVENT(rpmsg_sdb_memory, rpmsg_sdb_free,
	     TP_PROTO(u32 index, u64 address, u64 size),
	     TP_ARGS(index, address, size)
);

TRACE_EVENT(rpmsg_sdb_transfer,
	    TP_PROTO(u32 index, u32 length, u32 sequence, u32 missed),
	    TP_ARGS(index, length, sequence, missed),
	    TP_STRUCT__entry(__field(u32, index)
			     __field(u32, length)
			     __field(u32, sequence)
			     __field(u32, missed)),
	    TP_fast_assign(__entry->index = index;
			   __entry->length = length;
			   __entry->sequence = sequence;
			   __entry->missed = missed;),
	    TP_printk("index=%u length=%#x sequence=%u missed=%u",
		      __entry->index, __entry->length, __entry->sequence, __entry->missed)
);

/* A cached buffer was synchronised. An emulator without caches misses nothing when it is not. */
TRACE_EVENT(rpmsg_sdb_sync,
	    TP_PROTO(u32 index, bool for_cpu, u64 offset, u64 size),
	    TP_ARGS(index, for_cpu, offset, size),
	    TP_STRUCT__entry(__field(u32, index)
			     __field(bool, for_cpu)
			     __field(u64, offset)
			     __field(u64, size)),
	    TP_fast_assign(__entry->index = index;
			   __entry->for_cpu = for_cpu;
			   __entry->offset = offset;
			   __entry->size = size;),
	    TP_printk("index=%u for=%s offset=%#llx size=%#llx", __entry->index,
		      __entry->for_cpu ? "cpu" : "coprocessor", __entry->offset, __entry->size)
);

TRACE_EVENT(rpmsg_sdb_drop,
	    TP_PROTO(int reason, u32 index, u32 length),
	    TP_ARGS(reason, index, length),
	    TP_STRUCT__entry(__field(int, reason)
			     __field(u32, index)
			     __field(u32, length)),
	    TP_fast_assign(__entry->reason = reason;
			   __entry->index = index;
			   __entry->length = length;),
	    TP_printk("reason=%s index=%u length=%#x",
		      __print_symbolic(__entry->reason,
				       { SDB_DROP_MALFORMED, "malformed" },
				       { SDB_DROP_UNEXPECTED, "unexpected" },
				       { SDB_DROP_UNKNOWN, "unknown_buffer" },
				       { SDB_DROP_LENGTH, "too_long" }),
		      __entry->index, __entry->length)
);

/* clang-format on */

#endif /* RPMSG_SDB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
