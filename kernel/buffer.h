/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_BUFFER_H
#define RPMSG_SDB_BUFFER_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>

struct dma_buf;
struct dma_buf_attachment;
struct eventfd_ctx;
struct sdb_coprocessor;
struct sdb_memory_ops;
struct sdb_session;
struct sg_table;
struct vm_area_struct;

/**
 * struct sdb_buffer - memory, its index on the channel, and what happened to it
 * @refs: held by the session that owns it and by each mapping. Who drops the
 *	  last one retires it, or frees it if the coprocessor does not know it
 * @coprocessor: with a reference
 * @ops: of its kind of memory
 * @flags: RPMSG_SDB_… it was allocated with
 * @cpu: kernel address; NULL for imported memory
 * @attachment: of imported memory, which holds the dma-buf
 * @table: of imported memory
 * @address: what the coprocessor calls it
 * @size: bytes, whole pages
 * @allocated: bytes asked of the DMA layer for it, at least @size
 * @index: number on the channel
 * @known: the coprocessor was told of this memory. Stays true when retired
 *	   memory serves again. Written under the channel's send_lock; who drops
 *	   the last reference reads it, when nothing can send any more
 * @life: coprocessor->life of the channel it was last announced on; as @known
 *
 * @session: the owner; NULL once it let go, and while it is withdrawn. Under the
 *	     channel's delivery_lock, like all of this part:
 * @eventfd: signalled for each transfer, with a reference; NULL if none was set
 * @id: number in @session, constant
 * @pending: in session->pending: a transfer arrived that was not taken
 * @length: bytes of the newest transfer not taken
 * @missed: transfers that it overwrote
 * @sequence: of the next transfer
 * @timestamp: CLOCK_MONOTONIC of the newest transfer
 * @untold: a transfer is pending that no eventfd was there for
 * @acks_due: withdrawals that the coprocessor did not confirm yet
 *
 * @send: in channel->send_queue, under the channel's send_lock, like:
 * @must_announce: the announcement is to be sent
 * @must_hand_over: a transfer of @hand_over_length is to be sent, after it
 * @hand_over_length: bytes, 0 for an empty buffer
 * @must_withdraw: the withdrawal is to be sent; alone
 * @announced: an announcement was sent, and no withdrawal after it
 * @withdrawn: in channel->withdrawn
 *
 * @retired: in coprocessor->retired, under coprocessor->lock
 */
struct sdb_buffer {
	struct kref refs;
	struct sdb_coprocessor *coprocessor;
	const struct sdb_memory_ops *ops;
	u32 flags;
	void *cpu;
	struct dma_buf_attachment *attachment;
	struct sg_table *table;
	dma_addr_t address;
	size_t size;
	size_t allocated;
	u32 index;
	u32 life;
	bool known;

	struct sdb_session *session;
	struct eventfd_ctx *eventfd;
	u32 id;
	struct list_head pending;
	u32 length;
	u32 missed;
	u32 sequence;
	u64 timestamp;
	bool untold;
	unsigned int acks_due;

	struct list_head send;
	bool must_announce;
	bool must_hand_over;
	u32 hand_over_length;
	bool must_withdraw;
	bool announced;
	struct list_head withdrawn;

	struct list_head retired;
};

/**
 * sdb_buffer_allocate() - a zeroed buffer that the coprocessor can reach
 * @coprocessor: that will be told of it
 * @index: number on the channel
 * @size: bytes, whole pages
 * @flags: RPMSG_SDB_CACHED and direction
 *
 * Retired memory of this index, size and kind serves first: a coprocessor that
 * still writes to it then writes to the buffer it means.
 *
 * Return: the buffer with one reference, or an error pointer: -EDQUOT the
 * module's limit of bytes is reached, -ENOMEM no memory within the limit of
 * addresses, -EOPNOTSUPP cached memory where there is a region for buffers. May
 * sleep.
 */
struct sdb_buffer *sdb_buffer_allocate(struct sdb_coprocessor *coprocessor, u32 index, size_t size,
				       u32 flags);

/**
 * sdb_buffer_import() - a buffer of somebody else's memory
 * @coprocessor: that will be told of it
 * @index: number on the channel
 * @fd: of the dma-buf
 *
 * Return: as above, and -EBADF or -EINVAL @fd is no dma-buf, -EINVAL its memory
 * is not contiguous whole pages that the coprocessor can reach.
 */
struct sdb_buffer *sdb_buffer_import(struct sdb_coprocessor *coprocessor, u32 index, int fd);

/* Make a buffer that had an owner fit for another: zeroed, and nothing pending. */
void sdb_buffer_renew(struct sdb_buffer *buffer);

/* Whether it may serve another owner, once nobody has a reference. */
bool sdb_buffer_is_reusable(struct sdb_buffer *buffer);

void sdb_buffer_put(struct sdb_buffer *buffer);

/* The CPU is to see the coprocessor's data, or the coprocessor the CPU's. May sleep. */
void sdb_buffer_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size);
void sdb_buffer_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size);

/**
 * sdb_buffer_map() - map a buffer (mapping.c)
 * @buffer: on success the mapping holds a reference
 * @vma: what is to be mapped; its vm_pgoff becomes @first
 * @first: page of the buffer that it begins with
 *
 * Return: 0; -EINVAL it is not all in the buffer; -EACCES for a writable private
 * mapping of a file that was opened for reading; or what the memory's kind said.
 */
int sdb_buffer_map(struct sdb_buffer *buffer, struct vm_area_struct *vma, unsigned long first);

/*
 * A new dma-buf, which holds a reference of the buffer, and whether it may be written to through
 * it; or -EOPNOTSUPP or -ENOMEM as a pointer.
 */
struct dma_buf *sdb_buffer_export(struct sdb_buffer *buffer, bool writable);

/* Free what was retired in lives of the coprocessor that are over. */
void sdb_buffers_release_ended(struct sdb_coprocessor *coprocessor);

#endif /* RPMSG_SDB_BUFFER_H */
