/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Large DDR buffers shared with an RPMsg coprocessor: what /dev/rpmsg_sdb understands.
 *
 * Version 1 is the interface of existing STM32MP1 applications and is kept to
 * the bit. Version 2 goes both ways and loses nothing silently. Both may be
 * used on one file and on one buffer. kernel/ABI.md explains them side by side.
 */
#ifndef _UAPI_LINUX_RPMSG_SDB_H
#define _UAPI_LINUX_RPMSG_SDB_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* ---- Version 1 ---- */

/**
 * struct rpmsg_sdb_ioctl_set_efd - say which eventfd a buffer signals
 * @bufferId: buffer number, counted from 0 in the order of the mmap calls of
 *	      this open file. It may be set before the buffer is mapped: the
 *	      eventfd then waits for it.
 * @eventfd: file descriptor of an eventfd. Each transfer that arrives for the
 *	     buffer adds 1 to it. A second call replaces the first.
 *
 * Errors: EINVAL @bufferId is negative or beyond the limit of buffers, or
 * @eventfd is not an eventfd; EBADF @eventfd is not open; ENODEV the channel
 * is gone.
 */
struct rpmsg_sdb_ioctl_set_efd {
	int bufferId;
	int eventfd;
};

/**
 * struct rpmsg_sdb_ioctl_get_data_size - take the length of the last transfer
 * @bufferId: in: buffer number
 * @size: out: length in bytes of the newest transfer that was not taken yet,
 *	  %RPMSG_SDB_NOTHING_NEW when there is none
 *
 * Errors: EINVAL no such buffer; ENODEV the channel is gone.
 */
struct rpmsg_sdb_ioctl_get_data_size {
	int bufferId;
	__u32 size;
};

#define RPMSG_SDB_NOTHING_NEW 0xffffffffU

/*
 * The size field of these two numbers is that of a pointer, not of the
 * structure: that is what existing binaries were built with.
 */
#define RPMSG_SDB_IOCTL_SET_EFD	      _IOW('R', 0x00, struct rpmsg_sdb_ioctl_set_efd *)
#define RPMSG_SDB_IOCTL_GET_DATA_SIZE _IOWR('R', 0x01, struct rpmsg_sdb_ioctl_get_data_size *)

/* ---- Version 2 ---- */

/**
 * struct rpmsg_sdb_transfer - one buffer changes hands; what read() returns and write() takes
 * @buffer: buffer number in this open file
 * @length: bytes of the buffer that are handed over, counted from its start.
 *	    In write(), 0 hands over the empty buffer, to be filled.
 * @missed: read(): transfers of this buffer that arrived after the last record
 *	    for it and before this one, and were overwritten. write(): 0
 * @sequence: read(): number of this transfer, counted from 0 for each buffer;
 *	      wraps. write(): 0
 * @timestamp: read(): CLOCK_MONOTONIC in nanoseconds when the coprocessor's
 *	       message arrived. write(): 0
 * @reserved: 0
 *
 * read() returns as many whole records as fit, oldest first, and waits for the
 * first one unless the file is O_NONBLOCK. write() hands over the buffers in
 * order and returns the bytes of the records it took. Neither ever blocks on
 * the coprocessor.
 *
 * Errors of both: EINVAL not room for, or not a multiple of, one record, or a
 * field that is out of range; EAGAIN with O_NONBLOCK; EINTR; ENODEV the
 * channel is gone. Of write(): EOPNOTSUPP the coprocessor did not say that it
 * takes buffers (%RPMSG_SDB_PEER_HANDOVER); EINVAL no such buffer; EIO the
 * buffer could not be announced.
 */
struct rpmsg_sdb_transfer {
	__u32 buffer;
	__u32 length;
	__u32 missed;
	__u32 sequence;
	__u64 timestamp;
	__u64 reserved;
};

/* What a coprocessor can say it understands: see kernel/PROTOCOL.md. */
#define RPMSG_SDB_PEER_HANDOVER	  0x1 /* takes buffers back, filled or empty */
#define RPMSG_SDB_PEER_WITHDRAWAL 0x2 /* confirms that it no longer uses a buffer */
#define RPMSG_SDB_PEER_BATCH	  0x4 /* several records in one message */

