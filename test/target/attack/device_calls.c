// SPDX-License-Identifier: MIT
/* The driver's own calls: open, ioctl, read, write, poll. */
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <rpmsg_sdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define BUFFERS 24

static uint32_t any_buffer(struct attacker *attacker)
{
	static const uint32_t edges[] = { 1023,	       1024,	    0x7fffffff,
					  0x80000000u, 0xfffffffeu, 0xffffffffu };

	return random_below(&attacker->random, 16) ? random_below(&attacker->random, BUFFERS) :
						     ATTACK_ONE_OF(attacker, edges);
}

static void open_device(struct attacker *attacker)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDWR, O_RDWR, O_RDONLY, O_WRONLY, 3 };
	static const int flags[] = { 0,	       0,	 O_NONBLOCK, O_NONBLOCK, O_CLOEXEC,
				     O_APPEND, O_DIRECT, O_SYNC,     O_TRUNC,	 O_PATH };
	int flag = ATTACK_ONE_OF(attacker, modes) | ATTACK_ONE_OF(attacker, flags);
	int fd;

	/* alone it rarely is */
	if (!random_below(&attacker->random, 64))
		flag |= O_EXCL;
	fd = (int)attack_result(attacker, open(attacker->attack->device, flag));
	if (fd < 0) {
		if (errno == ENODEV || errno == ENOENT || errno == ENXIO)
			attack_counted(attacker, ATTACK_GONE);
		return;
	}
	attack_counted(attacker, ATTACK_OPENED);
	/* the last one has to go at times, or the file's end would never be raced */
	if (flag & O_EXCL)
		close(fd);
	else
		keep_descriptor(attacker, fd, true);
}

/* The requests that there are, with arguments that often make sense. Fills the structure, returns the number. */
static unsigned long any_request(struct attacker *attacker, void *structure)
{
	struct random *random = &attacker->random;
	static const unsigned long requests[] = {
		RPMSG_SDB_IOCTL_SET_EFD,  RPMSG_SDB_IOCTL_GET_DATA_SIZE, RPMSG_SDB_IOCTL_QUERY,
		RPMSG_SDB_IOCTL_ALLOCATE, RPMSG_SDB_IOCTL_ALLOCATE,	 RPMSG_SDB_IOCTL_FREE,
		RPMSG_SDB_IOCTL_BUFFER,	  RPMSG_SDB_IOCTL_SYNC,		 RPMSG_SDB_IOCTL_EXPORT,
		RPMSG_SDB_IOCTL_IMPORT,
	};
	unsigned long request = ATTACK_ONE_OF(attacker, requests);
	uint32_t buffer = any_buffer(attacker);

	switch (request) {
	case RPMSG_SDB_IOCTL_SET_EFD:
		*(struct rpmsg_sdb_ioctl_set_efd *)structure =
			(struct rpmsg_sdb_ioctl_set_efd){ (int)buffer, any_descriptor(attacker) };
		break;
	case RPMSG_SDB_IOCTL_ALLOCATE:
		*(struct rpmsg_sdb_allocation *)structure = (struct rpmsg_sdb_allocation){
			.size = any_length(attacker),
			.flags = random_below(random, 8) ? random_below(random, 8) :
							   (uint32_t)random_word(random),
		};
		break;
	case RPMSG_SDB_IOCTL_SYNC:
		*(struct rpmsg_sdb_sync *)structure = (struct rpmsg_sdb_sync){
			.buffer = buffer,
			.direction = random_below(random, 3),
			.offset = random_below(random, 4) ? 0 : random_word(random),
			.length = any_length(attacker),
		};
		break;
	case RPMSG_SDB_IOCTL_EXPORT:
	case RPMSG_SDB_IOCTL_IMPORT:
		*(struct rpmsg_sdb_dmabuf *)structure = (struct rpmsg_sdb_dmabuf){
			.buffer = buffer,
			.flags = random_below(random, 8) ? 0 : (uint32_t)random_word(random),
			.fd = any_descriptor(attacker),
		};
		break;
	default:
		/* a number, and a reserved field that is 0 */
		memset(structure, 0, 64);
		*(uint32_t *)structure = buffer;
	}
	return request;
}

static long call(struct attacker *attacker, int fd, unsigned long request, void *argument)
{
	long result =
		attack_result(attacker, syscall(SYS_ioctl, fd, (unsigned int)request, argument));

	if (result >= 0)
		attack_counted(attacker, ATTACK_IOCTLS);
	else if (errno == ENODEV)
		attack_counted(attacker, ATTACK_GONE);
	return result;
}

/* Bytes of the structure: the numbers of version 1 say the size of a pointer. */
static size_t structure_size(unsigned long request)
{
	return _IOC_NR(request) < 2 ? sizeof(struct rpmsg_sdb_ioctl_set_efd) : _IOC_SIZE(request);
}

