/* SPDX-License-Identifier: MIT */
/*
 * sdb_service: the coprocessor's side of "rpmsg-sdb-channel", the RPMsg channel
 * on which Linux tells a coprocessor the addresses of large buffers, and both
 * say when a buffer holds something for the other.
 *
 * To be taken over into any firmware as it is: this folder, C99, no allocation, no
 * operating system, no library, no interrupt. Everything it works on is given
 * by the caller; it keeps pointers, and never touches a buffer's contents.
 *
 * The protocol, in short (kernel/PROTOCOL.md has all of it):
 *
 *	B<index>A<hex8>L<hex8>	Linux: buffer <index> lies at this address
 *	B<index>A<hex8>L00000000  Linux: buffer <index> is withdrawn
 *	B<index>L<hex8>		either way: this buffer holds that many bytes for you
 *	B4294967295L<hex8>	either way: I understand these SDB_FEATURE_* bits
 *
 * How to use it:
 *
 *	static struct sdb_buffer table[16];
 *	static const struct sdb_window ddr = { 0xc0000000, 0xdfffffff };
 *	static const struct sdb_calls calls = {
 *		.send = my_send, .barrier = my_barrier, .announced = my_announced,
 *	};
 *	static const struct sdb_config config = {
 *		.buffers = table, .buffer_count = 16, .windows = &ddr,
 *		.window_count = 1, .alignment = 4, .calls = &calls,
 *	};
 *	static struct sdb_service service;
 *
 *	sdb_service_init(&service, &config);
 *	announce an RPMsg endpoint named SDB_CHANNEL_NAME, and for each message:
 *		remember its source address as the one that my_send sends to;
 *		sdb_service_receive(&service, payload, length);
 *	in the main loop:
 *		sdb_service_poll(&service);
 *		fill buffer 0 at sdb_service_buffer(&service, 0)->address, then
 *		sdb_service_transfer(&service, 0, bytes);
 *
 * All functions of one service must be called from one context: the main loop,
 * or with a lock of the caller's held. Calls back into the author's code are made
 * from within them.
 *
 * Who owns a buffer. Between its announcement and its withdrawal the memory is
 * shared. A firmware that was given no SDB_FEATURE_HANDOVER fills when it likes, as
 * ST's example does, and Linux may see a buffer change while it reads it. With
 * it, a buffer belongs to the firmware from Linux's hand-over (handed_over) to the
 * firmware's transfer, and to Linux otherwise.
 */
#ifndef SDB_SERVICE_H
#define SDB_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Name to announce through RPMsg's name service; Linux binds its driver to it. */
#define SDB_CHANNEL_NAME "rpmsg-sdb-channel"

/* Largest RPMsg payload on a 512-byte RPMsg buffer, bytes. */
#define SDB_PAYLOAD_MAX 496

/* Longest transfer record: "B4294967295L01234567", bytes, no NUL. */
#define SDB_TRANSFER_MAX 20

/* Index that names no buffer: the record's length is a set of SDB_FEATURE_* bits. */
#define SDB_FEATURES_INDEX 4294967295u

/* Linux hands buffers over to the firmware: filled, or empty to be filled. */
#define SDB_FEATURE_HANDOVER (1u << 0)
/* Linux withdraws buffers, and waits for the firmware to acknowledge it. */
#define SDB_FEATURE_WITHDRAW (1u << 1)
/* Several records may stand in one payload. */
#define SDB_FEATURE_BATCH (1u << 2)

/**
 * enum sdb_status - what became of a call
 * @SDB_OK: done
 * @SDB_FULL: send() found no room; nothing was changed, try again later
 * @SDB_UNKNOWN: no such buffer is registered
 * @SDB_TOO_LONG: the length is beyond the buffer's
 * @SDB_EMPTY: a length of 0 was to be sent, and we said that we understand withdrawals: such a
 *	firmware sends 0 to confirm one, and for nothing else
 */
enum sdb_status {
	SDB_OK,
	SDB_FULL,
	SDB_UNKNOWN,
	SDB_TOO_LONG,
	SDB_EMPTY,
};

/**
 * enum sdb_refusal - why an announcement was not accepted
 * @SDB_REFUSED_INDEX: the table has no place of this index
 * @SDB_REFUSED_ALIGNMENT: the address is not a multiple of sdb_config.alignment
 * @SDB_REFUSED_RANGE: the buffer ends beyond the address space, or lies, wholly or in
 *	part, outside each of the windows
 */
enum sdb_refusal {
	SDB_REFUSED_INDEX,
	SDB_REFUSED_ALIGNMENT,
	SDB_REFUSED_RANGE,
};

/**
 * struct sdb_window - memory that may be written to because Linux says so
 * @first: address of its first byte
 * @last: address of its last byte, so that a window can reach the end of memory
 */
struct sdb_window {
	uint32_t first;
	uint32_t last;
};

