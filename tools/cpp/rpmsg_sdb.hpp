// SPDX-License-Identifier: MIT
/*
 * Large DDR buffers shared with an RPMsg coprocessor: /dev/rpmsg_sdb from C++17. samples/capture.cpp shows
 * how it is used.
 *
 * It speaks version 2 of the interface, which kernel/ABI.md explains. What is not here, as dma-bufs,
 * is an ioctl of <linux/rpmsg_sdb.h> on device::fd(). Errors are std::system_error, with the errno
 * that ABI.md lists: std::errc::no_such_device when the coprocessor was stopped,
 * std::errc::interrupted when a signal came while a call waited.
 */
#ifndef RPMSG_SDB_HPP
#define RPMSG_SDB_HPP

#include <fcntl.h>
#include <linux/rpmsg_sdb.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace rpmsg_sdb {
static_assert(sizeof(off_t) == 8, "on 32 bits compile with -D_FILE_OFFSET_BITS=64");

using std::chrono::milliseconds;
/** As a time to wait: without end. */
inline constexpr milliseconds forever{ -1 };

/** One buffer changes hands: what read() returns and write() takes. */
using transfer = ::rpmsg_sdb_transfer;

/** The open file. Each buffer has a share in it, so it stays open as long as one of them lives. */
struct file {
	file(const char *path, int flags) : fd(::open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | flags)) {
		check(fd, path);
	}
	~file() { ::close(fd); }
	file(const file &) = delete;
	file &operator=(const file &) = delete;
	/** An ioctl; the structure comes back with what the driver answered. */
	template <typename Structure>
	Structure ask(const char *what, unsigned long number, Structure asked) const {
		check(::ioctl(fd, number, &asked), what);
		return asked;
	}
	/** Whether a call succeeded. False: it failed with the one errno that is no error here. */
	static bool check(long answer, const char *what, int harmless = 0) {
		if (answer < 0 && errno != harmless)
			throw std::system_error(errno, std::generic_category(), what);
		return answer >= 0;
	}
	const int fd;
};

/** Memory that both sides see. It moves only; when it goes, it is unmapped and given up. */
class buffer {
public:
	buffer(buffer &&) noexcept = default;
	buffer &operator=(buffer other) noexcept {
		std::swap(file_, other.file_);
		std::swap(number_, other.number_);
		std::swap(data_, other.data_);
		std::swap(size_, other.size_);
		return *this;
	}
	~buffer() {
		if (!file_)
			return; /* moved from */
		if (data_)
			::munmap(data_, size_);
		::rpmsg_sdb_free given = { number_, 0 };
		::ioctl(file_->fd, RPMSG_SDB_IOCTL_FREE, &given);
	}

	/** What transfers call it: counted from 0 in each device, the lowest that is free. */
	std::uint32_t number() const noexcept { return number_; }
	std::byte *data() const noexcept { return static_cast<std::byte *>(data_); }
	/** Bytes, whole pages. */
	std::size_t size() const noexcept { return size_; }

	/** Index on the channel, physical address, state and flags. */
	::rpmsg_sdb_buffer place() const {
		const ::rpmsg_sdb_buffer asked = { number_, 0, 0, 0, 0, 0, 0 };
		return file_->ask("BUFFER", RPMSG_SDB_IOCTL_BUFFER, asked);
	}
	/** Synchronises a range of a cached buffer, where next() and hand_over() do not. */
	void sync(std::uint32_t direction, std::uint64_t offset, std::uint64_t length) const {
		const ::rpmsg_sdb_sync asked = { number_, direction, offset, length };
		file_->ask("SYNC", RPMSG_SDB_IOCTL_SYNC, asked);
	}

private:
	friend class device;
	using shared_file = std::shared_ptr<const file>;
	buffer(shared_file file, std::uint32_t number, void *data)
		: file_(file), number_(number), data_(data) {}
	/* Delegates: when it cannot be mapped, the destructor gives it up. */
	buffer(shared_file file, std::uint32_t number) : buffer(file, number, nullptr) {
		const ::rpmsg_sdb_buffer here = place();
		const auto offset = static_cast<off_t>(here.offset);
		size_ = static_cast<std::size_t>(here.size);
		void *memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_->fd, offset);
		file::check(memory == MAP_FAILED ? -1 : 0, "mmap");
		data_ = memory;
	}
	shared_file file_;
	std::uint32_t number_;
	void *data_;
	std::size_t size_ = 0;
};

