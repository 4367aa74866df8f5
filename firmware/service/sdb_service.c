// SPDX-License-Identifier: MIT
/* The coprocessor's side of rpmsg-sdb-channel. What it promises stands in the header. */
#include "sdb_service.h"

/*
 * States of a place of the table. It is free; its buffer may be used; or Linux wants the buffer
 * back, and the author's code has not let go of it yet.
 */
enum {
	SDB_STATE_FREE,
	SDB_STATE_REGISTERED,
	SDB_STATE_LEAVING,
};

/* Sending */

static bool send_payload(struct sdb_service *service, const char *payload, size_t length)
{
	const struct sdb_calls *calls = service->config->calls;

	if (!service->has_peer)
		return false;
	/* Linux reads the buffers as soon as it sees the message, on another core. */
	calls->barrier(service->config->context);
	return calls->send(service->config->context, payload, length);
}

static bool send_record(struct sdb_service *service, uint32_t index, uint32_t length)
{
	char text[SDB_TRANSFER_MAX];

	return send_payload(service, text, sdb_format_transfer(text, index, length));
}

static enum sdb_status check_transfer(const struct sdb_service *service,
				      const struct sdb_transfer *transfer)
{
	const struct sdb_buffer *buffer = sdb_service_buffer(service, transfer->index);

	if (!buffer)
		return SDB_UNKNOWN;
	if (transfer->length == 0 && service->features & SDB_FEATURE_WITHDRAW)
		return SDB_EMPTY;
	return transfer->length > buffer->length ? SDB_TOO_LONG : SDB_OK;
}

size_t sdb_service_transfer_many(struct sdb_service *service, const struct sdb_transfer *transfers,
				 size_t count, enum sdb_status *why)
{
	size_t limit = service->agreed & SDB_FEATURE_BATCH ? SDB_PAYLOAD_MAX : SDB_TRANSFER_MAX;
	enum sdb_status status = SDB_OK;
	char payload[SDB_PAYLOAD_MAX];
	size_t sent = 0;

	/* The answer to a withdrawal must not come after a fill of what was announced since. */
	if (!sdb_service_poll(service))
		status = SDB_FULL;
	while (sent < count && status == SDB_OK) {
		size_t at = sent, used = 0;

		do {
			status = check_transfer(service, &transfers[at]);
			if (status != SDB_OK)
				break;
			used += sdb_format_transfer(payload + used, transfers[at].index,
						    transfers[at].length);
			at++;
		} while (limit == SDB_PAYLOAD_MAX && at < count &&
			 used + SDB_TRANSFER_MAX <= limit);
		if (used == 0)
			break;
		if (!send_payload(service, payload, used)) {
			status = SDB_FULL;
			break;
		}
		sent = at;
	}
	if (why)
		*why = status;
	return sent;
}

enum sdb_status sdb_service_transfer(struct sdb_service *service, uint32_t index, uint32_t length)
{
	const struct sdb_transfer transfer = { index, length };
	enum sdb_status why;

	sdb_service_transfer_many(service, &transfer, 1, &why);
	return why;
}

bool sdb_service_poll(struct sdb_service *service)
{
	uint32_t index;

	/*
	 * Answers go first. A driver that was loaded anew then hears them before our features. So
	 * it does not take one for the answer to a withdrawal of its own.
	 */
	for (index = 0; service->answers_owed && index < service->config->buffer_count; index++) {
		struct sdb_buffer *buffer = &service->config->buffers[index];

		for (; buffer->answers; buffer->answers--) {
			if (!send_record(service, index, 0))
				return false;
			service->answers_owed--;
		}
	}
	if (service->features_owed) {
		if (!send_record(service, SDB_FEATURES_INDEX, service->features))
			return false;
		service->features_owed = false;
	}
	return true;
}

/* Receiving */

static struct sdb_buffer *place(const struct sdb_service *service, uint32_t index)
{
	return index < service->config->buffer_count ? &service->config->buffers[index] : NULL;
}

