// SPDX-License-Identifier: MIT
/*
 * The firmware's service (firmware/service/) with a Linux that says anything. The input is lines: those that
 * begin with '!' are what happens on the coprocessor, every other one is a payload from Linux.
 *
 *	!room N        messages that the ring takes from now on
 *	!busy          withdrawn() answers that something still goes on; a second one: not any more
 *	!released I    it has ended, for buffer I
 *	!transfer I L [I L]…
 *	!features N    !newpeer    !forget    !poll
 *
 * After each line a firmware writes every byte of every buffer that it has, in memory that is as large as the windows:
 * the address sanitizer sees a byte beyond. What Linux may rely on is kept count of beside it.
 */
#include "grammar.h"
#include "input.h"
#include "sdb_service.h"

#define PLACES	 8
#define ROOM_MAX 1000

struct window_memory {
	struct sdb_window window;
	unsigned char *bytes;
};

/* One ends where the address space does. */
static struct window_memory memory[] = {
	{ { 0x50000000, 0x50000fff }, NULL },
	{ { 0x60000000, 0x600000ff }, NULL },
	{ { 0xffffff00, 0xffffffff }, NULL },
};
#define WINDOWS (sizeof(memory) / sizeof(memory[0]))

/* What Linux knows of an index, from what it said and was told. */
struct linux_view {
	/* it is announced, and as it should be */
	bool announced;
	/* the author's code was asked to let go, and has not yet */
	bool leaving;
	unsigned int answers_due, answers;
};

static struct sdb_window windows[WINDOWS];
static struct sdb_service service;
static struct sdb_config config;
static struct linux_view views[PLACES];
static unsigned int room, answers_beyond, answers_beyond_due;
static bool busy, barrier_done;

static uint64_t bytes_of_window(const struct sdb_window *window)
{
	return (uint64_t)window->last - window->first + 1;
}

/* As the header has it, in numbers that cannot wrap. */
static bool is_fit(const struct grammar_record *record)
{
	uint64_t end = (uint64_t)record->address + record->length;

	if (record->index >= PLACES || record->address % config.alignment)
		return false;
	for (size_t i = 0; i < WINDOWS; i++)
		if (record->address >= windows[i].first &&
		    end <= windows[i].first + bytes_of_window(&windows[i]))
			return true;
	return false;
}

/* What a payload means to Linux, who wrote it. */
static void say(const char *text, size_t size)
{
	struct grammar_record record;
	size_t taken;

	while (size && !text[size - 1])
		size--;
	for (; (taken = grammar_record(text, size, &record)); text += taken, size -= taken) {
		struct linux_view *view = record.index < PLACES ? &views[record.index] : NULL;

		if (!record.announces)
			continue;
		if (!view) {
			answers_beyond_due += !record.length && record.index != SDB_FEATURES_INDEX;
		} else if (record.length) {
			/* a withdrawal that was open is over with it, and owed */
			if (view->leaving && is_fit(&record)) {
				view->leaving = false;
				view->answers_due++;
			}
			view->announced = is_fit(&record);
		} else {
			bool goes_on = view->announced && busy;

			/* asked twice: one answer */
			if (!view->leaving && !goes_on)
				view->answers_due++;
			view->leaving |= goes_on;
			view->announced = false;
		}
	}
}

/* A record that goes to Linux. */
static void expect_tellable(const struct grammar_record *record)
{
	const struct sdb_buffer *buffer;

	EXPECT(!record->announces);
	if (record->index == SDB_FEATURES_INDEX) {
		EXPECT(record->length == service.features);
		return;
	}
	buffer = sdb_service_buffer(&service, record->index);
	if (record->index >= PLACES) {
		EXPECT(!record->length && answers_beyond++ < answers_beyond_due);
	} else if (!record->length &&
		   views[record->index].answers < views[record->index].answers_due) {
		views[record->index].answers++;
	} else {
		EXPECT(record->length || !(service.features & SDB_FEATURE_WITHDRAW));
		EXPECT(buffer && record->length <= buffer->length);
	}
}

static bool on_send(void *context, const void *payload, size_t length)
{
	char *text = exact_copy(payload, length), *at = text;
	struct grammar_record record;
	unsigned int count = 0;
	size_t taken;

	(void)context;
	EXPECT(barrier_done);
	barrier_done = false;
	EXPECT(length && length <= SDB_PAYLOAD_MAX);
	if (room)
		for (; length && (taken = grammar_record(at, length, &record));
		     at += taken, length -= taken, count++)
			expect_tellable(&record);
	EXPECT(!room || !length);
	EXPECT(count <= 1 || service.agreed & SDB_FEATURE_BATCH);
	free(text);
	return room && room--;
}

static void on_barrier(void *context)
{
	(void)context;
	barrier_done = true;
}

static void on_announced(void *context, uint32_t index, const struct sdb_buffer *buffer)
{
	(void)context;
	EXPECT(index < PLACES && buffer == sdb_service_buffer(&service, index));
}

static bool on_withdrawn(void *context, uint32_t index)
{
	(void)context;
	EXPECT(index < PLACES && !sdb_service_buffer(&service, index));
	return !busy;
}

