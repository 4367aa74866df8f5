// SPDX-License-Identifier: MIT
/* An application: allocates a buffer, waits until the coprocessor has filled it, prints length and first byte. */
#include <fcntl.h>
#include <linux/rpmsg_sdb.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	struct rpmsg_sdb_transfer record;
	const unsigned char *buffer;
	int sdb = open("/dev/rpmsg_sdb", O_RDWR);

	if (sdb < 0)
		return perror("/dev/rpmsg_sdb"), 1;
	buffer = mmap(NULL, 4096, PROT_READ, MAP_SHARED, sdb, 0);
	if (buffer == MAP_FAILED)
		return perror("mmap"), 1;
	puts("ready");
	fflush(stdout);
	if (read(sdb, &record, sizeof(record)) != sizeof(record))
		return perror("read"), 1;
	printf("buffer %u: %u bytes, first 0x%02x\n", record.buffer, record.length, buffer[0]);
	return 0;
}
