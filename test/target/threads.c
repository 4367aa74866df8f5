// SPDX-License-Identifier: MIT
/* Calls that may block: each named thread takes commands in order and answers each when its call returns. */
#include "verb.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "threads.h"

struct job {
	struct job *next;
	char *id;
	char *command;
};

struct worker {
	struct worker *next;
	char *name;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	/* both under lock */
	struct job *first, **last;
};

/* Only the serving thread looks at this list. */
static struct worker *workers;

static struct job *take_job(struct worker *worker)
{
	struct job *job;

	pthread_mutex_lock(&worker->lock);
	while (!worker->first)
		pthread_cond_wait(&worker->more, &worker->lock);
	job = worker->first;
	worker->first = job->next;
	if (!worker->first)
		worker->last = &worker->first;
	pthread_mutex_unlock(&worker->lock);
	return job;
}

static void *work(void *data)
{
	struct worker *worker = data;

	for (;;) {
		struct job *job = take_job(worker);

		run_command(job->id, job->command);
		free(job->id);
		free(job->command);
		free(job);
	}
	return NULL;
}

static struct worker *find_worker(const char *name)
{
	struct worker *worker = workers;

	while (worker && strcmp(worker->name, name))
		worker = worker->next;
	return worker;
}

static struct worker *start_worker(const char *name)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	worker->name = strdup(name);
	worker->last = &worker->first;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->more, NULL);
	if (pthread_create(&worker->thread, NULL, work, worker)) {
		free(worker->name);
		free(worker);
		return NULL;
	}
	pthread_detach(worker->thread);
	worker->next = workers;
	workers = worker;
	return worker;
}

static void run_in_thread(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct worker *worker;
	struct job *job;

	(void)count;
	if (!answer->id) {
		answer_error(answer, "threads exist only in 'agent serve'");
		return;
	}
	worker = find_worker(arguments[0].text);
	if (!worker)
		worker = start_worker(arguments[0].text);
	if (!worker) {
		answer_errno(answer, EAGAIN);
		return;
	}
	job = calloc(1, sizeof(*job));
	job->id = strdup(answer->id);
	job->command = strdup(arguments[1].text);
	pthread_mutex_lock(&worker->lock);
	*worker->last = job;
	worker->last = &job->next;
	pthread_cond_signal(&worker->more);
	pthread_mutex_unlock(&worker->lock);
	/* the thread answers */
	answer->id = NULL;
}

static void interrupt(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct worker *worker = find_worker(arguments[0].text);
	int error = worker ? pthread_kill(worker->thread, (int)arguments[1].number) : ESRCH;

	(void)count;
	if (error)
		answer_errno(answer, error);
}

void threads_forget(void)
{
	/* after fork() they exist in the parent only; the memory is not worth the care of freeing it */
	workers = NULL;
}

const struct verb thread_verbs[] = {
	{ "thread", "st", "NAME COMMAND…", run_in_thread },
	{ "interrupt", "sn", "NAME SIGNAL", interrupt },
	{ 0 },
};