static void on_handed_over(void *context, uint32_t index, uint32_t length)
{
	const struct sdb_buffer *buffer = sdb_service_buffer(&service, index);

	(void)context;
	EXPECT(buffer && length <= buffer->length);
	/* what a firmware does with an empty one */
	if (!length)
		sdb_service_transfer(&service, index, buffer->length);
}

static const struct sdb_calls calls = {
	.send = on_send,
	.barrier = on_barrier,
	.announced = on_announced,
	.withdrawn = on_withdrawn,
	.handed_over = on_handed_over,
};

static void begin(void)
{
	for (size_t i = 0; i < WINDOWS; i++) {
		memory[i].bytes = malloc(bytes_of_window(&memory[i].window));
		windows[i] = memory[i].window;
	}
	memset(views, 0, sizeof(views));
	answers_beyond = answers_beyond_due = 0;
	room = ROOM_MAX;
	busy = barrier_done = false;
	config = (struct sdb_config){
		.buffers = malloc(PLACES * sizeof(struct sdb_buffer)),
		.buffer_count = PLACES,
		.windows = windows,
		.window_count = WINDOWS,
		.alignment = 4,
		.calls = &calls,
	};
	EXPECT(sdb_service_init(&service, &config));
}

static void end(void)
{
	for (size_t i = 0; i < WINDOWS; i++)
		free(memory[i].bytes);
	free(config.buffers);
}

/* All that a firmware may write to, written. */
static void write_buffers(void)
{
	for (uint32_t index = 0; index < PLACES + 2; index++) {
		const struct sdb_buffer *buffer = sdb_service_buffer(&service, index);
		size_t i = 0;

		EXPECT((buffer != NULL) == (index < PLACES && views[index].announced));
		if (!buffer)
			continue;
		while (i < WINDOWS &&
		       (buffer->address < windows[i].first || buffer->address > windows[i].last))
			i++;
		EXPECT(i < WINDOWS);
		memset(memory[i].bytes + (buffer->address - windows[i].first), 0x5a,
		       buffer->length);
	}
}

static void released(uint32_t index)
{
	if (index < PLACES && views[index].leaving) {
		views[index].leaving = false;
		views[index].answers_due++;
	}
	sdb_service_released(&service, index);
}

static void forget(void)
{
	sdb_service_forget(&service);
	memset(views, 0, sizeof(views));
	answers_beyond_due = answers_beyond;
}

static void transfer(const char *numbers)
{
	struct sdb_transfer transfers[64];
	size_t count = 0, sent;
	enum sdb_status why;
	int used;

	while (count < 64 && sscanf(numbers, "%u %u%n", &transfers[count].index,
				    &transfers[count].length, &used) == 2) {
		numbers += used;
		count++;
	}
	sent = sdb_service_transfer_many(&service, transfers, count, &why);
	EXPECT(sent <= count);
	/* with nothing to send it may still find that it owes something */
	if (count)
		EXPECT((sent == count) == (why == SDB_OK));
}

static void act(const char *line)
{
	unsigned int number = 0;

	if (sscanf(line, "!room %u", &number) == 1)
		room = number % ROOM_MAX;
	else if (sscanf(line, "!released %u", &number) == 1)
		released(number);
	else if (sscanf(line, "!features %u", &number) == 1)
		sdb_service_set_features(&service, number);
	else if (!strncmp(line, "!transfer ", 10))
		transfer(line + 10);
	else if (!strcmp(line, "!newpeer"))
		sdb_service_new_peer(&service);
	else if (!strcmp(line, "!forget"))
		forget();
	else if (!strcmp(line, "!busy"))
		busy = !busy;
	else
		sdb_service_poll(&service);
}

static void run_line(const char *line, size_t size)
{
	char *text;

	if (size && line[0] == '!') {
		text = malloc(size + 1);
		memcpy(text, line, size);
		text[size] = '\0';
		act(text);
	} else {
		text = exact_copy(line, size);
		say(text, size);
		sdb_service_receive(&service, text, size);
	}
	free(text);
	write_buffers();
}

/* Every withdrawal is answered once the author's code is through and the ring has room. */
static void expect_answered(void)
{
	if (!service.has_peer)
		return;
	room = UINT32_MAX;
	for (uint32_t index = 0; index < PLACES; index++)
		released(index);
	EXPECT(sdb_service_poll(&service));
	for (uint32_t index = 0; index < PLACES; index++)
		EXPECT(views[index].answers == views[index].answers_due);
	EXPECT(answers_beyond + service.counters.unacknowledged >= answers_beyond_due);
}

/* The service's own parser, on all of the input. */
static void expect_parsed(const char *text, size_t size)
{
	char *exact = exact_copy(text, size);
	struct grammar_record wanted;
	struct sdb_record record;
	size_t taken = sdb_parse_record(exact, size, &record);

	EXPECT(taken == grammar_record(exact, size, &wanted));
	if (taken) {
		EXPECT((record.kind == SDB_RECORD_ANNOUNCE) == wanted.announces);
		EXPECT(record.index == wanted.index && record.address == wanted.address);
		EXPECT(record.length == wanted.length);
	}
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data, *stop = line + size;

	expect_parsed(line, size);
	begin();
	while (line < stop) {
		const char *next = memchr(line, '\n', (size_t)(stop - line));

		if (!next)
			next = stop;
		run_line(line, (size_t)(next - line));
		line = next + 1;
	}
	expect_answered();
	end();
	return 0;
}
