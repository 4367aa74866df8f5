// SPDX-License-Identifier: MIT
/* Files: open, close, read, write, dup, passing one through a socket. Descriptors are the process's own numbers. */
#include "verb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void answer_result(struct answer *answer, const char *key, int64_t result)
{
	if (result < 0)
		answer_errno(answer, errno);
	else
		answer_number(answer, key, result);
}

static void open_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	answer_result(answer, "fd",
		      open(arguments[0].text, (int)arguments[1].number,
			   count > 2 ? (mode_t)arguments[2].number : 0));
}

static void close_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	answer_result(answer, "result", close((int)arguments[0].number));
}

static void duplicate(struct answer *answer, const struct argument *arguments, size_t count)
{
	int fd = (int)arguments[0].number;

	answer_result(answer, "fd", count > 1 ? dup2(fd, (int)arguments[1].number) : dup(fd));
}

static void control(struct answer *answer, const struct argument *arguments, size_t count)
{
	answer_result(answer, "result",
		      fcntl((int)arguments[0].number, (int)arguments[1].number,
			    count > 2 ? (long)arguments[2].number : 0L));
}

static void read_bytes(struct answer *answer, const struct argument *arguments, size_t count)
{
	char bytes[ANSWER_BYTES_MAX];
	ssize_t length;

	(void)count;
	if (arguments[1].number < 0 || (size_t)arguments[1].number > sizeof(bytes)) {
		answer_error(answer, "at most %zu bytes at a time", sizeof(bytes));
		return;
	}
	length = read((int)arguments[0].number, bytes, (size_t)arguments[1].number);
	if (length < 0)
		answer_errno(answer, errno);
	else
		answer_bytes(answer, "data", bytes, (size_t)length);
}

static void write_bytes(struct answer *answer, const struct argument *arguments, size_t count)
{
	char bytes[ANSWER_BYTES_MAX];
	ssize_t length = count > 1 ? parse_bytes(arguments[1].text, bytes, sizeof(bytes)) : 0;

	if (length < 0) {
		answer_error(answer, "not an even number of hexadecimal digits, or too many");
		return;
	}
	answer_result(answer, "length", write((int)arguments[0].number, bytes, (size_t)length));
}

/* The text of a small file, such as a sysfs attribute. */
static void read_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	char text[2048];
	size_t length = 0;
	ssize_t got;
	int fd = open(arguments[0].text, O_RDONLY | O_CLOEXEC);

	(void)count;
	if (fd < 0) {
		answer_errno(answer, errno);
		return;
	}
	while ((got = read(fd, text + length, sizeof(text) - length)) > 0)
		length += (size_t)got;
	if (got < 0)
		answer_errno(answer, errno);
	else
		answer_string(answer, "text", text, length);
	close(fd);
}

static void write_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	ssize_t length = unescape(arguments[1].text);
	int fd;

	(void)count;
	if (length < 0) {
		answer_error(answer, "only \\xNN and \\\\ are escapes");
		return;
	}
	fd = open(arguments[0].text, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		answer_errno(answer, errno);
		return;
	}
	answer_result(answer, "length", write(fd, arguments[1].text, (size_t)length));
	close(fd);
}

static void read_link(struct answer *answer, const struct argument *arguments, size_t count)
{
	char text[1024];
	ssize_t length = readlink(arguments[0].text, text, sizeof(text));

	(void)count;
	if (length < 0)
		answer_errno(answer, errno);
	else
		answer_string(answer, "text", text, (size_t)length);
}

static void look_for(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	answer_number(answer, "exists", access(arguments[0].text, F_OK) == 0);
}

static void list_directory(struct answer *answer, const struct argument *arguments, size_t count)
{
	DIR *directory = opendir(arguments[0].text);
	struct dirent *entry;

	(void)count;
	if (!directory) {
		answer_errno(answer, errno);
		return;
	}
	while ((entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		answer_text(answer, "name", entry->d_name);
		answer_part(answer, "entry");
	}
	closedir(directory);
}

static void make_socketpair(struct answer *answer, const struct argument *arguments, size_t count)
{
	int ends[2];

	(void)arguments;
	(void)count;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
		answer_errno(answer, errno);
		return;
	}
	answer_number(answer, "left", ends[0]);
	answer_number(answer, "right", ends[1]);
}

union fd_control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void send_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	char byte = 'f';
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	union fd_control control = { 0 };
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	int fd = (int)arguments[1].number;

	(void)count;
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	answer_result(answer, "length", sendmsg((int)arguments[0].number, &message, 0));
}

static void receive_file(struct answer *answer, const struct argument *arguments, size_t count)
{
	char byte;
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	union fd_control control = { 0 };
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *header;
	int fd;

	(void)count;
	if (recvmsg((int)arguments[0].number, &message, 0) < 0) {
		answer_errno(answer, errno);
		return;
	}
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS) {
		answer_error(answer, "no file came with the message");
		return;
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	answer_number(answer, "fd", fd);
}

const struct verb file_verbs[] = {
	{ "open", "sn?n", "PATH FLAGS [MODE]", open_file },
	{ "close", "n", "FD", close_file },
	{ "dup", "n?n", "FD [NEW]", duplicate },
	{ "fcntl", "nn?n", "FD COMMAND [ARGUMENT]", control },
	{ "read", "nn", "FD LENGTH", read_bytes },
	{ "write", "n?s", "FD [HEX]", write_bytes },
	{ "read-file", "s", "PATH", read_file },
	{ "write-file", "st", "PATH TEXT (\\xNN escapes)", write_file },
	{ "read-link", "s", "PATH", read_link },
	{ "exists", "s", "PATH", look_for },
	{ "list", "s", "DIRECTORY", list_directory },
	{ "socketpair", "", "", make_socketpair },
	{ "send-file", "nn", "SOCKET FD", send_file },
	{ "receive-file", "n", "SOCKET", receive_file },
	{ 0 },
};
