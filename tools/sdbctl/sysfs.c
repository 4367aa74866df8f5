// SPDX-License-Identifier: MIT
#include "sysfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool read_line(const char *path, char *line, size_t room)
{
	FILE *file = fopen(path, "re");
	bool read;

	if (!file)
		return false;
	read = fgets(line, (int)room, file);
	fclose(file);
	if (read)
		line[strcspn(line, "\n")] = '\0';
	return read;
}

bool sysfs_number(const char *directory, const char *name, uint64_t *number)
{
	char path[512], line[32], *end;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (!read_line(path, line, sizeof(line)))
		return false;
	errno = 0;
	*number = strtoull(line, &end, 0);
	return !errno && end != line && !*end;
}

static unsigned int count_files(int pid, dev_t device)
{
	char path[300];
	struct dirent *entry;
	unsigned int files = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = opendir(path);
	if (!directory)
		return 0;
	while ((entry = readdir(directory))) {
		struct stat status;

		snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid, entry->d_name);
		if (!stat(path, &status) && S_ISCHR(status.st_mode) && status.st_rdev == device)
			files++;
	}
	closedir(directory);
	return files;
}

size_t find_holders(const char *device, struct holder *holders, size_t room)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	struct stat status;
	size_t found = 0;

	if (!processes)
		return 0;
	while (!stat(device, &status) && (entry = readdir(processes))) {
		char path[300];
		unsigned int files;
		int pid;

		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		pid = atoi(entry->d_name);
		files = count_files(pid, status.st_rdev);
		if (!files)
			continue;
		if (found < room) {
			struct holder *holder = &holders[found];

			*holder = (struct holder){ .pid = pid, .files = files, .name = "?" };
			snprintf(path, sizeof(path), "/proc/%d/comm", pid);
			read_line(path, holder->name, sizeof(holder->name));
		}
		found++;
	}
	closedir(processes);
	return found;
}
