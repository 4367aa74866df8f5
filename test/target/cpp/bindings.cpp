// SPDX-License-Identifier: MIT
// bindings: what tools/cpp/rpmsg_sdb.hpp does on a board that is nobody else's, a line of JSON; then
// the error that ends its wait.
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>

#include "rpmsg_sdb.hpp"

static std::string refused(const std::function<void()> &call)
{
	try {
		call();
	} catch (const std::system_error &error) {
		if (error.code() == std::errc::device_or_resource_busy)
			return "busy";
		if (error.code() == std::errc::invalid_argument)
			return "invalid";
		if (error.code() == std::errc::operation_not_supported)
			return "not supported";
		if (error.code() == std::errc::no_such_device)
			return "gone";
		return error.what();
	}
	return "nothing";
}

static std::string alone()
{
	return refused([] { rpmsg_sdb::device("/dev/rpmsg_sdb", O_EXCL); });
}

int main()
{
	using namespace std::chrono_literals;
	using rpmsg_sdb::buffer;
	using rpmsg_sdb::device;

	const auto say = [](const auto &what) { std::cout << '"' << what << "\","; };
	std::optional<buffer> kept = device().allocate(4096);

	std::cout << '[';
	/* A buffer that outlives its device can be used, and keeps the file open. */
	std::memset(kept->data(), 1, kept->size());
	say(alone());
	kept.reset();
	say(alone());

	device sdb;
	buffer first = sdb.allocate(5000);
	say(first.number());
	say(first.size());
	say(first.place().address % 4096);
	say(first.place().size);
	{
		const buffer second =
			sdb.allocate(4096, RPMSG_SDB_CACHED | RPMSG_SDB_TO_COPROCESSOR);
		std::memset(second.data(), 2, second.size());
		second.sync(RPMSG_SDB_SYNC_FOR_COPROCESSOR, 0, 4096);
		say(refused([&] { second.sync(RPMSG_SDB_SYNC_FOR_COPROCESSOR, 0, 4097); }));
		say(second.number());
		say(sdb.query().buffers);
	}
	say(sdb.query().buffers);

	/* Whoever is assigned to gives up what it had. */
	buffer moved = std::move(first);
	buffer assigned = sdb.allocate(4096);
	say(sdb.query().buffers);
	assigned = std::move(moved);
	say(sdb.query().buffers);
	say(assigned.number());
	say(assigned.size());

	say(refused([&] { sdb.allocate(0); }));
	say(sdb.next(50ms).has_value());
	say(sdb.takes_buffers(50ms));
	say(sdb.hand_back({}));
	say(refused([&] { sdb.hand_over(assigned, 1); }));

	const buffer more[] = { sdb.allocate(4096), sdb.allocate(4096) };
	say(more[1].number());
	/* The test stops the coprocessor when it sees this. */
	std::ofstream("waiting");
	std::cout << '"' << refused([&] { sdb.next(); }) << "\"]\n";
}