/** An open /dev/rpmsg_sdb; a copy of it is the same open file. */
class device {
public:
	/** O_EXCL among the flags asks to be alone. */
	explicit device(const char *path = "/dev/rpmsg_sdb", int flags = 0)
		: file_(std::make_shared<const file>(path, flags)) {}

	/** For a poll(), or an ioctl, of one's own. */
	int fd() const noexcept { return file_->fd; }
	/** What the device and its coprocessor can do. */
	::rpmsg_sdb_query query() const {
		return file_->ask("QUERY", RPMSG_SDB_IOCTL_QUERY, ::rpmsg_sdb_query{});
	}

	/** Announced to the coprocessor. flags: RPMSG_SDB_CACHED and a direction, or 0. */
	buffer allocate(std::uint64_t size, std::uint32_t flags = 0) const {
		const ::rpmsg_sdb_allocation asked = { size, flags, 0, 0 };
		return { file_, file_->ask("ALLOCATE", RPMSG_SDB_IOCTL_ALLOCATE, asked).buffer };
	}

	/** Waits for a transfer, oldest first. No value: none came in time, or another thread took it. */
	std::optional<transfer> next(milliseconds timeout = forever) const {
		transfer record;
		if (ready(POLLIN, timeout) &&
		    file::check(::read(fd(), &record, sizeof(record)), "read", EAGAIN))
			return record;
		return std::nullopt;
	}

	/** Whether the coprocessor takes buffers. It says so soon after the first allocation. */
	bool takes_buffers(milliseconds timeout = milliseconds(500)) const { return ready(POLLOUT, timeout); }
	/** Hands a buffer over, with that many bytes for the coprocessor; 0: to be filled. */
	void hand_over(const buffer &given, std::uint32_t length = 0) const {
		if (!give(given.number(), length))
			file::check(-1, "write");
	}
	/** Hands a buffer back, to be filled anew. False: this coprocessor does not take buffers. */
	bool hand_back(const transfer &read) const { return give(read.buffer, 0); }

	/** Transfers without end, as `for (const auto &transfer : device)`. */
	struct end_of_transfers {};
	struct iterator {
		const transfer &operator*() const noexcept { return *now; }
		iterator &operator++() {
			do
				now = from.next();
			while (!now);
			return *this;
		}
		bool operator!=(end_of_transfers) const noexcept { return true; }
		const device &from;
		std::optional<transfer> now;
	};
	iterator begin() const { return ++iterator{ *this, {} }; }
	end_of_transfers end() const noexcept { return {}; }

private:
	/** Waits for room. False, with EOPNOTSUPP: the coprocessor does not take buffers. */
	bool give(std::uint32_t number, std::uint32_t length) const {
		const transfer record = { number, length, 0, 0, 0, 0 };
		while (::write(fd(), &record, sizeof(record)) < 0) {
			if (errno == EOPNOTSUPP)
				return false;
			file::check(-1, "write", EAGAIN);
			ready(POLLOUT, forever);
		}
		return true;
	}
	/** What ends the channel ends the wait: the call that follows says which error it is. */
	bool ready(short event, milliseconds timeout) const {
		::pollfd waits = { fd(), event, 0 };
		const int events = ::poll(&waits, 1, static_cast<int>(timeout.count()));
		return file::check(events, "poll") && events > 0;
	}
	std::shared_ptr<const file> file_;
};
} // namespace rpmsg_sdb

#endif
