// SPDX-License-Identifier: MIT
// capture FILE [TRANSFERS [SIZE]]: what the coprocessor fills, into a file.
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <vector>

#include "rpmsg_sdb.hpp"

static int capture(const char *name, unsigned long wanted, unsigned long size) {
	std::ofstream file;
	file.exceptions(std::ios::failbit | std::ios::badbit);
	file.open(name, std::ios::binary);

	rpmsg_sdb::device device;
	std::vector<rpmsg_sdb::buffer> buffers;
	for (int i = 0; i < 4; i++)
		buffers.push_back(device.allocate(size));
	if (device.takes_buffers())
		for (const auto &buffer : buffers)
			device.hand_over(buffer);
	else
		std::cerr
			<< "this coprocessor fills when it likes: what is not read in time is overwritten\n";

	unsigned long count = 0, bytes = 0, missed = 0;
	for (const auto &transfer : device) {
		const auto *data = reinterpret_cast<const char *>(buffers[transfer.buffer].data());
		file.write(data, static_cast<std::streamsize>(transfer.length));
		bytes += transfer.length;
		missed += transfer.missed;
		if (++count == wanted)
			break;
		device.hand_back(transfer);
	}
	file.close();
	std::cout << count << " transfers, " << bytes << " bytes, " << missed << " missed\n";
	return missed ? 1 : 0;
}

int main(int argc, char **argv) try {
	if (argc < 2 || argc > 4) {
		std::cerr << "usage: capture FILE [TRANSFERS [SIZE]]\n";
		return 2;
	}
	const unsigned long wanted = argc > 2 ? std::strtoul(argv[2], nullptr, 0) : 100;
	return capture(argv[1], wanted, argc > 3 ? std::strtoul(argv[3], nullptr, 0) : 1 << 20);
} catch (const std::exception &error) {
	std::cerr << "capture: " << error.what() << '\n';
	return 1;
}
