// SPDX-License-Identifier: MIT
#include "serve.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

/* Splits "ID COMMAND": the command, or NULL where there is no id. */
static char *split_id(char *line)
{
	char *space = strchr(line, ' ');

	if (!space)
		return NULL;
	*space = '\0';
	for (const char *c = line; *c; c++)
		if (!isdigit((unsigned char)*c))
			return NULL;
	return *line ? space + 1 : NULL;
}

void serve(int fd)
{
	/*
	 * Not stdin: after fork() the child must not see what its parent had read ahead.
	 * Closing it would close the descriptor under an exec'ed successor, so it is left to the end of the process.
	 */
	FILE *commands = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (!commands)
		return;
	while ((length = getline(&line, &room, commands)) > 0) {
		char *command;

		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (!length)
			continue;
		command = split_id(line);
		if (command)
			run_command(line, command);
		else
			printf("{\"ok\":false,\"error\":\"usage: ID VERB ARGS…\"}\n"),
				fflush(stdout);
	}
	free(line);
}