static void set_free(struct sdb_buffer *buffer)
{
	buffer->address = 0;
	buffer->length = 0;
	buffer->state = SDB_STATE_FREE;
}

/*
 * Linux waits for exactly one answer to each withdrawal. It may announce the buffer again, and
 * withdraw it again, before the first answer has found room in the ring.
 */
static void owe_answer(struct sdb_service *service, struct sdb_buffer *buffer)
{
	if (buffer->answers == UINT16_MAX) {
		service->counters.unacknowledged++;
		return;
	}
	buffer->answers++;
	service->answers_owed++;
}

static bool call_withdrawn(struct sdb_service *service, uint32_t index)
{
	const struct sdb_config *config = service->config;

	return !config->calls->withdrawn || config->calls->withdrawn(config->context, index);
}

/*
 * Linux gives the memory to somebody else after our answer: nothing may be written to it from here
 * on. A withdrawal of a buffer that we never accepted is answered as well: nothing is written to it
 * either, and Linux waits.
 */
static void withdraw(struct sdb_service *service, uint32_t index)
{
	struct sdb_buffer *buffer = place(service, index);

	if (index == SDB_FEATURES_INDEX) {
		/* No buffer has this number, and the answer would say that we have no features. */
		service->counters.refused++;
		return;
	}
	if (!buffer) {
		if (!send_record(service, index, 0))
			service->counters.unacknowledged++;
		return;
	}
	if (buffer->state == SDB_STATE_LEAVING)
		return;
	if (buffer->state == SDB_STATE_REGISTERED) {
		buffer->state = SDB_STATE_LEAVING;
		if (!call_withdrawn(service, index))
			return;
	}
	set_free(buffer);
	owe_answer(service, buffer);
}

void sdb_service_released(struct sdb_service *service, uint32_t index)
{
	struct sdb_buffer *buffer = place(service, index);

	if (!buffer || buffer->state != SDB_STATE_LEAVING)
		return;
	set_free(buffer);
	owe_answer(service, buffer);
	sdb_service_poll(service);
}

bool sdb_reachable(const struct sdb_config *config, uint32_t address, uint32_t length)
{
	uint32_t last = address + (length - 1);
	size_t i;

	if (length == 0 || last < address)
		return false;
	for (i = 0; i < config->window_count; i++) {
		const struct sdb_window *window = &config->windows[i];

		if (address >= window->first && last <= window->last)
			return true;
	}
	return false;
}

/* Before anything is written anywhere because Linux said so. */
static bool acceptable(const struct sdb_service *service, const struct sdb_record *record,
		       enum sdb_refusal *why)
{
	const struct sdb_config *config = service->config;

	if (!place(service, record->index)) {
		*why = SDB_REFUSED_INDEX;
		return false;
	}
	if (record->address & (config->alignment - 1)) {
		*why = SDB_REFUSED_ALIGNMENT;
		return false;
	}
	if (!sdb_reachable(config, record->address, record->length)) {
		*why = SDB_REFUSED_RANGE;
		return false;
	}
	return true;
}

static void announce(struct sdb_service *service, const struct sdb_record *record)
{
	const struct sdb_config *config = service->config;
	struct sdb_buffer *buffer = place(service, record->index);
	enum sdb_refusal why;

	if (!acceptable(service, record, &why)) {
		service->counters.refused++;
		/* Linux has moved this buffer. The old place is not ours any more. */
		if (buffer && buffer->state == SDB_STATE_REGISTERED) {
			buffer->state = SDB_STATE_LEAVING;
			call_withdrawn(service, record->index);
			set_free(buffer);
		}
		if (config->calls->refused)
			config->calls->refused(config->context, record->index, record->address,
					       record->length, why);
		return;
	}
	/* It was announced again before we had let go of it. So the withdrawal is over. */
	if (buffer->state == SDB_STATE_LEAVING)
		owe_answer(service, buffer);
	buffer->state = SDB_STATE_REGISTERED;
	buffer->address = record->address;
	buffer->length = record->length;
	/*
	 * A driver's first buffer is buffer 0. It may be a driver that was loaded after the
	 * one we told our features to, and got the same address: say them again.
	 */
	if (record->index == 0 && service->features)
		service->features_owed = true;
	if (config->calls->announced)
		config->calls->announced(config->context, record->index, buffer);
}