/**
 * struct sdb_buffer - one place of the table; its index is its position in it
 * @address: of the first byte, as the coprocessor sees it
 * @length: bytes; 0 while the place is free
 * @state: the service's own
 * @answers: withdrawals Linux is still to be told the end of, the service's own
 *
 * To be read only, and only through sdb_service_buffer().
 */
struct sdb_buffer {
	uint32_t address;
	uint32_t length;
	uint16_t state;
	uint16_t answers;
};

/**
 * struct sdb_transfer - one buffer changes hands
 * @index: of the buffer
 * @length: bytes it holds, from its start; see SDB_EMPTY about 0
 */
struct sdb_transfer {
	uint32_t index;
	uint32_t length;
};

/**
 * struct sdb_counters - what was received and came to nothing, since init
 * @malformed: payloads whose text did not fit the grammar; the rest of the payload
 *	was dropped from there on
 * @refused: announcements that a check refused (enum sdb_refusal), and withdrawals of the
 *	index that names no buffer
 * @unknown: hand-overs of buffers that are not registered
 * @too_long: hand-overs of more bytes than the buffer has
 * @unacknowledged: withdrawals whose answer found no room, beyond the table or beyond count
 */
struct sdb_counters {
	uint32_t malformed;
	uint32_t refused;
	uint32_t unknown;
	uint32_t too_long;
	uint32_t unacknowledged;
};

/**
 * struct sdb_calls - the author's code; only send and barrier are required
 *
 * @send: send this payload to Linux, without waiting. False means there was no room
 *	in the ring, and nothing was sent. Called only after a first message has been
 *	received, so Linux's address is known.
 *
 * @barrier: make what the firmware has written to buffers visible to Linux before
 *	anything written later: DSB or DMB on ARM, and cache cleaning where the
 *	coprocessor has a data cache.
 *
 * @announced: buffer @index may be used from now on. When it was registered already,
 *	the earlier address is forgotten: nothing may be written there any more. Linux may
 *	announce a buffer again that it has just withdrawn; a withdrawn() that was answered
 *	with false is then over, too.
 *
 * @refused: Linux announced something that must not be written to. If the index was
 *	registered, withdrawn() came first.
 *
 * @withdrawn: buffer @index must not be touched again. True: it will not be; Linux is
 *	told at once, and may give the memory to anyone. False: something (a DMA
 *	transfer, say) still goes on; call sdb_service_released() when it has ended.
 *
 * @handed_over: Linux hands @index over with @length bytes for the firmware; 0: it is
 *	empty, to be filled. @length is at most the buffer's.
 *
 * @agreed: the set of SDB_FEATURE_* bits that both sides understand has changed.
 *
 * Each is given sdb_config.context. They may call sdb_service_transfer() and
 * sdb_service_buffer(), nothing else of the service.
 */
struct sdb_calls {
	bool (*send)(void *context, const void *payload, size_t length);
	void (*barrier)(void *context);
	void (*announced)(void *context, uint32_t index, const struct sdb_buffer *buffer);
	void (*refused)(void *context, uint32_t index, uint32_t address, uint32_t length,
			enum sdb_refusal why);
	bool (*withdrawn)(void *context, uint32_t index);
	void (*handed_over)(void *context, uint32_t index, uint32_t length);
	void (*agreed)(void *context, uint32_t features);
};

/**
 * struct sdb_config - what the author gives; must stay while the service is used
 * @buffers: table, @buffer_count places; need not be initialised
 * @buffer_count: indices 0 … @buffer_count - 1 can be registered
 * @windows: where buffers may lie. A buffer must lie in one of them as a whole.
 * @window_count: with 0 every announcement is refused
 * @alignment: of a buffer's address, a power of two, bytes
 * @features: SDB_FEATURE_* bits that the firmware has code for; 0: it is silent about
 *	features and speaks the protocol of ST's example
 * @calls: the author's code
 * @context: handed to each of @calls
 */
struct sdb_config {
	struct sdb_buffer *buffers;
	uint32_t buffer_count;
	const struct sdb_window *windows;
	size_t window_count;
	uint32_t alignment;
	uint32_t features;
	const struct sdb_calls *calls;
	void *context;
};

/**
 * struct sdb_service - one channel's state; its members are the service's own
 * @config: what the author gave
 * @counters: may be read
 * @features: bits that we say we understand
 * @agreed: bits that both sides understand
 * @answers_owed: sum of all answers in the table
 * @features_owed: our feature record is still to be sent
 * @has_peer: a message has come in, so there is somebody to send to
 */
struct sdb_service {
	const struct sdb_config *config;
	struct sdb_counters counters;
	uint32_t features;
	uint32_t agreed;
	uint32_t answers_owed;
	bool features_owed;
	bool has_peer;
};

/**
 * sdb_service_init() - empty table, nobody there
 * @service: to be initialised
 * @config: kept, not copied
 * Return: false if @config cannot work (no table, no send, alignment not a power of two)
 */
bool sdb_service_init(struct sdb_service *service, const struct sdb_config *config);

