/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The text that travels on rpmsg-sdb-channel. Pure functions without state,
 * also compiled for the host by the unit tests. kernel/PROTOCOL.md has the
 * grammar.
 */
#ifndef RPMSG_SDB_MESSAGE_H
#define RPMSG_SDB_MESSAGE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
typedef __u32 u32;
#endif

/* "B4294967295A" + 8 + "L" + 8: no record is longer. Nothing ends in NUL. */
#define SDB_MESSAGE_ANNOUNCE_MAX 29
#define SDB_MESSAGE_TRANSFER_MAX 20

/* A transfer of this index carries the set of things a peer understands. */
#define SDB_MESSAGE_FEATURES_INDEX 0xffffffffU

/**
 * struct sdb_record - one record of the protocol
 * @announces: an announcement (or, with length 0, a withdrawal), not a transfer
 * @index: of the buffer on the channel
 * @address: physical address of an announced buffer, 0 in a transfer
 * @length: bytes
 */
struct sdb_record {
	bool announces;
	u32 index;
	u32 address;
	u32 length;
};

/**
 * sdb_message_trim() - length of a payload without the NULs at its end
 * @payload: as received
 * @size: bytes in it
 *
 * Return: bytes, at most @size; 0 when there is nothing but NULs.
 */
size_t sdb_message_trim(const char *payload, size_t size);

/**
 * sdb_message_parse() - read the record at the start of a payload
 * @payload: trimmed payload, or what is left of it
 * @size: bytes in it
 * @record: out, valid when the result is not 0
 *
 * Return: bytes of the record, 0 when there is no whole record of the grammar.
 * The payload may change while it is read (the coprocessor shares it): what
 * comes back is then some record or none, never more than @size bytes are read.
 */
size_t sdb_message_parse(const char *payload, size_t size, struct sdb_record *record);

/**
 * sdb_message_announce() - write an announcement
 * @text: room for SDB_MESSAGE_ANNOUNCE_MAX bytes
 * @index: of the buffer on the channel
 * @address: physical address
 * @length: bytes
 *
 * Return: bytes written.
 */
size_t sdb_message_announce(char *text, u32 index, u32 address, u32 length);

/**
 * sdb_message_transfer() - write a transfer
 * @text: room for SDB_MESSAGE_TRANSFER_MAX bytes
 * @index: of the buffer on the channel
 * @length: bytes
 *
 * Return: bytes written.
 */
size_t sdb_message_transfer(char *text, u32 index, u32 length);

#endif /* RPMSG_SDB_MESSAGE_H */
