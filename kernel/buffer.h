/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_BUFFER_H
#define RPMSG_SDB_BUFFER_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>

#include "memory.h"

struct eventfd_ctx;
struct sdb_inbox;
struct sdb_pool;

/**
 * struct sdb_buffer - memory, its index on the channel, and what happened to it
 * @refs: held by the session that owns the buffer, by each mapping, and by each
 *	  exported dma-buf. Who drops the last one retires the buffer, or frees
 *	  it if the coprocessor does not know it
 * @pool: with a reference
 * @memory: the memory
 * @index: number on the channel
 * @known: the coprocessor was told of the memory. It stays true when retired
 *	   memory serves again. Written under the channel's send_lock. Who drops
 *	   the last reference reads it, when nothing can send any more
 * @life: coprocessor->life of the channel it was last announced on. Locked as @known
 *
 * The channel's delivery_lock protects:
 * @inbox: of the owner. NULL once the owner let go, and while it is withdrawn
 * @eventfd: signalled for each transfer, with a reference; NULL if none was set
 * @id: number in the owner's session. Constant while there is an owner
 * @pending: in inbox->pending: a transfer arrived and was not taken yet
 * @length: bytes of the newest transfer
 * @missed: transfers that the newest one replaced
 * @sequence: of the next transfer
 * @timestamp: CLOCK_MONOTONIC of the newest transfer
 * @untold: a transfer is pending, and there was no eventfd to signal
 * @acks_due: withdrawals that the coprocessor did not confirm yet
 *
 * The channel's send_lock protects:
 * @send: in channel->send_queue
 * @must_announce: the announcement is to be sent
 * @must_hand_over: a transfer of @hand_over_length is to be sent after it
 * @hand_over_length: bytes; 0 for an empty buffer
 * @must_withdraw: the withdrawal is to be sent. Never together with the others
 * @announced: the announcement was sent, and no withdrawal after it
 * @withdrawn: in channel->withdrawn
 *
 * @retired: in pool->retired, under pool->lock
 */
struct sdb_buffer {
	struct kref refs;
	struct sdb_pool *pool;
	struct sdb_memory memory;
	u32 index;
	bool known;
	u32 life;

	struct sdb_inbox *inbox;
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
 * sdb_buffer_allocate() - get a zeroed buffer that the coprocessor can reach
 * @pool: of the coprocessor that will be told of it
 * @index: number on the channel
 * @size: bytes, whole pages
 * @flags: RPMSG_SDB_CACHED and direction
 *
 * Retired memory of this index, size and kind serves first. A coprocessor that
 * still writes to it then writes to the buffer that it means.
 *
 * Return: the buffer with one reference, or an error pointer: -EDQUOT the
 * module's limit of bytes is reached; -ENOMEM no memory within the limit of
 * addresses; -EOPNOTSUPP cached memory of a pool without struct pages. May sleep.
 */
struct sdb_buffer *sdb_buffer_allocate(struct sdb_pool *pool, u32 index, size_t size, u32 flags);

/**
 * sdb_buffer_import() - make a buffer of somebody else's memory
 * @pool: of the coprocessor that will be told of it
 * @index: number on the channel
 * @fd: of the dma-buf
 *
 * Return: the buffer with one reference, or an error pointer: -EDQUOT as above,
 * or what sdb_imported_attach() says. May sleep.
 */
struct sdb_buffer *sdb_buffer_import(struct sdb_pool *pool, u32 index, int fd);

/* Whether @buffer may serve another owner, once nobody has a reference. */
bool sdb_buffer_is_reusable(struct sdb_buffer *buffer);

/* Prepare a buffer that had an owner for another: it is zeroed, and nothing is pending. */
void sdb_buffer_renew(struct sdb_buffer *buffer);

void sdb_buffer_put(struct sdb_buffer *buffer);

/* Make the CPU see the coprocessor's data, or the coprocessor the CPU's. May sleep. */
void sdb_buffer_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size);
void sdb_buffer_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size);

/* Free the memory that was retired in lives of the coprocessor that are over. */
void sdb_buffers_release_ended(struct sdb_pool *pool);

#endif /* RPMSG_SDB_BUFFER_H */
