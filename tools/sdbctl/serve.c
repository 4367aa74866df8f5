// SPDX-License-Identifier: MIT
/*
 * What the coprocessor fills, to whoever connects. The network takes the pages themselves
 * (MSG_ZEROCOPY). So a buffer goes back to the coprocessor only when the socket says that it has
 * let them go.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "command.h"
#include "complaint.h"
#include "device.h"
#include "interrupt.h"
#include "progress.h"
#include "quantity.h"

struct serving {
	const struct options *options;
	struct device device;
	struct progress progress;
	int socket;
	/* of the next send(), as the kernel counts them */
	uint32_t next;
	/* by buffer: the sends that still have its pages, and one more while it is being sent */
	struct sent {
		uint32_t first;
		uint32_t count;
		uint32_t left;
		uint32_t bytes;
		bool copied;
	} * sent;
	unsigned int in_flight;
};

/* A socket of any address of this board, bound to the port. */
static int bound(uint16_t port)
{
	const struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	const int no = 0, yes = 1;
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* Small kernels are built without IPv6. With it IPv4 comes by the same socket. */
	const bool is_6 = fd >= 0 || errno != EAFNOSUPPORT;

	if (!is_6)
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (is_6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (!bind(fd, is_6 ? (const void *)&any6 : &any4, is_6 ? sizeof(any6) : sizeof(any4)))
		return fd;
	close(fd);
	return -1;
}

static int listen_on(const char *port)
{
	uint64_t number;
	int fd;

	if (!parse_quantity(port, &number) || !number || number > 65535) {
		complain("%s is no port: 1 to 65535", port);
		return -1;
	}
	fd = bound((uint16_t)number);
	if (fd < 0 || listen(fd, 1) < 0) {
		complain("port %s: %s", port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int wait_for_reader(int listener)
{
	const int yes = 1;
	int fd;

	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && errno == EINTR && !interrupted());
	if (fd < 0 && !interrupted())
		complain("waiting for a reader: %s", strerror(errno));
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &yes, sizeof(yes)) < 0) {
		complain("this kernel cannot send without a copy: %s", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

/* A buffer goes back to the coprocessor when nobody has its pages any more. */
static bool let_go(struct serving *serving, unsigned int buffer)
{
	const struct rpmsg_sdb_transfer empty = { .buffer = buffer };

	if (--serving->sent[buffer].left)
		return true;
	serving->in_flight--;
	return device_hand_over(&serving->device, &empty, 1) >= 0;
}

/* One send() is over. */
static bool finish_send(struct serving *serving, uint32_t id, bool copied)
{
	for (unsigned int i = 0; i < serving->device.count; i++) {
		struct sent *sent = &serving->sent[i];

		/* The numbers wrap. */
		if (!sent->left || id - sent->first >= sent->count)
			continue;
		if (copied && !sent->copied) {
			sent->copied = true;
			serving->progress.copied += sent->bytes;
		}
		return let_go(serving, i);
	}
	return true;
}

/* What the socket says of sends that are over. */
static bool finish_sends(struct serving *serving)
{
	char control[CMSG_SPACE(sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6))];

	for (;;) {
		struct msghdr message = { .msg_control = control,
					  .msg_controllen = sizeof(control) };
		const struct sock_extended_err *error;
		struct cmsghdr *part;

		if (recvmsg(serving->socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return true;
		part = CMSG_FIRSTHDR(&message);
		if (!part)
			continue;
		error = (const struct sock_extended_err *)CMSG_DATA(part);
		if (error->ee_origin != SO_EE_ORIGIN_ZEROCOPY)
			continue;
		for (uint32_t id = error->ee_info; id != error->ee_data + 1; id++)
			if (!finish_send(serving, id, error->ee_code & SO_EE_CODE_ZEROCOPY_COPIED))
				return false;
	}
}

/* 1; 0: the reader has gone; -1: failed. */
static int send_buffer(struct serving *serving, const struct rpmsg_sdb_transfer *record,
		       size_t length)
{
	const char *data = serving->device.buffers[record->buffer].memory;
	struct sent *sent = &serving->sent[record->buffer];

	*sent = (struct sent){ .first = serving->next, .left = 1, .bytes = (uint32_t)length };
	serving->in_flight++;
	while (length) {
		ssize_t taken = send(serving->socket, data, length, MSG_ZEROCOPY | MSG_NOSIGNAL);

		if (taken < 0 && errno == EINTR && !interrupted())
			continue;
		if (taken < 0 && errno == ENOBUFS) {
			/* Too many sends wait to be told of. */
			if (!finish_sends(serving))
				return -1;
			continue;
		}
		if (taken < 0 && (errno == EPIPE || errno == ECONNRESET || interrupted()))
			return 0;
		if (taken < 0) {
			complain("sending: %s", strerror(errno));
			return -1;
		}
		data += taken;
		length -= (size_t)taken;
		sent->count++;
		sent->left++;
		serving->next++;
	}
	return let_go(serving, record->buffer) ? 1 : -1;
}

static bool is_enough(const struct serving *serving)
{
	const struct options *options = serving->options;

	return (options->count && serving->progress.transfers >= options->count) ||
	       (options->bytes && serving->progress.bytes >= options->bytes);
}

static int send_records(struct serving *serving, const struct rpmsg_sdb_transfer *records,
			int count)
{
	const struct options *options = serving->options;
	struct progress *progress = &serving->progress;
	int done = 1;

	for (int i = 0; i < count && done > 0 && !is_enough(serving); i++) {
		uint64_t length = records[i].length;

		if (options->bytes && length > options->bytes - progress->bytes)
			length = options->bytes - progress->bytes;
		done = send_buffer(serving, &records[i], (size_t)length);
		if (done <= 0)
			break;
		progress->transfers++;
		progress->missed += records[i].missed;
		progress->bytes += length;
		progress_update(progress);
	}
	return done;
}

/* Sends until there is an end. Then it waits for what is still being sent. */
static enum outcome serve(struct serving *serving, struct rpmsg_sdb_transfer *records)
{
	struct pollfd ready[2] = { { .fd = serving->device.fd },
				   { .fd = serving->socket, .events = POLLRDHUP } };
	const struct options *options = serving->options;
	uint64_t news_ns = now_ns();
	int done = 1;

	while (!interrupted() && (!is_enough(serving) || serving->in_flight)) {
		const double quiet = (double)(now_ns() - news_ns) / 1e9;

		if (options->idle && quiet >= options->idle)
			break;
		ready[0].fd = is_enough(serving) ? -1 : serving->device.fd;
		ready[0].events = device_events(&serving->device);
		if (poll(ready, 2, 100) < 0)
			continue;
		if (ready[1].revents & POLLERR && !finish_sends(serving))
			return OUTCOME_FAILED;
		/* The reader has gone, or will read no more. */
		if (ready[1].revents & (POLLHUP | POLLRDHUP))
			break;
		if (ready[0].revents) {
			int count = device_read(&serving->device, records, serving->device.count,
						now_ns());

			/* From now on the socket has buffers that must not be handed over. */
			if (count > 0)
				serving->device.offering = false;
			done = count < 0 ? -1 : send_records(serving, records, count);
			if (done <= 0)
				break;
		}
		if (ready[0].revents || ready[1].revents)
			news_ns = now_ns();
	}
	if (done < 0)
		return OUTCOME_FAILED;
	return serving->progress.missed ? OUTCOME_INCOMPLETE : OUTCOME_OK;
}

static enum outcome serve_reader(struct serving *serving, int listener)
{
	struct rpmsg_sdb_transfer *records = calloc(serving->options->buffers, sizeof(*records));
	enum outcome outcome = OUTCOME_FAILED;

	serving->sent = calloc(serving->options->buffers, sizeof(*serving->sent));
	serving->socket = records && serving->sent ? wait_for_reader(listener) : -1;
	if (serving->socket >= 0) {
		progress_begin(&serving->progress, serving->options);
		device_offer(&serving->device);
		outcome = serve(serving, records);
		serving->progress.handover = serving->device.takes_buffers;
		progress_end(&serving->progress, serving->options, "serve", true);
		close(serving->socket);
	}
	free(serving->sent);
	free(records);
	return outcome;
}

enum outcome serve_command(const struct options *options)
{
	const uint32_t flags = RPMSG_SDB_CACHED | RPMSG_SDB_FROM_COPROCESSOR;
	struct serving serving = { .options = options };
	enum outcome outcome = OUTCOME_FAILED;
	int listener;

	if (!options->file) {
		complain("serve: which PORT?");
		return OUTCOME_USAGE;
	}
	listener = listen_on(options->file);
	if (listener < 0)
		return OUTCOME_FAILED;
	if (device_open(&serving.device, options->device)) {
		if (device_allocate(&serving.device, options->buffers, options->size, flags) &&
		    device_is_pinnable(&serving.device))
			outcome = serve_reader(&serving, listener);
		device_close(&serving.device);
	}
	close(listener);
	return outcome;
}
