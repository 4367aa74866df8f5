// SPDX-License-Identifier: MIT
/* A target without libFuzzer: runs each file that is named, for hosts that have no clang. */
#include "input.h"

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t data[1 << 16];
	size_t size;

	if (!file) {
		perror(path);
		exit(2);
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	/* the last line before an abort tells which one it was */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d\n", argc - 1);
	return 0;
}