/**
 * sdb_service_new_peer() - what Linux knew of this firmware is forgotten
 * @service: a channel
 *
 * To be called before sdb_service_receive() when the source address of a message differs
 * from the one before: another driver sits at the other end. Buffers stay registered.
 */
void sdb_service_new_peer(struct sdb_service *service);

/**
 * sdb_service_forget() - empty the table, as init does; counters and features stay
 * @service: a channel
 *
 * For when Linux has gone (detached, channel destroyed). withdrawn() is not called.
 */
void sdb_service_forget(struct sdb_service *service);

/**
 * sdb_service_receive() - take in one payload from Linux
 * @service: a channel
 * @payload: need not be aligned, is not kept. It must not change during the call: copy it
 *	out of the shared RPMsg buffer first.
 * @length: bytes, any
 *
 * Its records are taken in order. At the first thing that does not fit the grammar the
 * rest is dropped and counted; a record that fits and cannot be followed (an unknown buffer,
 * memory outside the windows) is counted, and the next one is looked at.
 */
void sdb_service_receive(struct sdb_service *service, const void *payload, size_t length);

/**
 * sdb_service_poll() - send what is owed to Linux and found no room before
 * @service: a channel
 * Return: true if nothing is owed any more
 */
bool sdb_service_poll(struct sdb_service *service);

/**
 * sdb_service_buffer() - look a buffer up
 * @service: a channel
 * @index: any number
 * Return: the buffer, or NULL if none of this index is registered
 */
const struct sdb_buffer *sdb_service_buffer(const struct sdb_service *service, uint32_t index);

/**
 * sdb_service_transfer() - hand one buffer to Linux
 * @service: a channel
 * @index: of the buffer
 * @length: bytes for Linux, from the buffer's start; at most the buffer's length
 * Return: SDB_OK, or why nothing was sent
 *
 * Whatever was written to the buffer before is visible to Linux before the message is. What is
 * owed to Linux (sdb_service_poll()) goes first.
 */
enum sdb_status sdb_service_transfer(struct sdb_service *service, uint32_t index, uint32_t length);

/**
 * sdb_service_transfer_many() - hand several buffers to Linux, in order
 * @service: a channel
 * @transfers: @count of them
 * @count: any
 * @why: what stopped it, SDB_OK if nothing did; may be NULL
 * Return: how many were sent, from the start of @transfers
 *
 * As many records stand in one payload as fit, if SDB_FEATURE_BATCH was agreed; otherwise each
 * record is a message. What was formatted before a transfer that is in error is sent.
 */
size_t sdb_service_transfer_many(struct sdb_service *service, const struct sdb_transfer *transfers,
				 size_t count, enum sdb_status *why);

/**
 * sdb_service_released() - the end of a withdrawal that withdrawn() answered with false
 * @service: a channel
 * @index: nothing will touch this buffer's memory any more
 */
void sdb_service_released(struct sdb_service *service, uint32_t index);

/**
 * sdb_service_set_features() - change what we say we understand, and say it
 * @service: a channel
 * @features: SDB_FEATURE_* bits; 0 to be silent from now on
 */
void sdb_service_set_features(struct sdb_service *service, uint32_t features);

/**
 * sdb_service_agreed() - what both sides understand
 * @service: a channel
 * Return: SDB_FEATURE_* bits; 0 before Linux has answered
 */
uint32_t sdb_service_agreed(const struct sdb_service *service);

/**
 * sdb_reachable() - may a range be written to, as far as the windows go?
 * @config: its windows
 * @address: of the first byte
 * @length: bytes; 0 is never reachable
 * Return: true if the range does not wrap and one window holds all of it
 */
bool sdb_reachable(const struct sdb_config *config, uint32_t address, uint32_t length);

/* The protocol's text, for firmware that wants to handle it itself. */

/**
 * enum sdb_record_kind - which record it is
 * @SDB_RECORD_ANNOUNCE: has an address
 * @SDB_RECORD_TRANSFER: has none
 */
enum sdb_record_kind {
	SDB_RECORD_ANNOUNCE,
	SDB_RECORD_TRANSFER,
};

/**
 * struct sdb_record - one record of the protocol
 * @kind: announcement or transfer
 * @index: any 32-bit number
 * @address: of an announcement, else 0
 * @length: any 32-bit number
 */
struct sdb_record {
	enum sdb_record_kind kind;
	uint32_t index;
	uint32_t address;
	uint32_t length;
};

/**
 * sdb_parse_record() - read the record at the start of a text
 * @text: need not end with a NUL
 * @size: bytes that may be read
 * @record: filled in if there is one
 * Return: bytes the record takes, 0 if the text does not begin with one
 */
size_t sdb_parse_record(const char *text, size_t size, struct sdb_record *record);

/**
 * sdb_format_transfer() - write a transfer record, lower-case, without a NUL
 * @text: room for SDB_TRANSFER_MAX bytes
 * @index: any
 * @length: any
 * Return: bytes written
 */
size_t sdb_format_transfer(char *text, uint32_t index, uint32_t length);

#endif
