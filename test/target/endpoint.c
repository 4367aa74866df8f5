// SPDX-License-Identifier: MIT
/*
 * Finding or making the rpmsg_char endpoint, and one request over it.
 *
 * Endpoints are never destroyed by us, but used again: kernels up to 6.12 at least oops in RPMSG_DESTROY_EPT_IOCTL when
 * the coprocessor was stopped meanwhile, and no check can keep a stop from coming between. remoteproc takes them away
 * with the channel; until then there are as many as were ever in use at once.
 */
#include "coprocessor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rpmsg.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "answer.h"

#define TEST_ENDPOINT 0x401
#define ENDPOINT_NAME "sdb-test"
#define RETRY_US      5000

static pthread_mutex_t endpoint_lock = PTHREAD_MUTEX_INITIALIZER;
/* under endpoint_lock; -1: none */
static int endpoint = -1;

static bool read_name(const char *device, char *name, size_t room)
{
	char path[300];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/name", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, name, room - 1);
	close(fd);
	if (length <= 0)
		return false;
	name[length] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return true;
}

/* An endpoint of ours that nobody has open: the kernel opens each once (EBUSY). */
static int open_free(void)
{
	DIR *class = opendir("/sys/class/rpmsg");
	struct dirent *entry;
	int fd = -1;

	errno = ENOENT;
	if (!class)
		return -1;
	while (fd < 0 && (entry = readdir(class))) {
		char name[33], path[300];

		if (!strncmp(entry->d_name, "rpmsg_ctrl", 10) ||
		    !read_name(entry->d_name, name, sizeof(name)) || strcmp(name, ENDPOINT_NAME))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	}
	closedir(class);
	return fd;
}

static int open_control(void)
{
	DIR *class = opendir("/sys/class/rpmsg");
	struct dirent *entry;
	int fd = -1;

	errno = ENOENT;
	if (!class)
		return -1;
	while (fd < 0 && (entry = readdir(class))) {
		char path[300];

		if (strncmp(entry->d_name, "rpmsg_ctrl", 10))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	closedir(class);
	if (fd < 0)
		errno = ENOENT;
	return fd;
}

static bool make_endpoint(void)
{
	struct rpmsg_endpoint_info info = { .name = ENDPOINT_NAME,
					    .src = 0xffffffff,
					    .dst = TEST_ENDPOINT };
	int control = open_control();
	bool made;

	if (control < 0)
		return false;
	made = ioctl(control, RPMSG_CREATE_EPT_IOCTL, &info) == 0;
	close(control);
	return made;
}

static int open_endpoint(void)
{
	int fd = open_free();

	/* The kernel does not say which /dev/rpmsgN it made; its name does. Somebody else may take it: then again. */
	if (fd < 0 && make_endpoint())
		fd = open_free();
	return fd;
}

static void drop_endpoint(void)
{
	if (endpoint >= 0)
		close(endpoint);
	endpoint = -1;
}

/* Not answered: the endpoint of an earlier life of the coprocessor, or one that no longer takes messages. */
static bool send_request(const char *request, size_t length, int64_t until)
{
	for (;;) {
		if (endpoint < 0)
			endpoint = open_endpoint();
		if (endpoint >= 0) {
			if (write(endpoint, request, length) == (ssize_t)length)
				return true;
			/* a full ring: later; anything else: a new endpoint */
			if (errno != EAGAIN && errno != ENOMEM)
				drop_endpoint();
		}
		if (monotonic_us() >= until) {
			errno = endpoint < 0 ? ENODEV : EAGAIN;
			return false;
		}
		usleep(RETRY_US);
	}
}

static bool starts_with(const char *bytes, size_t length, const char *word)
{
	return length >= strlen(word) && !memcmp(bytes, word, strlen(word));
}

static enum coprocessor_outcome take_replies(int64_t until, coprocessor_reply reply, void *context)
{
	for (;;) {
		struct pollfd wait = { .fd = endpoint, .events = POLLIN };
		int64_t left = (until - monotonic_us()) / 1000;
		char bytes[COPROCESSOR_MESSAGE_MAX + 16];
		ssize_t length;

		if (left < 0 || poll(&wait, 1, (int)left + 1) == 0) {
			errno = ETIMEDOUT;
			break;
		}
		length = read(endpoint, bytes, sizeof(bytes));
		if (length < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (length <= 0) {
			errno = EPIPE;
			break;
		}
		reply(context, bytes, (size_t)length);
		if (starts_with(bytes, (size_t)length, "ok"))
			return COPROCESSOR_OK;
		if (starts_with(bytes, (size_t)length, "error"))
			return COPROCESSOR_REFUSED;
	}
	/* a late answer must not be taken for the next request's */
	int error = errno;

	drop_endpoint();
	errno = error;
	return COPROCESSOR_UNREACHABLE;
}

enum coprocessor_outcome coprocessor_request(const char *request, size_t length, int timeout_ms,
					     coprocessor_reply reply, void *context)
{
	int64_t until = monotonic_us() + (int64_t)timeout_ms * 1000;
	enum coprocessor_outcome outcome = COPROCESSOR_UNREACHABLE;

	pthread_mutex_lock(&endpoint_lock);
	if (length > COPROCESSOR_MESSAGE_MAX)
		errno = EMSGSIZE;
	else if (send_request(request, length, until))
		outcome = take_replies(until, reply, context);
	pthread_mutex_unlock(&endpoint_lock);
	return outcome;
}

void coprocessor_close(void)
{
	pthread_mutex_lock(&endpoint_lock);
	drop_endpoint();
	pthread_mutex_unlock(&endpoint_lock);
}

void coprocessor_forget(void)
{
	pthread_mutex_init(&endpoint_lock, NULL);
	if (endpoint >= 0)
		close(endpoint);
	endpoint = -1;
}