static void hand_over(struct sdb_service *service, const struct sdb_record *record)
{
	const struct sdb_config *config = service->config;
	const struct sdb_buffer *buffer = sdb_service_buffer(service, record->index);

	if (!buffer)
		service->counters.unknown++;
	else if (record->length > buffer->length)
		service->counters.too_long++;
	else if (config->calls->handed_over)
		config->calls->handed_over(config->context, record->index, record->length);
}

/* Linux only sends this as an answer to us. So we do not answer it: that would go on for ever. */
static void agree(struct sdb_service *service, uint32_t features)
{
	const struct sdb_config *config = service->config;
	uint32_t agreed = service->features & features;

	if (agreed == service->agreed)
		return;
	service->agreed = agreed;
	if (config->calls->agreed)
		config->calls->agreed(config->context, agreed);
}

static void follow(struct sdb_service *service, const struct sdb_record *record)
{
	if (record->kind == SDB_RECORD_ANNOUNCE) {
		if (record->length)
			announce(service, record);
		else
			withdraw(service, record->index);
	} else if (record->index == SDB_FEATURES_INDEX) {
		agree(service, record->length);
	} else {
		hand_over(service, record);
	}
}

void sdb_service_receive(struct sdb_service *service, const void *payload, size_t length)
{
	const char *text = payload;
	struct sdb_record record;

	service->has_peer = true;
	while (length && text[length - 1] == '\0')
		length--;
	do {
		size_t taken = sdb_parse_record(text, length, &record);

		if (!taken) {
			service->counters.malformed++;
			break;
		}
		follow(service, &record);
		text += taken;
		length -= taken;
	} while (length);
	sdb_service_poll(service);
}

/* State */

void sdb_service_forget(struct sdb_service *service)
{
	uint32_t index;

	for (index = 0; index < service->config->buffer_count; index++) {
		struct sdb_buffer *buffer = &service->config->buffers[index];

		set_free(buffer);
		buffer->answers = 0;
	}
	service->answers_owed = 0;
	service->has_peer = false;
	sdb_service_new_peer(service);
}

void sdb_service_new_peer(struct sdb_service *service)
{
	service->features_owed = service->features != 0;
	agree(service, 0);
}

bool sdb_service_init(struct sdb_service *service, const struct sdb_config *config)
{
	const struct sdb_counters none = { 0, 0, 0, 0, 0 };

	if (!config || !config->buffers || !config->calls || !config->calls->send ||
	    !config->calls->barrier || (config->window_count && !config->windows) ||
	    config->buffer_count == UINT32_MAX || config->alignment == 0 ||
	    (config->alignment & (config->alignment - 1)))
		return false;
	service->config = config;
	service->counters = none;
	service->features = config->features;
	service->agreed = 0;
	sdb_service_forget(service);
	return true;
}

const struct sdb_buffer *sdb_service_buffer(const struct sdb_service *service, uint32_t index)
{
	const struct sdb_buffer *buffer = place(service, index);

	return buffer && buffer->state == SDB_STATE_REGISTERED ? buffer : NULL;
}

void sdb_service_set_features(struct sdb_service *service, uint32_t features)
{
	service->features = features;
	service->features_owed = features != 0;
	/*
	 * Linux's answer decides. Until then only those features hold that were agreed before and
	 * are still wanted.
	 */
	agree(service, service->agreed);
	if (service->has_peer)
		sdb_service_poll(service);
}

uint32_t sdb_service_agreed(const struct sdb_service *service)
{
	return service->agreed;
}
