// SPDX-License-Identifier: MIT
/*
 * What to put into the main.c that STM32CubeMX generates for the Cortex-M4 with OpenAMP switched on. The comments name
 * the places. It goes round the buffers and waits for nothing, as ST's example does.
 */

/* USER CODE BEGIN Includes: openamp.h is CubeMX's */
#include "openamp.h"
#include "sdb_mpu.h"
#include "sdb_openamp.h"
/* USER CODE END Includes */

/* USER CODE BEGIN PV */
extern void sample(void *to, uint32_t bytes);

static struct sdb_openamp channel;
static struct sdb_buffer buffers[4];
/* All DDR that this core can address. */
static const struct sdb_window ddr = { 0xc0000000, 0xdfffffff };
static const struct sdb_calls calls = { .send = sdb_openamp_send, .barrier = sdb_openamp_barrier };
static const struct sdb_config config = {
	.buffers = buffers,
	.buffer_count = 4,
	.windows = &ddr,
	.window_count = 1,
	.alignment = 4,
	.calls = &calls,
	.context = &channel,
};
/* USER CODE END PV */

void start(void);
void turn(void);

/* USER CODE BEGIN 2: after MX_OPENAMP_Init(RPMSG_REMOTE, NULL), which CubeMX has put above */
void start(void)
{
	sdb_mpu_open_ddr();
	sdb_openamp_init(&channel, &config);
	OPENAMP_create_endpoint(&channel.endpoint, SDB_CHANNEL_NAME, RPMSG_ADDR_ANY,
				sdb_openamp_receive, NULL);
}
/* USER CODE END 2 */

/* USER CODE BEGIN 3: in the endless loop */
void turn(void)
{
	static uint32_t next;
	const struct sdb_buffer *buffer;

	/* calls sdb_openamp_receive() for each message that has come */
	OPENAMP_check_for_message();
	sdb_service_poll(&channel.service);

	buffer = sdb_service_buffer(&channel.service, next);
	if (buffer) {
		sample((void *)(uintptr_t)buffer->address, buffer->length);
		/* SDB_FULL: Linux does not keep up. This fill is left out, and nobody counts it. */
		sdb_service_transfer(&channel.service, next, buffer->length);
	}
	next = (next + 1) % config.buffer_count;
}
/* USER CODE END 3 */