/**
 * struct rpmsg_sdb_query - what this device and its coprocessor can do
 * @version: out: 2
 * @capabilities: out: RPMSG_SDB_CAN_… of this driver
 * @peer: out: RPMSG_SDB_PEER_… that the coprocessor said so far
 * @max_buffers: out: buffers an open file may have
 * @max_bytes: out: bytes an open file may allocate
 * @address_limit: out: buffers end at or below this physical address
 * @buffers: out: buffers this open file has
 * @reserved: out: 0
 * @bytes: out: bytes this open file has allocated
 */
struct rpmsg_sdb_query {
	__u32 version;
	__u32 capabilities;
	__u32 peer;
	__u32 max_buffers;
	__u64 max_bytes;
	__u64 address_limit;
	__u32 buffers;
	__u32 reserved;
	__u64 bytes;
};

#define RPMSG_SDB_CAN_TRANSFER 0x1  /* read() and write() of records */
#define RPMSG_SDB_CAN_ALLOCATE 0x2  /* ALLOCATE, FREE, BUFFER */
#define RPMSG_SDB_CAN_CACHE    0x4  /* %RPMSG_SDB_CACHED, SYNC */
#define RPMSG_SDB_CAN_DMABUF   0x8  /* EXPORT, IMPORT */
#define RPMSG_SDB_CAN_RANGE    0x10 /* EXPORT_RANGE */

/*
 * How a buffer is allocated. Without %RPMSG_SDB_CACHED it is write-combined:
 * nothing to synchronise, and slow to read again and again.
 *
 * A cached buffer is synchronised by read(), write() and GET_DATA_SIZE, over the
 * bytes that are handed over. The directions say which way data goes, and spare
 * it the other half; neither means both. Once a buffer was exported, it is
 * synchronised both ways, because the directions are not about other drivers.
 * write() still keeps to them.
 */
#define RPMSG_SDB_CACHED	   0x1
#define RPMSG_SDB_FROM_COPROCESSOR 0x2 /* filled by the coprocessor, never by the CPU */
#define RPMSG_SDB_TO_COPROCESSOR   0x4 /* filled by the CPU, never by the coprocessor */

/*
 * In struct rpmsg_sdb_buffer only: mappings of the buffer are made of pages, so
 * O_DIRECT, vmsplice(), fixed buffers of io_uring and MSG_ZEROCOPY take them. Those
 * of cached buffers are, of any size, unless no such memory was left.
 */
#define RPMSG_SDB_PINNABLE 0x8

/**
 * struct rpmsg_sdb_allocation - get a buffer without mapping it
 * @size: in: bytes, 1 … 0xfffff000; out: rounded up to whole pages
 * @flags: in: RPMSG_SDB_CACHED and a direction, or 0
 * @buffer: out: its number in this open file
 * @offset: out: the offset at which mmap() maps it, always from its first byte
 *
 * Errors: EINVAL @size or @flags out of range; EDQUOT a limit is reached;
 * ENOMEM no contiguous memory that the coprocessor can reach; EOPNOTSUPP
 * %RPMSG_SDB_CACHED without %RPMSG_SDB_CAN_CACHE; ENODEV.
 */
struct rpmsg_sdb_allocation {
	__u64 size;
	__u32 flags;
	__u32 buffer;
	__u64 offset;
};

/* States of a buffer in struct rpmsg_sdb_buffer. */
#define RPMSG_SDB_BUFFER_QUEUED	   0 /* not announced yet: its ring is full, or broken */
#define RPMSG_SDB_BUFFER_ANNOUNCED 1 /* the coprocessor knows it */

/**
 * struct rpmsg_sdb_buffer - where a buffer is
 * @buffer: in: its number in this open file
 * @index: out: its number on the channel
 * @address: out: physical address
 * @size: out: bytes
 * @state: out: RPMSG_SDB_BUFFER_…
 * @flags: out: as allocated, and %RPMSG_SDB_PINNABLE
 * @offset: out: the offset at which mmap() maps it
 */
struct rpmsg_sdb_buffer {
	__u32 buffer;
	__u32 index;
	__u64 address;
	__u64 size;
	__u32 state;
	__u32 flags;
	__u64 offset;
};

