// SPDX-License-Identifier: MIT
/* What any file can be asked: closed, copied, passed on, read and written from and to the mappings. */
#include "attacker.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void close_one(struct attacker *attacker)
{
	int fd = atomic_exchange(
		&attacker->attack->slots[random_below(&attacker->random, ATTACK_SLOTS)], -1);

	if (fd >= 0)
		attack_result(attacker, close(fd));
}

static void copy(struct attacker *attacker)
{
	keep_descriptor(attacker, (int)attack_result(attacker, dup(device_descriptor(attacker))),
			random_below(&attacker->random, 2));
}

static void make_eventfd(struct attacker *attacker)
{
	unsigned int full = random_below(&attacker->random, 4) ? 0 : 0xfffffffe;

	keep_descriptor(attacker, (int)attack_result(attacker, eventfd(full, EFD_NONBLOCK)), false);
}

static void read_any(struct attacker *attacker)
{
	/* never for long: whoever blocks is woken by a signal */
	attack_result(attacker, read(any_descriptor(attacker), attacker->page, 8));
}

static void control(struct attacker *attacker)
{
	int fd = device_descriptor(attacker);

	switch (random_below(&attacker->random, 7)) {
	case 0:
		attack_result(attacker, fcntl(fd, F_SETFL,
					      random_below(&attacker->random, 2) ? O_NONBLOCK : 0));
		break;
	case 1:
		attack_result(attacker, fcntl(fd, F_SETFL, O_NONBLOCK | O_DIRECT | O_ASYNC));
		break;
	case 2:
		attack_result(attacker, lseek(fd, (off_t)random_word(&attacker->random), SEEK_SET));
		break;
	case 3:
		attack_result(attacker, ftruncate(fd, 4096));
		break;
	case 4:
		attack_result(attacker, fsync(fd));
		break;
	case 5:
		attack_result(attacker, flock(fd, LOCK_SH | LOCK_NB));
		break;
	default:
		attack_result(attacker, fallocate(fd, 0, 0, 4096));
	}
}

/* Through a socket, and at times left in it when both ends are closed. */
static void pass(struct attacker *attacker)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int ends[2], fd = device_descriptor(attacker);

	if (attack_result(attacker, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends)) < 0)
		return;
	control.header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	};
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (attack_result(attacker, sendmsg(ends[0], &message, 0)) == 1 &&
	    random_below(&attacker->random, 2) &&
	    attack_result(attacker, recvmsg(ends[1], &message, 0)) == 1 && message.msg_controllen) {
		memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
		keep_descriptor(attacker, fd, true);
	}
	close(ends[0]);
	close(ends[1]);
}

/* A file from and to the mappings, past the cache where the file system can: they are no memory for that. */
static void file_and_mapping(struct attacker *attacker)
{
	int direct = random_below(&attacker->random, 2) ? O_DIRECT : 0;
	size_t length = 4096 * (1 + random_below(&attacker->random, 4));
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/attack-%u", attacker->number);
	fd = open(path, O_RDWR | O_CREAT | direct, 0600);
	if (fd < 0)
		fd = open(path, O_RDWR | O_CREAT, 0600);
	unlink(path);
	if (fd < 0)
		return;
	attack_result(attacker, pwrite(fd, arena_pages(attacker, length), length, 0));
	attack_result(attacker, pread(fd, arena_pages(attacker, length), length, 0));
	close(fd);
}

static void pipes(struct attacker *attacker)
{
	struct iovec piece = { arena_pages(attacker, 1 << 16),
			       4096 * (size_t)(1 + random_below(&attacker->random, 4)) };
	int ends[2];

	if (attack_result(attacker, pipe2(ends, O_NONBLOCK)) < 0)
		return;
	attack_result(attacker, vmsplice(ends[1], &piece, 1,
					 (unsigned int)random_below(&attacker->random, 16)));
	attack_result(attacker, splice(device_descriptor(attacker), NULL, ends[1], NULL, 64,
				       SPLICE_F_NONBLOCK));
	attack_result(attacker, splice(ends[0], NULL, device_descriptor(attacker), NULL, 64,
				       SPLICE_F_NONBLOCK));
	attack_result(attacker, sendfile(ends[1], device_descriptor(attacker), NULL, 64));
	close(ends[0]);
	close(ends[1]);
}

const struct attack_call descriptor_calls[] = {
	{ "close", 6, close_one },
	{ "dup", 4, copy },
	{ "eventfd", 4, make_eventfd },
	{ "read of any file", 3, read_any },
	{ "fcntl and the like", 3, control },
	{ "SCM_RIGHTS", 2, pass },
	{ "file from and to a mapping", 3, file_and_mapping },
	{ "splice", 2, pipes },
	{ 0 },
};