/* At either end of its page, or misaligned in it: not a byte beside the structure may change. */
static void ask_well(struct attacker *attacker)
{
	size_t page = (size_t)getpagesize(), size, offset;
	unsigned char structure[64] __attribute__((aligned(8)));
	unsigned long request;
	long result;

	memset(structure, 0, sizeof(structure));
	request = any_request(attacker, structure);
	size = structure_size(request);
	switch (random_below(&attacker->random, 3)) {
	case 0:
		offset = 0;
		break;
	case 1:
		offset = page - size;
		break;
	default:
		offset = random_below(&attacker->random, (unsigned int)(page - size));
	}
	memset(attacker->page, 0xa5, page);
	memcpy(attacker->page + offset, structure, size);
	result = call(attacker, device_descriptor(attacker), request, attacker->page + offset);
	for (size_t i = 0; i < page; i++)
		if (attacker->page[i] != 0xa5 && (i < offset || i >= offset + size))
			attack_wrong(attacker->attack,
				     "ioctl 0x%lx wrote %zd bytes beside its structure", request,
				     (ssize_t)(i - offset));
	if (result < 0 || request != RPMSG_SDB_IOCTL_EXPORT)
		return;
	memcpy(structure, attacker->page + offset, size);
	keep_descriptor(attacker, ((struct rpmsg_sdb_dmabuf *)structure)->fd, false);
}

/* Any number, any pointer. The export is not among them: its descriptor would be lost. */
static void ask_badly(struct attacker *attacker)
{
	struct random *random = &attacker->random;
	unsigned char structure[64] __attribute__((aligned(8)));
	unsigned long request;

	memset(structure, 0, sizeof(structure));
	switch (random_below(random, 3)) {
	case 0:
		request = any_request(attacker, structure);
		break;
	case 1:
		request = _IOC(random_below(random, 4), 'R', random_below(random, 0x70),
			       random_below(random, 64));
		break;
	default:
		/* among them FIONBIO, FIOASYNC and other requests of every file */
		request = random_below(random, 2) ? (uint32_t)random_word(random) :
						    0x5400 + random_below(random, 0x100);
	}
	if (request != RPMSG_SDB_IOCTL_EXPORT)
		call(attacker, device_descriptor(attacker), request, any_pointer(attacker));
}

static void count_records(struct attacker *attacker, long result, enum attack_count count)
{
	if (result >= (long)sizeof(struct rpmsg_sdb_transfer))
		attack_counted(attacker, count);
	if (result < 0 && errno == ENODEV)
		attack_counted(attacker, ATTACK_GONE);
}

static void read_records(struct attacker *attacker)
{
	static const size_t lengths[] = { 32, 32, 64, 320, 4096, 0, 1, 31, 33, 0x7fffffff };
	size_t length = ATTACK_ONE_OF(attacker, lengths);
	int fd = atomic_load(&attacker->attack->slots[0]);
	long result;

	/* into the page of our own, or anywhere; only the first place is sure to be the device when it is there */
	if (random_below(&attacker->random, 2) && length <= 4096) {
		result = attack_result(attacker, read(fd, attacker->page, length));
		count_records(attacker, result, ATTACK_RECORDS);
	} else {
		attack_result(attacker,
			      read(device_descriptor(attacker), any_pointer(attacker), length));
	}
}

static void hand_over(struct attacker *attacker)
{
	struct rpmsg_sdb_transfer *records = (struct rpmsg_sdb_transfer *)attacker->page;
	unsigned int count = 1 + random_below(&attacker->random, 8);

	memset(records, 0, 9 * sizeof(*records));
	for (unsigned int i = 0; i < count; i++) {
		records[i].buffer = any_buffer(attacker);
		records[i].length =
			random_below(&attacker->random, 2) ? 0 : (uint32_t)any_length(attacker);
		if (!random_below(&attacker->random, 32))
			records[i].reserved = 1;
	}
	count_records(attacker,
		      attack_result(attacker, write(atomic_load(&attacker->attack->slots[0]),
						    records, count * sizeof(*records))),
		      ATTACK_HANDED_OVER);
	attack_result(attacker, write(device_descriptor(attacker), any_pointer(attacker),
				      32 * random_below(&attacker->random, 8)));
}

static void read_and_write_pieces(struct attacker *attacker)
{
	struct iovec pieces[6];
	int count = (int)random_below(&attacker->random, 7);

	for (int i = 0; i < count; i++)
		pieces[i] = (struct iovec){ any_pointer(attacker),
					    random_below(&attacker->random, 70) };
	if (random_below(&attacker->random, 2))
		attack_result(attacker, readv(device_descriptor(attacker), pieces, count));
	else
		attack_result(attacker, writev(device_descriptor(attacker), pieces, count));
	attack_result(attacker, pread(device_descriptor(attacker), attacker->page, 64, 32));
}

static void poll_some(struct attacker *attacker)
{
	struct pollfd files[6];
	nfds_t count = 1 + random_below(&attacker->random, 6);

	for (nfds_t i = 0; i < count; i++)
		files[i] = (struct pollfd){
			.fd = i ? any_descriptor(attacker) : device_descriptor(attacker),
			.events = (short)random_word(&attacker->random),
		};
	attack_result(attacker, poll(files, count, (int)random_below(&attacker->random, 20)));
}

const struct attack_call device_calls[] = {
	{ "open", 6, open_device },
	{ "ioctl", 30, ask_well },
	{ "ioctl with garbage", 10, ask_badly },
	{ "read", 10, read_records },
	{ "write", 6, hand_over },
	{ "readv and writev", 3, read_and_write_pieces },
	{ "poll", 6, poll_some },
	{ 0 },
};