/**
 * struct rpmsg_sdb_free - give a buffer up
 * @buffer: in: its number in this open file
 * @reserved: in: 0
 *
 * The number is free for the next allocation. Mappings stay valid until they
 * are unmapped. The memory goes back to Linux when the coprocessor cannot
 * write to it any more.
 */
struct rpmsg_sdb_free {
	__u32 buffer;
	__u32 reserved;
};

/**
 * struct rpmsg_sdb_sync - synchronise a range of a cached buffer by hand
 * @buffer: in: its number in this open file
 * @direction: in: RPMSG_SDB_SYNC_…
 * @offset: in: first byte
 * @length: in: bytes
 *
 * For what read() and write() do not cover: a look at a buffer before its
 * record, or at bytes beyond its length. Does nothing for a buffer that is not
 * cached. Errors: EINVAL no such buffer, or not a range of it.
 */
struct rpmsg_sdb_sync {
	__u32 buffer;
	__u32 direction;
	__u64 offset;
	__u64 length;
};

#define RPMSG_SDB_SYNC_FOR_CPU	       0 /* see what the coprocessor wrote */
#define RPMSG_SDB_SYNC_FOR_COPROCESSOR 1 /* have it see what the CPU wrote */

/**
 * struct rpmsg_sdb_dmabuf - a buffer as a dma-buf, or a dma-buf as a buffer
 * @buffer: EXPORT: in; IMPORT: out: its number in this open file
 * @flags: in: EXPORT: 0 or O_CLOEXEC; IMPORT: 0
 * @fd: EXPORT: out; IMPORT: in: descriptor of the dma-buf
 * @reserved: in: 0
 *
 * An exported dma-buf lives on when the file is closed; it can be written to if
 * the file was opened for it. An imported one is announced like any buffer; it
 * must be contiguous, whole pages, and where the coprocessor reaches it. It stays
 * in use until the buffer is freed and the coprocessor cannot write to it any
 * more.
 *
 * Errors: EBADF, EINVAL @fd is no dma-buf, or not one that can be used;
 * EOPNOTSUPP the buffer was imported, or lies in memory without struct
 * pages; EMFILE no descriptor is left for @fd; EDQUOT; ENOMEM; ENODEV.
 */
struct rpmsg_sdb_dmabuf {
	__u32 buffer;
	__u32 flags;
	__s32 fd;
	__u32 reserved;
};

/**
 * struct rpmsg_sdb_export - a part of a buffer as a dma-buf
 * @buffer: in: its number in this open file
 * @flags: in: 0 or O_CLOEXEC
 * @fd: out: descriptor of the dma-buf
 * @reserved: in: 0
 * @offset: in: first byte, a multiple of the page size
 * @length: in: bytes, a multiple of the page size and not 0
 *
 * Like EXPORT, of these bytes only. Who synchronises such a dma-buf for the CPU
 * synchronises no more than these bytes. Errors: also EINVAL not a range of the
 * buffer.
 */
struct rpmsg_sdb_export {
	__u32 buffer;
	__u32 flags;
	__s32 fd;
	__u32 reserved;
	__u64 offset;
	__u64 length;
};

#define RPMSG_SDB_IOCTL_QUERY	 _IOR('R', 0x60, struct rpmsg_sdb_query)
#define RPMSG_SDB_IOCTL_ALLOCATE _IOWR('R', 0x61, struct rpmsg_sdb_allocation)
#define RPMSG_SDB_IOCTL_FREE	 _IOW('R', 0x62, struct rpmsg_sdb_free)
#define RPMSG_SDB_IOCTL_BUFFER	 _IOWR('R', 0x63, struct rpmsg_sdb_buffer)

#define RPMSG_SDB_IOCTL_SYNC   _IOW('R', 0x64, struct rpmsg_sdb_sync)
#define RPMSG_SDB_IOCTL_EXPORT _IOWR('R', 0x65, struct rpmsg_sdb_dmabuf)
#define RPMSG_SDB_IOCTL_IMPORT _IOWR('R', 0x66, struct rpmsg_sdb_dmabuf)

#define RPMSG_SDB_IOCTL_EXPORT_RANGE _IOWR('R', 0x67, struct rpmsg_sdb_export)

#endif /* _UAPI_LINUX_RPMSG_SDB_H */
